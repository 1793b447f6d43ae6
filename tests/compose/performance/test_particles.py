from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import cast

import numpy as np
import pytest
import torch
from torch import Tensor

from musicvae.compose.performance.particles import BORROWED, Particles
from musicvae.core.categorical import Draw
from musicvae.measures.data.noisy_codes import NoisyCodes, absent
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.side_by_side import Writing, begin_writing
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes, split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

PITCHES = [60, 62, 64]
# How likely each pitch is at first, and after each pitch.
FIRST = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
AFTER = torch.tensor([[0.1, 0.6, 0.3], [0.2, 0.2, 0.6], [0.7, 0.2, 0.1]], dtype=torch.float64)


def measure_of(pitch: int) -> MeasureNotes:
    return np.array([(0, 0, 4, pitch, 0, 80, False)], MEASURE_NOTE)


class Dice:
    """Stands for a writing: measures of one note, each as likely as a table says."""

    def __init__(self, by_measure: list[list[MeasureNotes]]) -> None:
        self.by_measure = by_measure

    def no_codes(self, measures: int) -> NoisyCodes:
        return absent(torch.zeros(measures, 1))

    @property
    def at(self) -> int:
        return len(self.by_measure[0])

    def select(self, songs: Sequence[int]) -> Dice:
        return Dice([list(self.by_measure[song]) for song in songs])

    def fit(self, song: int, measure: MeasureNotes) -> MeasureNotes:
        return measure.copy()

    def write(self, noisy: NoisyCodes, draw: Draw) -> Dice:
        drawn = torch.multinomial(self._chances(), 1, generator=draw.generator).squeeze(1)
        return self._after([measure_of(PITCHES[number]) for number in drawn.tolist()])

    def hear(self, by_measure: Sequence[Sequence[MeasureNotes]]) -> tuple[Dice, Tensor]:
        writing, heard = self, []
        for measure in zip(*by_measure, strict=True):
            number = [PITCHES.index(notes["pitch"][0]) for notes in measure]
            heard.append(writing._chances()[torch.arange(len(number)), number].log())
            writing = writing._after(measure)
        return writing, torch.stack(heard, dim=1)

    def _after(self, measures: Sequence[MeasureNotes]) -> Dice:
        return Dice([[*own, measure] for own, measure in zip(self.by_measure, measures, strict=True)])

    def _chances(self) -> Tensor:
        last = [
            PITCHES.index(by_measure[-1]["pitch"][0]) if by_measure else -1 for by_measure in self.by_measure
        ]
        return torch.stack([FIRST if number < 0 else AFTER[number] for number in last])


def seeded(seed: int = 0) -> Draw:
    return Draw(1.0, torch.Generator().manual_seed(seed))


def dice(count: int, seed: int = 0) -> Particles:
    return Particles(cast(Writing, Dice([[] for _ in range(count)])), seeded(seed))


def said(particles: Particles) -> list[tuple[int, ...]]:
    return [tuple(int(notes["pitch"][0]) for notes in measures) for measures in particles.writing.by_measure]


# ---- importance weights


def test_what_is_drawn_without_anything_to_borrow_weighs_alike() -> None:
    particles = dice(50)
    particles.draw_measure([])
    assert particles.log_weight.tolist() == [0] * 50
    assert len(set(said(particles))) == 3


def test_a_weight_is_the_likelihood_over_the_chance_of_the_proposal() -> None:
    particles = dice(200)
    particles.draw_measure([measure_of(60), measure_of(64), measure_of(64), measure_of(64)])
    lent = {60: 0.25, 62: 0.0, 64: 0.75}
    for (pitch,), log_weight in zip(said(particles), particles.log_weight.tolist(), strict=True):
        p = float(FIRST[PITCHES.index(pitch)])
        q = (1 - BORROWED) * p + BORROWED * lent[pitch]
        assert log_weight == pytest.approx(math.log(p / q))


def test_proposals_come_as_often_as_their_chance_says() -> None:
    particles = dice(4000)
    particles.draw_measure([measure_of(64)])
    share = [said(particles).count((pitch,)) / 4000 for pitch in PITCHES]
    assert share == pytest.approx([0.25, 0.15, 0.6], abs=0.03)


def test_weighed_particles_are_as_likely_as_the_decoder_has_it() -> None:
    particles = dice(4000)
    particles.draw_measure([measure_of(64)])
    weight = particles.log_weight.softmax(0).numpy()
    share = [weight[[each == (pitch,) for each in said(particles)]].sum() for pitch in PITCHES]
    assert share == pytest.approx(FIRST.tolist(), abs=0.03)
    assert particles.log_weight.exp().mean().item() == pytest.approx(1, abs=0.03)


