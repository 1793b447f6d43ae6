"""MIDI files as symusic reads them, without the guard that musicvae sets before it."""

from __future__ import annotations

import time
from importlib.metadata import version as version_of

from symusic.core import ScoreTick

from figures.reading.heard import Heard, HeardNote


def version() -> str:
    return version_of("symusic")


def read_midi(data: bytes) -> Heard:
    began = time.process_time()
    score = ScoreTick.from_midi(data)
    seconds = time.process_time() - began
    beat = score.tpq
    notes = [
        HeardNote(note.time / beat, note.duration / beat, note.pitch)
        for track in score.tracks
        for note in track.notes
        if note.duration
    ]
    return Heard(notes, seconds)
