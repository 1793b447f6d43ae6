"""Steps that are hidden from those after them in training: a matter of `note_decoder`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from musicvae.measures.data.batch import Layout, MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes, absent
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

DecoderMaker = Callable[..., NoteDecoder]


def codes_of(layout: Layout) -> Tensor:
    return torch.randn(4, 6, generator=torch.Generator().manual_seed(1))[layout.place]


def hints_of(layout: Layout, freedom: float = 0.0) -> NoisyCodes:
    return NoisyCodes(codes_of(layout), torch.full((len(layout.place),), freedom))


def two_songs(config: MeasureVAEConfig, measure: int) -> tuple[Song, Song]:
    """Return two songs of four measures with a note in each, another one in one of the measures."""
    rows = [
        [(8 * m + 4, 2, pitch if m == measure else 72 + m, 80, 0) for m in range(4)] for pitch in (60, 65)
    ]
    one, other = (Song(make_notes(row), (Meter(2, 4),) * 4, config.parts, config.grid) for row in rows)
    return one, other


def training_log_prob(decoder: NoteDecoder, batch: MeasureBatch, noisy: NoisyCodes, seed: int = 0) -> Tensor:
    return decoder.train().log_prob(batch, noisy, torch.Generator().manual_seed(seed))


def test_in_training_steps_are_hidden_by_chance_where_a_code_is_given(
    make_decoder: DecoderMaker, config: MeasureVAEConfig
) -> None:
    batch, decoder = songs_to_batch(two_songs(config, 1), config), make_decoder()
    first, again, other = (
        training_log_prob(decoder, batch, hints_of(batch.layout), seed) for seed in (0, 0, 1)
    )
    assert torch.equal(first, again)
    assert not torch.allclose(first, other)


def test_in_training_nothing_is_hidden_where_no_code_is_given(
    make_decoder: DecoderMaker, config: MeasureVAEConfig
) -> None:
    batch, decoder = songs_to_batch(two_songs(config, 1), config), make_decoder(hiding=1e9)
    noisy = absent(codes_of(batch.layout))
    expected = decoder.log_prob(batch, noisy)
    torch.testing.assert_close(training_log_prob(decoder, batch, noisy), expected)


@pytest.mark.parametrize("reach", [0, 4])
@pytest.mark.parametrize(("hiding", "is_heard"), [(0.0, True), (1e9, False)])
def test_what_is_hidden_is_neither_heard_nor_found_by_looking_back(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, reach: int, hiding: float, is_heard: bool
) -> None:
    batch = songs_to_batch(two_songs(config, measure=1), config)
    decoder = make_decoder(reach=reach, hiding=hiding)
    one, other = training_log_prob(decoder, batch, hints_of(batch.layout)).view(2, 4)
    assert (torch.equal(one[2:], other[2:])) != is_heard
    assert one[1] != other[1]


def test_only_measures_that_follow_a_code_are_hidden(
    make_decoder: DecoderMaker, config: MeasureVAEConfig
) -> None:
    decoder, freedom = make_decoder(hiding=1e9), torch.tensor([1.0, 0.0, 1.0, 0.0] * 2)
    for measure, is_heard in ((0, True), (1, False), (2, True)):
        batch = songs_to_batch(two_songs(config, measure), config)
        noisy = NoisyCodes(codes_of(batch.layout), freedom)
        one, other = training_log_prob(decoder, batch, noisy).view(2, 4)
        assert torch.equal(one[measure + 1 :], other[measure + 1 :]) != is_heard


@pytest.mark.parametrize(
    ("hiding", "freedom", "share"),
    # A share is drawn from 0 to `hiding`, above 1 it is 1; freer measures are hidden less.
    [(1.0, 0.0, 0.5), (2.0, 0.0, 0.75), (4.0, 0.0, 0.875), (2.0, 0.5, 0.375), (0.0, 0.0, 0.0)],
)
def test_as_many_steps_are_hidden_as_asked_for(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, hiding: float, freedom: float, share: float
) -> None:
    decoder, several = make_decoder(hiding=hiding), 400
    log_probs = []
    for song in two_songs(config, measure=1):  # of both the same steps are hidden
        batch = songs_to_batch([song] * several, config)
        log_probs.append(training_log_prob(decoder, batch, hints_of(batch.layout, freedom)).view(several, 4))
    one, other = log_probs
    hidden = torch.isclose(one[:, 2:], other[:, 2:], rtol=0, atol=1e-6).all(1)
    assert hidden.float().mean().item() == pytest.approx(share, abs=0.07)
