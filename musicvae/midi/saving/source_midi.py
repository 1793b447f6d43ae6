"""What a file or a song says, as a MIDI file: the one place where notes become MIDI.

Conventions
-----------
A file of type 1. Its first track holds where it comes from, the title (as its name), the composer (as a
text, see `smf.texts`), tempi, meters, keys and markers, and lasts as long as all; where a text is not in
ASCII, it says that they are in Latin-1. Then comes one for each track of the source, empty or not, with its
name, its program, its notes and its lyrics, a syllable each; one that its word goes on after ends in "-".

Ticks are those of the source, so that no note is moved. Scores count very fine ones: where all that
happens falls on fewer, there are fewer to the beat, 480 if these do.

`channels` says who plays where. Where a pitch is struck again as it ends, it ends first.

Kept: everything in the `Source`, tempi to the microsecond per beat, but for letters that Latin-1 lacks and
keys of church modes, which become the major key of their signature. Grace notes get a length, so that
they are heard, and the file says which they are (`smf.grace_notes`). Of notes of one pitch and track that
overlap the first to begin is the first to end, as in every MIDI file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.reading.smf.grace_notes import SpreadNotes, say_grace_ticks, spread_graces
from musicvae.midi.reading.smf.midi_bytes import lay_events, make_chunk, make_header, make_meta
from musicvae.midi.reading.smf.midi_numbers import (
    KEY,
    LYRIC,
    MARKER,
    META,
    METER,
    NAME,
    NOTE_OFF,
    NOTE_ON,
    PROGRAM,
    TEMPO,
    TEXT,
)
from musicvae.midi.reading.smf.texts import SAYS_LATIN
from musicvae.midi.saving.channels import Placement, count_clashing, place_tracks
from musicvae.midi.saving.meta_values import is_sayable, meter_to_bytes, tempo_to_bytes, text_to_bytes
from musicvae.midi.songs.key import parse_signature
from musicvae.midi.songs.notices import Notice, count_notices
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import Source
from musicvae.provenance import Provenance, provenance_to_text, seal

_USUAL_TICKS = 480
_MOST_TICKS = 0x7FFF  # the header holds no more
_MIDI_MODES = ("major", "minor")  # all that a key of a MIDI file can be
# At one tick: what notes obey, notes that end, the syllable of those that begin, grace notes, these, and the
# ends of those that have no length.
_HEAD, _END, _SYLLABLE, _GRACE, _ONSET, _END_AT_ONCE = range(6)

_Placed = tuple[int, int, bytes]  # tick, place among those of the tick, the event without its delta


def source_to_midi(source: Source, provenance: Provenance | None = None, end: int = 0) -> bytes:
    """Return the MIDI file of a source; `parse_midi` makes the source of it again.

    Parameters
    ----------
    source : Source
    provenance : Provenance, optional
        How it came about.
    end : int
        The tick up to which the file lasts at least.

    Raises
    ------
    SongError
        If what happens falls on more ticks to the beat than a MIDI file can count.
    """
    divisor = _count_needless(source, end)
    source, end = source.divide_ticks(divisor), end // divisor
    if (ticks := source.ticks_per_beat) > _MOST_TICKS:
        raise SongError(f"MIDI counts {_MOST_TICKS:,} ticks to the beat, not {ticks:,}: take a coarser grid")
    notes, grace_ticks = _spread(source)
    placements = place_tracks(source)
    tracks = [list(_conductor(source, provenance, grace_ticks))]
    for track, (part, placement) in enumerate(zip(source.tracks, placements, strict=True)):
        own = _notes(notes[notes["track"] == track], placement.channel, grace_ticks)
        tracks.append([*_heading(part, placement), *_lyrics(source, track), *own])
    end = max([end, *(tick for track in tracks for tick, _, _ in track)])
    laid = [_lay(track, last) for track, last in zip(tracks, [end, *(0 for _ in placements)], strict=True)]
    chunks = [make_chunk(b"MTrk", track) for track in laid]
    return seal(b"".join([make_header(1, len(tracks), source.ticks_per_beat), *chunks]))


def count_unsayable(source: Source) -> tuple[Notice, ...]:
    """Return what the MIDI file of a source lacks."""
    poor = sum(not is_sayable(text) for text in _list_texts(source))
    signatures = (parse_signature(key) for _, key in source.keys)
    modes = sum(signature is not None and signature.mode not in _MIDI_MODES for signature in signatures)
    placed = _spread(source).notes
    return count_notices(
        {
            "texts with letters that MIDI files lack": poor,
            "keys of church modes, written as major": modes,
            "grace notes left out, since their key is down": len(source.notes) - len(placed),
            "parts that share a channel with another instrument": count_clashing(source),
        }
    )


def _spread(source: Source) -> SpreadNotes:
    """Return the notes of a source, those of no length spread as grace notes are; but drums have none."""
    is_drums = np.array([track.is_drums for track in source.tracks], bool)[source.notes["track"]]
    pitched = spread_graces(source.notes[~is_drums], source.ticks_per_beat)
    return pitched._replace(notes=np.concatenate([pitched.notes, source.notes[is_drums]]))


def _list_texts(source: Source) -> list[str]:
    said = (part.name for part in source.tracks), (text for _, text in source.markers)
    return [source.title, source.composer, *chain(*said), *(lyric.text for lyric in source.lyrics)]


def _count_needless(source: Source, end: int) -> int:
    """Return by how much the ticks to the beat can be divided and nothing moves."""
    ticks_per_beat = source.ticks_per_beat
    if ticks_per_beat % _USUAL_TICKS == 0:
        least = _USUAL_TICKS
    else:
        least = 1 if ticks_per_beat > _MOST_TICKS else ticks_per_beat
    if ticks_per_beat == least:
        return 1
    timed = (source.meters, source.tempi, source.markers, source.keys, source.lyrics)
    ticks = [end, *(event[0] for events in timed for event in events)]
    every = np.concatenate([source.notes["start"], source.notes["end"], np.array(ticks, np.int64)])
    return math.gcd(ticks_per_beat // least, int(np.gcd.reduce(every)))


def _lay(track: list[_Placed], end: int) -> bytes:
    """Return the bytes of a track that lasts up to a tick at least."""
    track.sort(key=lambda event: event[:2])
    return lay_events(_run_on(track), max(end, track[-1][0] if track else 0))


def _run_on(track: Iterable[_Placed]) -> Iterator[tuple[int, bytes]]:
    """Yield events without the status bytes that the events before them have too (running status)."""
    before = META
    for tick, _, event in track:
        status = event[0]
        yield tick, event if status == META or status != before else event[1:]
        before = status


def _conductor(source: Source, provenance: Provenance | None, grace_ticks: int) -> Iterator[_Placed]:
    """Yield what concerns all tracks."""
    if provenance:
        yield _meta(0, TEXT, provenance_to_text(provenance).encode("ascii"))
    if not all(text_to_bytes(text).isascii() for text in _list_texts(source)):
        yield _meta(0, TEXT, SAYS_LATIN)
    if grace_ticks:
        yield _meta(0, TEXT, say_grace_ticks(grace_ticks, source.ticks_per_beat))
    if source.title:
        yield _meta(0, NAME, text_to_bytes(source.title))
    if source.composer:
        yield _meta(0, TEXT, text_to_bytes(f"Composer: {source.composer}"))
    for tick, bpm in source.tempi:
        yield _meta(tick, TEMPO, tempo_to_bytes(bpm))
    for tick, meter in source.meters:
        yield _meta(tick, METER, meter_to_bytes(meter))
    for tick, key in source.keys:
        if signature := parse_signature(key):
            yield _meta(tick, KEY, bytes((signature.fifths % 256, signature.mode == "minor")))
    for tick, text in source.markers:
        yield _meta(tick, MARKER, text_to_bytes(text))


def _heading(part: Part, placement: Placement) -> Iterator[_Placed]:
    yield _meta(0, NAME, text_to_bytes(part.name))
    yield placement.since, _HEAD, bytes((PROGRAM | placement.channel, part.program))


def _lyrics(source: Source, track: int) -> Iterator[_Placed]:
    for tick, text, singer in source.lyrics:
        if singer == track:
            yield _meta(tick, LYRIC, text_to_bytes(text), _SYLLABLE)


def _notes(notes: np.ndarray, channel: int, grace_ticks: int) -> Iterator[_Placed]:
    """Yield what begins and ends the notes of a track: at one tick ends come first, and low pitches."""
    is_grace = notes["end"] - notes["start"] == grace_ticks
    tick = np.concatenate([notes["start"], notes["end"]])
    ends = np.where(notes["end"] > notes["start"], _END, _END_AT_ONCE)
    place = np.concatenate([np.where(is_grace, _GRACE, _ONSET), ends])
    pitch = np.concatenate([notes["pitch"], notes["pitch"]])
    velocity = np.concatenate([np.clip(notes["velocity"], 1, 127), np.zeros_like(notes["velocity"])])
    order = np.lexsort((pitch, place, tick))
    on, off = NOTE_ON | channel, NOTE_OFF | channel
    columns = np.stack([tick, place, pitch, velocity], axis=1)[order]
    for when, at, key, loudness in columns.tolist():
        yield when, at, bytes((on if loudness else off, key, loudness))


def _meta(tick: int, kind: int, payload: bytes, place: int = _HEAD) -> _Placed:
    return tick, place, make_meta(0, kind, payload)[1:]  # it has no delta yet
