from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from musicvae.core.categorical import Draw
from musicvae.measures.data.batch import Layout, lay_out
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes, exact
from musicvae.measures.data.song_batch import (
    SongOutline,
    notes_to_measures,
    outline_to_window,
    songs_to_batch,
)
from musicvae.measures.network.roll_decoder import RollDecoder
from musicvae.measures.rolls.drawing import draw_rolls
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.pianoroll import PLANES
from musicvae.midi.songs.song import Meter, Song

MIXED = [SongOutline((Meter(3, 4), Meter(1, 8))), SongOutline((Meter(2, 4),))]


def make_decoder(config: MeasureVAEConfig) -> RollDecoder:
    torch.manual_seed(0)
    return RollDecoder(config.alphabet, config.steps, config.latent, channels=4).eval().requires_grad_(False)


def lay_out_mixed(config: MeasureVAEConfig) -> Layout:
    return lay_out([outline_to_window(outline, config) for outline in MIXED])


def make_hints(layout: Layout, latent: int = 6) -> NoisyCodes:
    codes = torch.randn(len(layout.exists), latent, generator=torch.Generator().manual_seed(0))
    return exact(codes)


class Certain(RollDecoder):
    """A decoder that is sure of some rolls."""

    sure_of: Tensor  # rolls, (B * N, T, planes * L)

    def logits(self, layout: Layout, code: Tensor) -> Tensor:
        cells = self.sure_of.unflatten(2, (PLANES * self.alphabet.parts, -1)).transpose(1, 2)
        return 100 * (2 * cells - 1)


@given(data=st.data())
@settings(max_examples=50)
def test_a_decoder_that_is_sure_of_the_rolls_of_songs_says_those_songs(
    config: MeasureVAEConfig, songs_for_config: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    songs = data.draw(st.lists(songs_for_config, min_size=1, max_size=3))
    batch = songs_to_batch(songs, config)
    decoder = Certain(config.alphabet, config.steps, config.latent, channels=4)
    decoder.sure_of = draw_rolls(batch, config.alphabet, config.steps)
    for temperature in (0.0, 1.0):
        draw = Draw(temperature, torch.Generator().manual_seed(0))
        notes = decoder.sample(batch.layout, make_hints(batch.layout), draw)
        assert all(torch.equal(*columns) for columns in zip(notes, batch.notes, strict=True))
    exists = batch.layout.exists
    assert (decoder.log_prob(batch, make_hints(batch.layout))[exists] > -1e-3).all()


def test_only_cells_of_the_measure_count(config: MeasureVAEConfig) -> None:
    decoder = make_decoder(config)
    song = Song(make_notes([(0, 2, 60, 80, 0)]), (Meter(1, 8),), config.parts, config.grid)
    batch = songs_to_batch([song], config)
    noisy = make_hints(batch.layout)
    cells = torch.distributions.Bernoulli(logits=decoder.logits(batch.layout, noisy.code)[:, :, :2])
    rolls = torch.zeros(1, 4, 2, 128)  # planes * parts: onset and sustain of the melody, then of the drums
    rolls[0, 0, 0, 60] = rolls[0, 2, 0, 60] = rolls[0, 2, 1, 60] = 1
    torch.testing.assert_close(decoder.log_prob(batch, noisy), cells.log_prob(rolls).flatten(1).sum(1))


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_drawn_notes_lie_within_measures_that_exist(config: MeasureVAEConfig, temperature: float) -> None:
    layout = lay_out_mixed(config)
    draw = Draw(temperature, torch.Generator().manual_seed(0))
    notes = make_decoder(config).sample(layout, make_hints(layout), draw)
    assert len(notes.step) > 10
    assert layout.exists[notes.measure].all()
    assert (notes.step + notes.length <= layout.measure_steps[notes.measure]).all()
    lengths = [len(notes) > 0 for song in notes_to_measures(notes, layout, config.alphabet) for notes in song]
    assert lengths == [True, True, True, False]


def test_the_same_seed_draws_the_same_notes(config: MeasureVAEConfig) -> None:
    layout, decoder = lay_out_mixed(config), make_decoder(config)
    first, again, other = (
        decoder.sample(
            layout, make_hints(layout), Draw(1.0, torch.Generator().manual_seed(seed))
        ).step.tolist()
        for seed in (0, 0, 1)
    )
    assert first == again != other


def test_measures_are_written_however_many_and_counted(config: MeasureVAEConfig) -> None:
    layout, decoder = lay_out_mixed(config), make_decoder(config)
    noisy, draw = make_hints(layout), Draw(0.0)
    written = decoder.write(layout, noisy, draw, decoder.blank(2))
    assert torch.equal(written.notes.step, decoder.sample(layout, noisy, draw).step)
    assert written.memory.measures.tolist() == [2, 2]
