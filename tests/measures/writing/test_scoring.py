from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import absent, exact
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing import scoring
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.scoring import Score, read_songs, score_batches
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song


def make_model(config: MeasureVAEConfig, decoder: str = "recurrent") -> MeasureVAE:
    torch.manual_seed(0)
    return MeasureVAE(replace(config, decoder=decoder)).eval()


@pytest.fixture(scope="module")
def batches(config: MeasureVAEConfig) -> list[MeasureBatch]:
    """Return a batch of songs of two and one measures, and one of a single song."""
    long = Song(
        make_notes([(0, 8, 60, 80, 0), (8, 4, 62, 80, 1)]), (Meter(2, 4),) * 2, config.parts, config.grid
    )
    short = Song(make_notes([(2, 4, 64, 80, 0)]), (Meter(3, 4),), config.parts, config.grid)
    return [songs_to_batch([long, short], config), songs_to_batch([short], config)]


def test_scores_add_up_over_batches(config: MeasureVAEConfig, batches: list[MeasureBatch]) -> None:
    model = make_model(config)
    both = score_batches(model, batches)
    apart = score_batches(model, batches[:1]) + score_batches(model, batches[1:])
    assert both == apart
    assert (both.measures, both.steps) == (4, 8 + 8 + 12 + 12)


def test_a_score_is_the_log_likelihood_with_the_mean_code_and_without(
    config: MeasureVAEConfig, batches: list[MeasureBatch]
) -> None:
    model, batch = make_model(config), batches[0]
    codes = model.encode(batch)
    score = score_batches(model, [batch])
    given = model.decoder.log_prob(batch, exact(codes))
    free = model.decoder.log_prob(batch, absent(codes))
    assert score.distortion == pytest.approx(-given.sum().item(), rel=1e-5)
    assert score.without_code == pytest.approx(-free.sum().item(), rel=1e-5)


@pytest.mark.parametrize("decoder", ["recurrent", "conv"])
def test_songs_read_some_measures_at_once_are_as_likely_as_whole_and_have_the_same_codes(
    model: MeasureVAE, songs: list[Song], decoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "AT_ONCE", 4)  # songs of six, six and four measures
    model = make_model(model.config, decoder)
    score, codes = read_songs(model, songs)
    whole = score_batches(model, [songs_to_batch([song], model.config) for song in songs])
    assert (score.measures, score.steps) == (whole.measures, whole.steps)
    assert (score.distortion, score.rate) == pytest.approx((whole.distortion, whole.rate), rel=1e-5)
    assert score.without_code == pytest.approx(whole.without_code, rel=1e-5, nan_ok=True)
    for own, encoded in zip(codes, encode_songs(model, songs), strict=True):
        torch.testing.assert_close(own, encoded)


def test_measures_that_do_not_exist_cost_nothing(
    config: MeasureVAEConfig, batches: list[MeasureBatch]
) -> None:
    model, batch = make_model(config), batches[0]
    kl = model.posterior(batch).kl()
    assert score_batches(model, [batch]).rate == pytest.approx(kl[:3].sum().item(), rel=1e-5)


def test_a_decoder_that_does_not_hear_the_song_has_no_score_without_codes(
    config: MeasureVAEConfig, batches: list[MeasureBatch]
) -> None:
    score = score_batches(make_model(config, "conv"), batches)
    assert math.isnan(score.without_code)
    assert score.distortion > 0


def test_nothing_scores_nothing(config: MeasureVAEConfig) -> None:
    assert score_batches(make_model(config), []) == Score()
