from __future__ import annotations

import numpy as np
import pytest

from musicvae.compose.repair.likelihood import AT_ONCE, PassageLikelihood
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.songs.ensembles import ENSEMBLES
from musicvae.midi.songs.key import find_key, key_index
from musicvae.midi.songs.measure_notes import split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

STEPS = np.array([0, 8, 16, 24])
SCALE = (0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 2, 0)


@pytest.fixture
def song() -> Song:
    """Return three measures of a scale in C major."""
    rows = [(2 * n, 2, 60 + pitch, 80, 0) for n, pitch in enumerate(SCALE)]
    return Song(make_notes(rows), (Meter(2, 4),) * 3, ENSEMBLES["melody"])


@pytest.fixture
def likelihood(model: MeasureVAE, song: Song) -> PassageLikelihood:
    """Return one that has heard the first measure."""
    made = PassageLikelihood(model, song)
    made.begin(song.notes, STEPS)
    made.hear(song.notes, STEPS[:2])
    return made


def test_passages_are_as_likely_as_the_measures_of_the_song_in_its_key(
    model: MeasureVAE, song: Song, likelihood: PassageLikelihood
) -> None:
    listening = ContinuationScorer(model, SongOutline(song.meters, key_index(find_key(song))))
    by_measure = split_measures(song)
    listening.rehearse(by_measure)
    expected = listening.hear([by_measure])[0, 1:]
    both = likelihood.log_probs([song.notes[4:]] * (AT_ONCE + 1), STEPS[1:])
    assert both == pytest.approx([float(expected.sum())] * (AT_ONCE + 1), abs=1e-3)
    first = likelihood.log_probs([song.notes[4:]], STEPS[1:3])
    assert first == pytest.approx([float(expected[0])], abs=1e-3)


def test_no_passages_have_no_likelihood(likelihood: PassageLikelihood) -> None:
    assert likelihood.log_probs([], STEPS[1:]) == []


def test_what_is_expected_is_that_of_the_next_measure(song: Song, likelihood: PassageLikelihood) -> None:
    expected = likelihood.expect(song.notes[4:], STEPS[1:])
    assert expected.shape == (8, len(song.parts), 128)
