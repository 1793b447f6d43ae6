from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import pytest

from musicvae import read_song, render
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.saving.writer import song_to_bytes
from musicvae.midi.songs.song import Song
from musicvae.sound.levels import PEAK, find_peak
from musicvae.sound.render import music_to_midi

SAMPLES = Path(__file__).parents[2] / "samples"
MEASURES = 16


@pytest.fixture(scope="module")
def opening() -> Song:
    return read_song(SAMPLES / "chorales.mid").opening(MEASURES)


def test_measures_of_a_sample_are_heard_without_clipping(opening: Song) -> None:
    audio = render(opening)
    beats = opening.steps / opening.grid.steps_per_beat
    assert audio.seconds == pytest.approx(beats * 60 / opening.bpm, abs=3)
    assert find_peak(audio.samples) == PEAK
    seconds = audio.samples[: len(audio.samples) // 48_000 * 48_000].reshape(-1, 48_000 * 2).astype(float)
    assert (np.sqrt((seconds**2).mean(axis=1)) > 300).mean() > 0.9  # music nearly all the time


def test_a_path_sounds_like_the_file(one_note: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(one_note)
    assert render(str(tmp_path / "a.mid")).seconds > 0.5


def test_a_song_becomes_its_midi_file(opening: Song) -> None:
    assert music_to_midi(opening) == song_to_bytes(opening)


@pytest.mark.parametrize("name", ["a.mid", "a.txt", "a.abc"])
def test_a_midi_file_keeps_its_touch_pedals_and_bends_whatever_its_name(
    make_midi: Callable[..., bytes], tmp_path: Path, name: str
) -> None:
    played = [
        mido.Message("control_change", control=64, value=90),
        mido.Message("note_on", note=60, velocity=33, time=7),
        mido.Message("pitchwheel", pitch=1000, time=11),
        mido.Message("note_off", note=60, velocity=64, time=13),
    ]
    data = make_midi(played)
    (tmp_path / name).write_bytes(data)
    assert music_to_midi(tmp_path / name) == data


def test_a_score_is_played_as_it_is_written_on_no_grid(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_text("X:1\nM:4/4\nL:1/4\nK:C\n(5:4:5GABcd (7:4:7cBAGFED|")
    source = parse_midi(music_to_midi(str(tmp_path / "a.abc")))
    written = [*(4 / 5 * number for number in range(5)), *(4 + 4 / 7 * number for number in range(7))]
    assert (source.notes["start"] / source.ticks_per_beat).tolist() == pytest.approx(written)
