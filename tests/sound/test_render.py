from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from musicvae import read_song, render
from musicvae.midi.songs.song import Song
from musicvae.sound.levels import PEAK, find_peak

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