def test_resampled_and_weighed_particles_are_as_likely_as_what_follows_makes_them() -> None:
    particles = dice(6000)
    for _ in range(2):
        particles.resample()
        particles.draw_measure([measure_of(64), measure_of(62)])
    following = [[measure_of(60), measure_of(62)]] * 6000
    particles.writing, log_prob = particles.writing.hear(following)
    particles.log_weight += log_prob.sum(1).double()
    weight = particles.log_weight.softmax(0).numpy()
    exact = {
        (PITCHES[one], PITCHES[two]): float(FIRST[one] * AFTER[one, two] * AFTER[two, 0] * AFTER[0, 1])
        for one, two in product(range(3), repeat=2)
    }
    for pair, chance in exact.items():
        share = weight[[each == (*pair, 60, 62) for each in said(particles)]].sum()
        assert share == pytest.approx(chance / sum(exact.values()), abs=0.03)


# ---- with a decoder


MELODY = ENSEMBLES["melody"]
TWO = Meter(2, 4)


def test_weights_are_right_where_notes_are_held(model: MeasureVAE) -> None:
    # Two of the measures that can be lent differ only in whether the first note is held, as it can be here.
    opening = Song(make_notes([(0, 8, 60, 80, 0)]), (TWO,), MELODY)
    long = Song(make_notes([(4, 8, 60, 80, 0)]), (TWO,) * 2, MELODY)
    struck = Song(make_notes([(0, 4, 60, 80, 0)]), (TWO,), MELODY)
    lendable = [split_measures(long)[1], split_measures(struck)[0], split_measures(struck)[0]]
    writing, _ = begin_writing(model, [SongOutline((TWO,) * 2)] * 30).hear([split_measures(opening)] * 30)
    before = writing.select([0])
    particles = Particles(writing, seeded())
    particles.draw_measure(lendable)
    shares = []
    for by_measure, log_weight in zip(
        particles.writing.by_measure, particles.log_weight.tolist(), strict=True
    ):
        measure = by_measure[-1]
        log_p = float(before.hear([[measure]]).log_prob)
        lent = 0.0
        if measure[["step", "length", "pitch"]].tolist() == [(0, 4, 60)]:
            lent = 1 / 3 if measure["held"][0] else 2 / 3
            shares.append(lent)
        q = (1 - BORROWED) * math.exp(log_p) + BORROWED * lent
        assert log_weight == pytest.approx(log_p - math.log(q), abs=1e-4)
    assert set(shares) == {1 / 3, 2 / 3}


# ---- resampling


def with_weights(*weights: float, seed: int = 0) -> Particles:
    particles = dice(len(weights), seed)
    own = [[np.array([(0, 0, 4, number, 0, 80, False)], MEASURE_NOTE)] for number in range(len(weights))]
    particles.writing = cast(Writing, Dice(own))
    particles.log_weight = torch.tensor(weights, dtype=torch.float64).log()
    return particles


@pytest.mark.parametrize(
    ("weights", "copied"),
    [
        ([1, 1, 1, 1], False),
        ([1, 1, 1e-9, 1e-9], False),  # two of four count for something: just enough
        ([1, 0.9, 1e-9, 1e-9], True),
        ([0, 0, 5, 0], True),
    ],
)
def test_particles_are_drawn_anew_only_if_too_few_count(weights: list[float], copied: bool) -> None:
    particles = with_weights(*weights)
    before = particles.writing
    particles.resample()
    assert (particles.writing is not before) is copied
    if copied:
        assert particles.log_weight.tolist() == [0] * 4


@pytest.mark.parametrize("seed", range(20))
def test_each_particle_is_copied_as_often_as_it_weighs_give_or_take_one(seed: int) -> None:
    weights = [0.61, 0.03, 0.0, 0.2, 0.01, 0.05, 0.1, 0.0]
    particles = with_weights(*weights, seed=seed)
    particles.resample()
    copies = np.bincount([pitch for (pitch,) in said(particles)], minlength=8)
    expected = 8 * np.array(weights)
    assert copies.sum() == 8
    assert np.all((np.floor(expected) <= copies) & (copies <= np.ceil(expected)))


def test_on_average_each_particle_is_copied_as_often_as_it_weighs() -> None:
    weights, copies = [0.7, 0.1, 0.15, 0.05], np.zeros(4)
    for seed in range(400):
        particles = with_weights(*weights, seed=seed)
        particles.resample()
        copies += np.bincount([pitch for (pitch,) in said(particles)], minlength=4)
    assert (copies / 400).tolist() == pytest.approx([2.8, 0.4, 0.6, 0.2], abs=0.08)
