"""Scores and MIDI files as music21 reads them; MusicXML with rests for cue notes, which it would play."""

from __future__ import annotations

import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from music21 import chord, converter, harmony, note, stream

from figures.reading.heard import TOLERANCE, Heard, HeardNote
from figures.reading.plain_musicxml import make_plain

warnings.simplefilter("ignore")


def version() -> str:
    return version_of("music21")


def read_musicxml(data: bytes) -> Heard:
    plain = make_plain(data)
    score, seconds = _parse(plain.data, "musicxml")
    return Heard(_hear(score.toSoundingPitch()), seconds, plain.changes)


def read_humdrum(data: bytes) -> Heard:
    score, seconds = _parse(data, "humdrum")
    return Heard(_hear(score), seconds)


def read_midi(data: bytes) -> Heard:
    score, seconds = _parse(data, "midi", quantizePost=False)
    return Heard(_hear(score), seconds)


def _parse(data: bytes, kind: str, **options: Any) -> tuple[stream.Stream[Any], float]:
    """Return the score, and the seconds that it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "score")
        path.write_bytes(data)
        began = time.process_time()
        score = converter.parse(path, format=kind, forceSource=True, **options)
        return score, time.process_time() - began


def _hear(score: stream.Stream[Any]) -> list[HeardNote]:
    parts: Sequence[stream.Stream[Any]] = list(score.getElementsByClass(stream.Part)) or [score]
    return [heard for part in parts for heard in _join_ties(list(_written(part)))]


def _written(part: stream.Stream[Any]) -> Iterator[tuple[HeardNote, str]]:
    """Yield the notes of a part as written, each with its tie: "start", "stop", "continue" or none."""
    for number, measure in enumerate(part.getElementsByClass(stream.Measure)):
        for sound in measure.recurse().notes:
            if isinstance(sound, harmony.Harmony) or sound.duration.isGrace or not sound.quarterLength:
                continue
            place = float(sound.getOffsetInHierarchy(measure))
            onset, length = float(measure.offset) + place, float(sound.quarterLength)
            for head in sound.notes if isinstance(sound, chord.ChordBase) else (sound,):
                if isinstance(head, note.Note):  # the others are drums
                    tie = head.tie.type if head.tie else ""
                    yield HeardNote(onset, length, head.pitch.midi, number, place), tie


def _join_ties(written: list[tuple[HeardNote, str]]) -> list[HeardNote]:
    """Return tied notes as one; one whose tie comes from nothing stands for itself."""
    joined: list[HeardNote] = []
    open_ties: dict[tuple[int, int], list[int]] = defaultdict(list)  # by pitch and end: which of the joined
    for heard, tie in sorted(written):
        from_here = open_ties[heard.pitch, _tick(heard.onset)] if tie in ("stop", "continue") else []
        if from_here:
            index = from_here.pop(0)
            joined[index] = joined[index]._replace(length=heard.onset + heard.length - joined[index].onset)
        else:
            index = len(joined)
            joined.append(heard)
        if tie in ("start", "continue"):
            open_ties[heard.pitch, _tick(heard.onset + heard.length)].append(index)
    return joined


def _tick(beats: float) -> int:
    return round(beats / TOLERANCE)
