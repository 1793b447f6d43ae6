"""MusicXML as partitura reads it, out of its archive and with rests for cue notes, which it would play."""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Iterator
from importlib.metadata import version as version_of
from pathlib import Path

import partitura
from partitura.score import Note, Part

from figures.reading.heard import Heard, HeardNote, lay_in_measures
from figures.reading.plain_musicxml import make_plain

warnings.simplefilter("ignore")


def version() -> str:
    return version_of("partitura")


def read_musicxml(data: bytes) -> Heard:
    plain = make_plain(data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "score.musicxml")
        path.write_bytes(plain.data)
        began = time.process_time()
        score = partitura.load_musicxml(path)
        seconds = time.process_time() - began
    notes = [note for part in score.parts for note in _hear_part(part)]
    return Heard(notes, seconds, plain.changes)


def _hear_part(part: Part) -> list[HeardNote]:
    if not list(part.iter_all(Note)):  # it has no array of none
        return []
    beats = part.quarter_map
    first = float(beats(0))
    barlines = [float(beats(measure.start.t)) - first for measure in part.measures]
    return lay_in_measures(_notes(part, first), barlines)


def _notes(part: Part, first: float) -> Iterator[HeardNote]:
    beats = part.quarter_map
    for note in part.note_array():
        start, length = int(note["onset_div"]), int(note["duration_div"])
        if length:  # graces have none
            onset, end = float(beats(start)) - first, float(beats(start + length)) - first
            yield HeardNote(onset, end - onset, int(note["pitch"]))
