from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from musicvae.compose.ears import SHIFTS, Ears
from musicvae.measures.listening import Listening
from musicvae.measures.model import MeasureVAE
from musicvae.measures.pages import song_to_pages
from musicvae.measures.song_batch import Frame
from musicvae.midi.key import find_key, key_index
from musicvae.midi.notes import make_notes
from musicvae.midi.parts import ENSEMBLES
from musicvae.midi.song import Meter, Song

STEPS = np.array([0, 8, 16, 24])


def song(shift: int = 0, lowest: int = 60) -> Song:
    """Return three measures of a scale in C major, or of one moved from it."""
    scale = (0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 2, 0)
    rows = [(2 * n, 2, lowest + pitch + shift, 80, 0) for n, pitch in enumerate(scale)]
    return Song(make_notes(rows), (Meter(2, 4),) * 3, ENSEMBLES["melody"])


@pytest.fixture
def ears(model: MeasureVAE) -> Ears:
    """Return ears that have heard the first measure."""
    made = Ears(model, song())
    made.begin(song().notes, STEPS)
    made.hear(song().notes, STEPS[:2])
    return made


def log_probs(model: MeasureVAE, shift: int) -> torch.Tensor:
    """Return how likely the second and third measures of a moved song are."""
    moved = song(shift)
    writing = Listening(model, Frame(moved.meters, key_index(find_key(moved))))
    pages = song_to_pages(moved)
    writing.rehearse(pages)
    return writing.hear([pages])[0, 1:].double()


def test_measures_are_weighed_by_the_mixture_of_what_is_found_in_all_keys(
    model: MeasureVAE, ears: Ears
) -> None:
    by_key = torch.stack([log_probs(model, shift) for shift in SHIFTS])
    expected = (by_key.logsumexp(0) - math.log(len(SHIFTS))).sum()
    assert ears.weigh([song().notes[4:]], STEPS[1:]) == pytest.approx([float(expected)], abs=1e-3)


def test_a_glance_is_at_one_measure_in_one_key(model: MeasureVAE, ears: Ears) -> None:
    expected = float(log_probs(model, 0)[0])
    assert ears.glance([song().notes[4:]] * 2, STEPS[1:]) == pytest.approx([expected] * 2, abs=1e-3)


def test_nothing_weighs_nothing(ears: Ears) -> None:
    assert ears.weigh([], STEPS[1:]) == []


def test_keys_that_would_leave_the_range_are_left_out(model: MeasureVAE) -> None:
    assert Ears(model, song(lowest=0)).shifts == [0, 1]
    assert Ears(model, song(lowest=115)).shifts == [0, -1]
