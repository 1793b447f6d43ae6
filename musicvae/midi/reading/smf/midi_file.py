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
from musicvae.midi.reading.smf.texts import tidy_syllables
from musicvae.midi.songs.key import name_signature
from musicvae.midi.songs.song import Meter, Part
from musicvae.midi.songs.source import (
    SOURCE_NOTE,
    KeyChange,
    Lyric,
    MeterChange,
    Source,
    TempoChange,
    TextAt,
)

MAX_INSTRUMENTS = 1_000

_SAID_LOST = 0.05  # share of the notes from which on a file counts as damaged
_WITH_THE_NOTE = 8  # to the beat: how near to a note a word is sung
_LEAST_SUNG = 0.4  # F1 of the words and a track's onsets, from which on the track is the singer
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
    if grace_ticks := find_grace_ticks(data):
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
        keys=tuple(
            KeyChange(key.time, name_signature(key.key, "minor" if key.tonality else "major"))
            for key in score.key_signatures
        ),
        lyrics=_find_lyrics(score, notes),
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


def _find_lyrics(score: ScoreTick, notes: np.ndarray) -> tuple[Lyric, ...]:
    """Return the words, each singer's with the track that plays their rhythm."""
    lyrics: list[Lyric] = []
    for track in score.tracks:
        if not (words := sorted((lyric.time, lyric.text) for lyric in track.lyrics)):
            continue
        ticks = np.array([tick for tick, _ in words], np.int64)
        singer = find_singer(ticks, notes, score.tpq)
        syllables = tidy_syllables([text for _, text in words])
        sung = zip(ticks.tolist(), syllables, strict=True)
        lyrics += [Lyric(tick, syllable, singer) for tick, syllable in sung if syllable]
    return tuple(sorted(lyrics))


def find_singer(ticks: np.ndarray, notes: np.ndarray, ticks_per_beat: int) -> int:
    """Return the track in whose onsets words are sung, -1 if there is none: most words by most of its notes.

    Parameters
    ----------
    ticks : np.ndarray of int, shape (words,)
    notes : np.ndarray of SOURCE_NOTE, shape (notes,)
    ticks_per_beat : int
    """
    unit = max(1, ticks_per_beat // _WITH_THE_NOTE)
    sung = np.unique((ticks + unit // 2) // unit)
    best, singer = _LEAST_SUNG, -1
    for track in np.unique(notes["track"]).tolist():
        begun = np.unique((notes["start"][notes["track"] == track] + unit // 2) // unit)
        f1 = 2 * np.isin(sung, begun).sum() / (len(sung) + len(begun))
        if f1 > best:
            best, singer = f1, track
    return singer


def _count_losses(checked: Checked, notes: int, unended: int) -> tuple[tuple[str, ...], str]:
    """Return the notices and why the file counts as damaged, with what happened to its notes."""
    notices, damage = checked.notices, checked.damage
    if unended:
        notices += (f"notes that never end, given one beat: {unended}",)
    lost = checked.note_ons - notes
    says = f"notes that never end, left out: {lost}"
    if lost > _SAID_LOST * checked.note_ons:
        damage = f"{damage}; {says}" if damage else says
    elif lost:
        notices += (says,)
    return notices, damage
