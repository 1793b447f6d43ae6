"""The bytes of a MusicXML file -> what its score says.

Conventions
-----------
Measure i of all parts starts at one place, and the longest part says where it ends. A part is one track,
however many staves and voices it has; if it has pitched notes and unpitched ones, those that are fewer
become a track of their own behind it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

from musicvae.midi.reading.scores.musicxml.document.mxl_archive import unpack_musicxml
from musicvae.midi.reading.scores.musicxml.document.part_list import ListedPart, read_part_list
from musicvae.midi.reading.scores.musicxml.document.score_columns import ScoreColumns, lay_columns
from musicvae.midi.reading.scores.musicxml.document.titles import read_composer, read_title
from musicvae.midi.reading.scores.musicxml.document.xml_bytes import parse_xml
from musicvae.midi.reading.scores.musicxml.measure_lengths import MeasureLengths
from musicvae.midi.reading.scores.musicxml.note_pitch import DrumKit
from musicvae.midi.reading.scores.musicxml.part_attributes import PartAttributes
from musicvae.midi.reading.scores.musicxml.part_tracks import part_tracks
from musicvae.midi.reading.scores.musicxml.part_walk import PartWalker
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock, read_clock
from musicvae.midi.reading.scores.score_walk import ScoreWalk
from musicvae.midi.songs.key import name_signature
from musicvae.midi.songs.notices import count_notices
from musicvae.midi.songs.source import KeyChange, TempoChange


def walk_musicxml(data: bytes) -> ScoreWalk:
    """Return what the score in a MusicXML file says.

    Parameters
    ----------
    data : bytes
        Plain or compressed.

    Raises
    ------
    SongError
        If it cannot be read as MusicXML.
    """
    root = parse_xml(unpack_musicxml(data))
    score = lay_columns(root)
    clock, noticed = read_clock(root), Counter[str]()
    walkers = _make_walkers(root, score, clock, noticed)
    lengths = MeasureLengths(walkers, clock, noticed)
    for column in score.columns:
        lengths.walk(column)
    return ScoreWalk(
        parts=[track for walker in walkers for track in part_tracks(walker, clock)],
        measures=lengths.to_measures(),
        tempi=_gather_tempi(walkers, clock),
        keys=_gather_keys(walkers, clock),
        title=read_title(root),
        composer=read_composer(root),
        notices=[*count_notices(noticed)],
    )


def _make_walkers(
    root: ET.Element, score: ScoreColumns, clock: ScoreClock, noticed: Counter[str]
) -> list[PartWalker]:
    listed = read_part_list(root)
    in_concert_pitch = root.find("defaults/concert-score") is not None
    walkers = []
    for index, name in enumerate(score.ids):
        part = listed.get(name, ListedPart())
        measures = (measure for column in score.columns if (measure := column[index]) is not None)
        attributes = PartAttributes(clock, in_concert_pitch)
        walkers.append(PartWalker(part, attributes, DrumKit(part, measures), noticed))
    return walkers


def _gather_tempi(walkers: list[PartWalker], clock: ScoreClock) -> list[TempoChange]:
    """Return the tempi of all parts, at each place the first sound, or else the first metronome mark."""
    written = sorted((tempo for walker in walkers for tempo in walker.tempi), key=lambda tempo: tempo[:2])
    first = {clock.to_ticks(tempo.start): tempo.bpm for tempo in reversed(written)}
    return [TempoChange(tick, first[tick]) for tick in sorted(first)]


def _gather_keys(walkers: list[PartWalker], clock: ScoreClock) -> list[KeyChange]:
    """Return the keys of the first part that is written as it sounds, or else of the first that has any."""
    pitched = [walker for walker in walkers if walker.keys and not all(note.is_drum for note in walker.notes)]
    as_it_sounds = [walker for walker in pitched if not walker.attributes.transposes]
    for walker in [*as_it_sounds, *pitched][:1]:
        return [KeyChange(clock.to_ticks(start), name_signature(*key)) for start, key in walker.keys]
    return []
