"""Sketches of a fine grid: rolls of slices, and places in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.rolls.drawing import BEGINS, LASTS, draw_places, draw_rolls
from musicvae.measures.rolls.sketch import Sketch, Sketched
from musicvae.measures.rolls.slices import cut_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.pianoroll import PLANES
from musicvae.midi.songs.song import FINE_GRID, Meter, Song

SURE, SIZE, STEPS = 20.0, 6, 48


@pytest.fixture(scope="module")
def fine(config: MeasureVAEConfig) -> MeasureVAEConfig:
    return replace(config, steps_per_beat=24, steps=72)


@pytest.fixture(scope="module")
def batch(fine: MeasureVAEConfig) -> MeasureBatch:
    """Return a triplet and a sixteenth of the melody, and a stroke of the drums, in two beats."""
    notes = make_notes([(8, 8, 60, 80, 0), (18, 6, 62, 80, 0), (0, 3, 38, 80, 1)])
    return songs_to_batch([Song(notes, (Meter(2, 4),), fine.parts, FINE_GRID)], fine)


def test_places_are_where_parts_begin_notes_and_have_their_last_steps(
    fine: MeasureVAEConfig, batch: MeasureBatch
) -> None:
    places = draw_places(batch, fine.alphabet, STEPS)
    assert places[0, :, BEGINS].nonzero().tolist() == [[0, 1], [8, 0], [18, 0]]
    assert places[0, :, LASTS].nonzero().tolist() == [[2, 1], [15, 0], [23, 0]]


def test_a_slice_shows_what_begins_or_sounds_at_any_of_its_steps(
    fine: MeasureVAEConfig, batch: MeasureBatch
) -> None:
    by_step = draw_rolls(batch, fine.alphabet, STEPS)
    by_slice = draw_rolls(batch, fine.alphabet, STEPS // SIZE, SIZE)
    assert torch.equal(by_slice, by_step.unflatten(1, (-1, SIZE)).amax(2))


def sketch_surely(fine: MeasureVAEConfig, batch: MeasureBatch) -> Sketched:
    """Return a sketch that is sure of a batch."""
    cells = draw_rolls(batch, fine.alphabet, STEPS // SIZE, SIZE).unflatten(-1, (PLANES, -1))
    places = draw_places(batch, fine.alphabet, STEPS)
    return Sketched(SURE * (2 * cells - 1), SURE * (2 * places - 1), SIZE)


def test_a_sketch_that_is_sure_of_a_measure_finds_it_likely_and_draws_it(
    fine: MeasureVAEConfig, batch: MeasureBatch
) -> None:
    sketched = sketch_surely(fine, batch)
    assert Sketch(fine.alphabet, cut_measures(fine)).log_prob(batch, sketched).item() > -1e-4
    rolls = draw_rolls(batch, fine.alphabet, STEPS).unflatten(-1, (PLANES, -1))
    torch.testing.assert_close(sketched.rolls(), rolls, atol=1e-4, rtol=0)


@pytest.mark.parametrize(("step", "costs"), [(18, True), (9, True), (30, False)])
def test_places_count_in_slices_in_which_something_begins(
    fine: MeasureVAEConfig, batch: MeasureBatch, step: int, costs: bool
) -> None:
    sketched = sketch_surely(fine, batch)
    assert sketched.places is not None
    sketched.places[0, step, BEGINS, 0] *= -1  # the melody's
    log_prob = Sketch(fine.alphabet, cut_measures(fine)).log_prob(batch, sketched).item()
    assert (log_prob < -SURE / 2) == costs
