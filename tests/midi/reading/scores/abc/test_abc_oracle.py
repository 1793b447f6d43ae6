"""Plain tunes are read as abc2midi reads them, which comes with symusic."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

import mido
import pytest
import symusic

from musicvae.midi.reading.scores.abc.abc_file import walk_tune
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT

PROGRAMS = sorted((Path(symusic.__file__).parent / "bin").glob("abc2midi*"))
KEYS = ["C", "G", "Bb", "F#m", "Ador", "D mix", "Ephr", "Flyd", "Cm =e", "D exp _b ^f", "HP"]
LENGTHS = ["", "", "2", "3", "/", "//", "3/2", "/4"]

pytestmark = pytest.mark.skipif(not PROGRAMS, reason="symusic has brought no abc2midi")


def make_tune(chance: random.Random) -> str:
    """Return a tune without anything that abc2midi would play or read otherwise."""
    head = f"X:1\nM:{chance.choice(['4/4', '6/8', 'C|', '5/8'])}\nL:{chance.choice(['1/4', '1/8'])}\n"
    rhythm = "".join("".join(_make_event(chance) for _ in range(6)) + "|" for _ in range(8))
    voices = [
        f"V:{voice}{chance.choice(['', ' octave=-1', ' transpose=3'])}\n{_fill(rhythm, chance)}\n"
        for voice in range(1, chance.randint(2, 4))
    ]
    return f"{head}K:{chance.choice(KEYS)}\n{''.join(voices)}"


def _make_event(chance: random.Random) -> str:
    """Return notes of which the pitches are still open."""
    event = chance.choice(
        ["z?", "N>N", "N<N", "N>>N", "(2NN", "(3NNN", "(4NNNN", "(6NNNNNN", "[NN]?", "d-d?", "N?"]
    )
    return event.replace("?", chance.choice(LENGTHS)) + chance.choice(["", " "])


def _fill(rhythm: str, chance: random.Random) -> str:
    return re.sub("N", lambda _: _make_pitch(chance), rhythm)


def _make_pitch(chance: random.Random) -> str:
    letter = chance.choice("CDEFGABcdefgab")
    octave = chance.choice(["", "", "," if letter.isupper() else "'"])
    return f"{chance.choice(['', '', '', '^', '_', '='])}{letter}{octave}"


def read(text: str) -> list[tuple[int, float, float]]:
    """Return the notes as (pitch, start, end), in beats."""
    notes = (note for part in walk_tune(text).parts for note in part.notes)
    return sorted((note.pitch, note.start / TICKS_PER_BEAT, note.end / TICKS_PER_BEAT) for note in notes)


def read_with_abc2midi(text: str, folder: Path) -> list[tuple[int, float, float]]:
    (folder / "tune.abc").write_text(text)
    command = [str(PROGRAMS[0]), "tune.abc", "-o", "tune.mid", "-silent"]
    subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=20)
    file = mido.MidiFile(folder / "tune.mid")
    notes: list[tuple[int, float, float]] = []
    for track in file.tracks:
        now, sounding = 0, dict[tuple[int, int], list[int]]()
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                sounding.setdefault((message.channel, message.note), []).append(now)
            elif message.type in ("note_on", "note_off"):
                start = sounding[message.channel, message.note].pop(0)
                notes.append((message.note, start / file.ticks_per_beat, now / file.ticks_per_beat))
    return sorted(notes)


@pytest.mark.parametrize("seed", range(12))
def test_a_plain_tune_has_the_notes_that_abc2midi_finds(seed: int, tmp_path: Path) -> None:
    compare(make_tune(random.Random(seed)), tmp_path)


@pytest.mark.parametrize(
    "music",
    ["CDEF>|GABc|", "CDEF<|GABc|", "CDEF>>|\n[GB]ABc|", "CDEF&e4|GABc|", "(&CDEF|GABc&e4|g2a2&)|C4|"],
)
def test_what_goes_across_barlines_is_read_as_abc2midi_reads_it(music: str, tmp_path: Path) -> None:
    compare(f"X:1\nM:4/4\nL:1/4\nK:C\n{music}\n", tmp_path)


def compare(text: str, folder: Path) -> None:
    ours, theirs = read(text), read_with_abc2midi(text, folder)
    assert [pitch for pitch, _, _ in ours] == [pitch for pitch, _, _ in theirs]
    # It spreads the notes of chords, and ends notes a little early.
    assert [start for _, start, _ in ours] == pytest.approx([start for _, start, _ in theirs], abs=0.03)
    assert [end for _, _, end in ours] == pytest.approx([end for _, _, end in theirs], abs=0.03)
