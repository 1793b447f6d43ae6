from __future__ import annotations

import numpy as np
import pytest

from musicvae.compose.repair.given_notes import GivenNotes, Repair
from musicvae.compose.repair.noise_channel import NoiseChannel
from musicvae.compose.repair.passage import Scope, passage_key, trace
from musicvae.compose.repair.repair_search import RepairSearch
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.arranging.arrangements import ENSEMBLES
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


def search_second_measure(model: MeasureVAE, song: Song) -> RepairSearch:
    """Return the search for repairs of the second measure, as it was given, after the first."""
    scorer = ContinuationScorer(model, SongOutline(song.meters))
    scorer.hear([split_measures(song)[:1]])
    scope = Scope(STEPS[1:], (0, 24), (0,), np.arange(4, 12))
    now = Repair(trace(song.notes)[4:], 0.0)
    return RepairSearch(scorer, GivenNotes(song, (0,), NoiseChannel(0.1)), scope, now)


def test_a_repair_is_as_likely_as_its_measures_are_after_those_before(model: MeasureVAE, song: Song) -> None:
    search = search_second_measure(model, song)
    search.find_best(better_by=0.0)
    log_prob = ContinuationScorer(model, SongOutline(song.meters)).hear([split_measures(song)])
    now = search.weighed[passage_key(search.now.notes)]
    assert now.log_prob == pytest.approx(float(log_prob[0, 1:].sum()), abs=1e-3)


def test_the_best_repair_is_the_likeliest_of_those_weighed(model: MeasureVAE, song: Song) -> None:
    search = search_second_measure(model, song)
    best = search.find_best(better_by=0.0)
    assert len(search.weighed) > 1
    log_probs = {key: each.log_prob for key, each in search.weighed.items()}
    assert log_probs[passage_key(best.notes)] == max(log_probs.values())
