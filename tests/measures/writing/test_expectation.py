from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes
from musicvae.midi.songs.song import Meter

STEPS = 8  # of a measure of 2/4


def cut(*notes: tuple[int, int, int, int]) -> MeasureNotes:
    """Return a measure of notes (step, length, pitch, part)."""
    return np.array([(0, *note, 80, False) for note in notes], MEASURE_NOTE)


@pytest.fixture
def scorer(make_model: Callable[..., MeasureVAE]) -> ContinuationScorer:
    written = ContinuationScorer(make_model(), SongOutline((Meter(2, 4),) * 3))
    written.hear([[cut((0, 2, 60, 0), (2, 6, 62, 0))]])
    return written


def test_an_onset_is_expected_as_much_as_it_is_likely(
    scorer: ContinuationScorer, config: MeasureVAEConfig
) -> None:
    # The highest note of the last part at the last step: its length and that no more follows are certain.
    part, pitch, step = len(config.parts) - 1, 127, STEPS - 1
    without = cut((0, 3, 60, 0), (4, 2, 64, 0))
    with_it = np.append(without, cut((step, 1, pitch, part)))
    heard = scorer.weigh([[without], [with_it]])[:, 0]
    expected = scorer.expect(without)[step]
    nothing = torch.log1p(-expected.exp().sum())
    torch.testing.assert_close(heard[1] - heard[0], expected[part, pitch] - nothing, atol=1e-4, rtol=1e-4)


def test_what_rings_is_not_struck(scorer: ContinuationScorer) -> None:
    expected = scorer.expect(cut((0, 4, 60, 0)))
    assert expected.shape == (STEPS, 2, 128)
    assert torch.isneginf(expected[:, 0, 60]).tolist() == [
        False,
        True,
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_part_is_expected_given_the_parts_before_it(scorer: ContinuationScorer) -> None:
    alone, beside = (scorer.expect(cut(*notes)) for notes in ([], [(3, 1, 60, 0)]))
    torch.testing.assert_close(alone[:3], beside[:3])
    torch.testing.assert_close(alone[3, 0], beside[3, 0])
    assert not torch.allclose(alone[3, 1], beside[3, 1])
