"""Pieces as musicvae reads them: the walk over a score, in its own time, and the notes of MIDI files."""

from __future__ import annotations

import time
from collections.abc import Callable

import musicvae
from figures.reading.heard import Heard, HeardNote, lay_in_measures
from musicvae.midi.reading.score_file import decode_score
from musicvae.midi.reading.scores.abc.abc_file import walk_tune
from musicvae.midi.reading.scores.humdrum.humdrum_file import walk_humdrum
from musicvae.midi.reading.scores.musicxml.musicxml_file import walk_musicxml
from musicvae.midi.reading.scores.score_source import walk_to_source
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT, ScoreWalk
from musicvae.midi.reading.smf.midi_file import parse_midi


def version() -> str:
    return musicvae.__version__


def read_abc(data: bytes) -> Heard:
    """Return what is heard in one tune."""
    return _hear(lambda: walk_tune(decode_score(data)))


def read_humdrum(data: bytes) -> Heard:
    return _hear(lambda: walk_humdrum(decode_score(data)))


def read_musicxml(data: bytes) -> Heard:
    return _hear(lambda: walk_musicxml(data))


def read_midi(data: bytes) -> Heard:
    began = time.process_time()
    source = parse_midi(data)
    seconds = time.process_time() - began
    beat = source.ticks_per_beat
    rows = zip(*(source.notes[name].tolist() for name in ("start", "end", "pitch")), strict=True)
    notes = [
        HeardNote(start / beat, (end - start) / beat, pitch) for start, end, pitch in rows if end > start
    ]
    return Heard(notes, seconds, (source.damage,) if source.damage else ())


def _hear(walk: Callable[[], ScoreWalk]) -> Heard:
    """Return what a walk finds; it is timed as it is used, with its measures made whole at its end."""
    began = time.process_time()
    said = walk()
    walk_to_source(said)
    seconds = time.process_time() - began
    notes = [
        HeardNote(note.start / TICKS_PER_BEAT, (note.end - note.start) / TICKS_PER_BEAT, note.pitch)
        for part in said.parts
        if not part.part.is_drums
        for note in part.notes
        if note.end > note.start
    ]
    barlines = [measure.start / TICKS_PER_BEAT for measure in said.measures]
    return Heard(lay_in_measures(notes, barlines), seconds, (said.damage,) if said.damage else ())
