from __future__ import annotations

import numpy as np
import pytest

from musicvae.sound.levels import PEAK, cut_silence, find_peak, raise_to_peak


def samples(*frames: tuple[int, int]) -> np.ndarray:
    return np.array(frames, np.int16).reshape(-1, 2)


def test_the_peak_is_the_largest_deviation_above_or_below() -> None:
    assert find_peak(samples((3, -9), (5, 1))) == 9
    assert find_peak(samples((0, -32768))) == 32768
    assert find_peak(samples()) == 0


@pytest.mark.parametrize("loudest", [(1, 0), (-250, 3), (32767, 0), (0, -32768)])
def test_the_peak_is_raised_or_lowered_to_one_decibel_below_full_scale(loudest: tuple[int, int]) -> None:
    raised = raise_to_peak(samples((0, 0), loudest, (0, 0)))
    assert find_peak(raised) == PEAK == 29204
    assert raised.dtype == np.int16


def test_all_is_raised_alike() -> None:
    assert raise_to_peak(samples((100, -50), (25, 0))).tolist() == [[PEAK, -PEAK // 2], [PEAK // 4, 0]]


def test_silence_stays_silent() -> None:
    assert raise_to_peak(samples((0, 0), (0, 0))).tolist() == [[0, 0], [0, 0]]
    assert len(cut_silence(samples((0, 0), (0, 0)))) == 0


@pytest.mark.parametrize("last", [(-11, 0), (0, 11)])
def test_what_is_sixty_decibels_below_the_peak_at_the_end_is_cut(
    last: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = samples((0, 0), (10_000, 0), (0, 0), last, (9, -9), (0, 0), (9, 9))
    for block in (1, 2, 3, 100):
        monkeypatch.setattr("musicvae.sound.levels._BLOCK", block)
        assert cut_silence(sound).tolist() == sound[:4].tolist()
