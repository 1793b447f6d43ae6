from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.data.wrong_notes import (
    DROPPED,
    EXTRA,
    MOST_SEMITONES,
    MOST_SIXTEENTHS,
    REPITCHED,
    SHIFTED,
    STRETCHED,
    wrong_notes,
)
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.rolls.drawing import draw_rolls
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def scales(config: MeasureVAEConfig, measures: int) -> MeasureBatch:
    """Return a song of four notes of two steps a measure, far enough from each other in pitch."""
    notes = make_notes((2 * n, 2, 40 + 13 * (n % 4), 80, 0) for n in range(4 * measures))
    return songs_to_batch([Song(notes, (Meter(2, 4),) * measures, config.parts, config.grid)], config)


def fields(batch: MeasureBatch) -> list[list[int]]:
    return [field.tolist() for field in batch.notes]


def changed(config: MeasureVAEConfig, rate: float, measures: int = 500) -> tuple[Tensor, Tensor]:
    """Return notes (measure, step, length, symbol) before and after, each as one row."""
    batch = scales(config, measures)
    after = wrong_notes(rate, config.alphabet)(batch, seeded())
    return tuple(torch.stack(each.notes[:4], dim=1) for each in (batch, after))  # type: ignore[return-value]


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_a_share_is_between_0_and_1(config: MeasureVAEConfig, rate: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        wrong_notes(rate, config.alphabet)


def test_a_rate_of_0_leaves_all_as_it_is(config: MeasureVAEConfig) -> None:
    batch = scales(config, 3)
    assert wrong_notes(0.0, config.alphabet)(batch, None) is batch


def test_the_share_of_notes_that_go_wrong_is_the_rate(config: MeasureVAEConfig) -> None:
    before, after = changed(config, 0.2)
    kept = {tuple(row) for row in after.tolist()}
    wrong = np.mean([tuple(row) not in kept for row in before.tolist()])
    # A note that is extra leaves its fellow as it is, and one made longer may be as long as before.
    assert wrong == pytest.approx(0.2 * (1 - EXTRA), abs=0.03)


def test_notes_are_dropped_and_added_as_often_as_the_mix_says(config: MeasureVAEConfig) -> None:
    before, after = changed(config, 0.5)
    assert len(after) / len(before) == pytest.approx(1 + 0.5 * (EXTRA - DROPPED), abs=0.03)
    assert pytest.approx(1) == DROPPED + REPITCHED + SHIFTED + STRETCHED + EXTRA


def test_errors_are_small_more_often_than_large_and_have_bounds(config: MeasureVAEConfig) -> None:
    before, after = changed(config, 1.0)
    grid = {(measure, step): symbol for measure, step, _, symbol in before.tolist()}
    off = [abs(symbol - grid[measure, step]) for measure, step, _, symbol in after.tolist() if step % 2 == 0]
    sizes = np.bincount([size for size in off if 0 < size <= MOST_SEMITONES], minlength=MOST_SEMITONES + 1)
    assert sizes[1] > 2 * sizes[4] > 0
    assert after[:, 2].max() <= 2 + MOST_SIXTEENTHS


def test_errors_in_time_are_of_whole_sixteenths(config: MeasureVAEConfig) -> None:
    after = wrong_notes(1.0, config.alphabet, sixteenth=2)(scales(config, 50), seeded())
    assert set((after.notes.step % 2).tolist()) == {0}


def test_the_same_seed_goes_wrong_alike_and_another_seed_otherwise(config: MeasureVAEConfig) -> None:
    batch, corrupt = scales(config, 8), wrong_notes(0.5, config.alphabet)
    first, again, other = (fields(corrupt(batch, seeded(seed))) for seed in (0, 0, 1))
    assert first == again != other


def test_the_batch_that_is_given_stays_as_it_is(config: MeasureVAEConfig) -> None:
    batch = scales(config, 4)
    before = fields(batch)
    wrong_notes(1.0, config.alphabet)(batch, seeded())
    assert fields(batch) == before


@settings(max_examples=40)
@given(data=st.data(), seed=st.integers(0, 1000))
def test_what_comes_of_it_is_measures_again(
    config: MeasureVAEConfig,
    songs_for_config: st.SearchStrategy[Song],
    data: st.DataObject,
    seed: int,
) -> None:
    songs = data.draw(st.lists(songs_for_config, min_size=1, max_size=3))
    songs = [song for song in songs if all(config.can_read(meter) for meter in song.meters)]
    if not songs:
        return
    batch = songs_to_batch(songs, config)
    alphabet = config.alphabet
    layout, notes = wrong_notes(0.8, alphabet)(batch, seeded(seed))
    ends = notes.step + notes.length
    within = (notes.step >= 0) & (notes.length >= 1) & (ends <= layout.measure_steps[notes.measure])
    assert bool(within.all())
    assert bool((notes.step[notes.symbol < alphabet.lanes] == 0).all())  # held notes begin at the barline
    assert bool(((notes.symbol >= 0) & (notes.symbol < alphabet.end)).all())
    order = (notes.measure * config.steps + notes.step) * alphabet.size + notes.symbol
    assert bool((order[1:] > order[:-1]).all())
    sustained = draw_rolls(MeasureBatch(layout, notes), alphabet, config.steps)[:, :, alphabet.lanes :]
    assert int(sustained.sum()) == int(notes.length.sum())  # no two of one pitch overlap


def test_a_dae_is_given_wrong_notes_in_training_and_must_say_the_right_ones(
    config: MeasureVAEConfig, make_model: Callable[..., MeasureVAE], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, batch = make_model(autoencoder="dae", corrupt=0.5), scales(config, 8)
    encoded: list[MeasureBatch] = []
    said: list[MeasureBatch] = []
    encode, say = model.encoder.forward, model.decoder.log_prob

    def note_encoded(given: MeasureBatch) -> Tensor:
        encoded.append(given)
        return encode(given)

    def note_said(given: MeasureBatch, noisy: NoisyCodes, generator: torch.Generator | None) -> Tensor:
        said.append(given)
        return say(given, noisy, generator)

    monkeypatch.setattr(model.encoder, "forward", note_encoded)
    monkeypatch.setattr(model.decoder, "log_prob", note_said)
    model.train()(batch, generator=seeded())
    model.eval()(batch, generator=seeded())
    assert fields(encoded[0]) != fields(batch)
    assert encoded[1] is said[0] is said[1] is batch
