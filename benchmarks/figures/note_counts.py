"""How many notes other programs find in a MIDI file."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import mido
from music21 import converter
from symusic.core import ScoreTick

MUSESCORE = shutil.which("musescore3") or shutil.which("mscore3")  # Debian: musescore3
PATIENCE = 120.0  # seconds


def count_by_mido(path: Path) -> int:
    """Return the note-ons of a file."""
    return sum(
        message.type == "note_on" and message.velocity > 0
        for track in mido.MidiFile(path).tracks
        for message in track
    )


def count_by_symusic(path: Path) -> int:
    """Return the notes that symusic finds."""
    return sum(len(track.notes) for track in ScoreTick.from_midi(path.read_bytes()).tracks)


def count_by_music21(path: Path) -> int:
    """Return the notes of the score that music21 makes of a file, tied ones once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = converter.parse(path, forceSource=True)
    heads = [note for sound in score.recurse().notes for note in getattr(sound, "notes", (sound,))]
    return sum(note.tie is None or note.tie.type == "start" for note in heads)


def count_by_musescore(path: Path) -> int:
    """Return the notes of what MuseScore 3 plays once it has made a score of a file."""
    with tempfile.TemporaryDirectory() as folder:
        played = Path(folder) / "played.mid"
        command = [str(MUSESCORE), "-o", str(played), str(path.resolve())]
        offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run(command, env=offscreen, check=True, capture_output=True, timeout=PATIENCE)
        return count_by_mido(played)


COUNTS: dict[str, Callable[[Path], int]] = {
    "symusic": count_by_symusic,
    "music21": count_by_music21,
    **({"MuseScore": count_by_musescore} if MUSESCORE else {}),
}


@cache
def count_given(name: str, path: Path) -> int:
    """Return the notes of a file that is given more than once."""
    return COUNTS[name](path)
