"""The bytes of a MIDI file as a Source.

Conventions
-----------
- The bytes are checked and mended by `musicvae.midi.reading.smf.guard`; `symusic` parses what comes out.
- Of notes of one pitch that overlap the first to begin is the first to end (first in, first out).
- Notes that begin and end at once are kept; notes that never end last a beat. What a file of ours says are
  grace notes begin and end at once again (see `grace_notes`).
- Tempi are told to a hundredth: 110 a minute is 545,454 microseconds a beat in a file.
- An instrument of a track is what plays on one channel with one program.
"""

from __future__ import annotations

import numpy as np
from symusic.core import ScoreTick, TrackTick

from musicvae.errors import SongError
from musicvae.midi.reading.smf.grace_notes import find_grace_ticks, gather_graces
from musicvae.midi.reading.smf.guard import Checked, check_midi
from musicvae.midi.reading.smf.lyrics import find_lyrics
from musicvae.midi.songs.key import name_signature
from musicvae.midi.songs.notices import Notice, count_notices
from musicvae.midi.songs.song import Meter, Part
from musicvae.midi.songs.source import (
    PEDAL,
    SOURCE_NOTE,
    KeyChange,
    MeterChange,
    Source,
    TempoChange,
    TextAt,
)

MAX_INSTRUMENTS = 1_000

_SAID_LOST = 0.05  # share of the notes from which on a file counts as damaged
_LOST = "notes that never end, left out"
_SAYS_NOTHING = {"control track", "tempo track", "conductor track", "conductor", "untitled", "new song"}


def parse_midi(data: bytes) -> Source:
    """Return what the bytes of a MIDI file say.

    Raises
    ------
    SongError
        If they are no MIDI file, or one that cannot be used; the message says why.
    """
    checked = check_midi(data)
    try:
        score = ScoreTick.from_midi(checked.data)
    except (RuntimeError, ValueError) as error:
        raise SongError(f"it cannot be read as MIDI: {error}") from error
    tracks = [track for track in score.tracks if len(track.notes)]
    if len(tracks) > MAX_INSTRUMENTS:
        raise SongError(f"it has more than {MAX_INSTRUMENTS:,} instruments: split it")
    notes = _make_notes(tracks)
    unended = notes["end"] > checked.ticks
    notes["end"][unended] = notes["start"][unended] + score.tpq
    if grace_ticks := find_grace_ticks(data, score.tpq):
        notes = gather_graces(notes, grace_ticks)
    notices, damage = _count_losses(checked, len(notes), int(np.count_nonzero(unended)))
    return Source(
        notes=notes,
        tracks=tuple(Part(track.name, track.program, track.is_drum) for track in tracks),
        ticks_per_beat=score.tpq,
        meters=tuple(MeterChange(s.time, Meter(s.numerator, s.denominator)) for s in score.time_signatures),
        tempi=tuple(TempoChange(tempo.time, round(tempo.qpm, 2)) for tempo in score.tempos),
        markers=tuple(TextAt(marker.time, marker.text) for marker in score.markers if marker.text),
        title="" if checked.title.lower() in _SAYS_NOTHING else checked.title,
        composer=checked.composer,
        keys=tuple(
            KeyChange(key.time, name_signature(key.key, "minor" if key.tonality else "major"))
            for key in score.key_signatures
        ),
        lyrics=find_lyrics(score, notes),
        pedals=_find_pedals(tracks),
        notices=notices,
        damage=damage,
    )


def _make_notes(tracks: list[TrackTick]) -> np.ndarray:
    notes = np.empty(sum(len(track.notes) for track in tracks), SOURCE_NOTE)
    begin = 0
    for index, track in enumerate(tracks):
        columns = track.notes.numpy()
        own = notes[begin : begin + len(track.notes)]
        own["start"], own["pitch"], own["velocity"] = columns["time"], columns["pitch"], columns["velocity"]
        own["end"] = own["start"] + columns["duration"]
        own["track"] = index
        begin += len(own)
    return notes[np.argsort(notes["start"], kind="stable")]


def _find_pedals(tracks: list[TrackTick]) -> np.ndarray:
    """Return from when to when sustain pedals are down."""
    spans = [(p.time, p.time + p.duration, index) for index, track in enumerate(tracks) for p in track.pedals]
    return np.array(spans, PEDAL)


def _count_losses(checked: Checked, notes: int, unended: int) -> tuple[tuple[Notice, ...], str]:
    """Return the notices and why the file counts as damaged, with what happened to its notes."""
    counts, damage = {"notes that never end, given one beat": unended}, checked.damage
    lost = checked.note_ons - notes
    if lost > _SAID_LOST * checked.note_ons:
        says = str(Notice(_LOST, lost))
        damage = f"{damage}; {says}" if damage else says
    else:
        counts[_LOST] = lost
    return checked.notices + count_notices(counts), damage
