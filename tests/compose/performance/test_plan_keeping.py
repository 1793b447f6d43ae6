from __future__ import annotations

import numpy as np
import pytest
import torch

from musicvae.compose.performance.plan_keeping import FREEST, VARIED, PlanKeeper
from musicvae.measures.data.noisy_codes import absent, add_noise
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_written
from musicvae.measures.writing.side_by_side import Writing, begin_writing
from musicvae.midi.form.plans import Plan
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes
from musicvae.midi.songs.song import Meter


def measure_of(*notes: tuple[int, int, int]) -> MeasureNotes:
    """Return a measure of some (step, length, pitch)."""
    return np.array([(0, *note, 0, 80, False) for note in notes], MEASURE_NOTE)


def plan_of(*source: int, varied: tuple[int, ...] = (), upbeat: bool = False) -> Plan:
    return Plan(np.array(source), np.isin(np.arange(len(source)), varied), upbeat)


UP, DOWN, REST = measure_of((0, 4, 60), (4, 4, 64)), measure_of((0, 4, 67), (4, 4, 62)), measure_of()


@pytest.fixture
def writing(model: MeasureVAE) -> Writing:
    """Return two pieces that have begun: up and down, and a rest and up."""
    writing = begin_writing(model, [SongOutline((Meter(2, 4),) * 5)] * 2)
    return writing.hear([[UP, DOWN], [REST, UP]]).writing


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_a_measure_that_says_another_again_is_known(writing: Writing) -> None:
    keeper = PlanKeeper(writing, [plan_of(-1, -1, 0, 1, -1), plan_of(-1, -1, -1, 2, -1)])
    again = keeper.repeat()
    assert list(again) == [0]
    assert again[0][["step", "length", "pitch"]].tolist() == [(0, 4, 60), (4, 4, 64)]


def test_a_varied_measure_is_told_the_code_of_its_source_with_some_freedom(writing: Writing) -> None:
    plans = [plan_of(-1, -1, -1, -1, -1), plan_of(-1, -1, 1, -1, -1, varied=(2,))]
    keeper = PlanKeeper(writing, plans, seeded())
    assert keeper.repeat() == {}
    told = keeper.take_up(absent(torch.zeros(2, 6)))
    rough = add_noise(encode_written(writing, [1], [1]).mean, torch.tensor([VARIED]), seeded())
    assert torch.equal(told.code[1:], rough.code)
    assert told.freedom.tolist() == pytest.approx([1, VARIED])


def test_a_varied_measure_that_is_drawn_anew_is_ever_freer(writing: Writing) -> None:
    plans = [plan_of(-1, -1, -1, -1, -1), plan_of(-1, -1, 1, -1, -1, varied=(2,))]
    often, gone = [0, 0, 1, 1, 1], [0, 0.5, 0, 0.5, 1]
    told = PlanKeeper(writing, plans, seeded()).loosen(absent(torch.zeros(2, 6)), often, gone)
    expected = [1, 1, VARIED, (VARIED + FREEST) / 2, FREEST]
    assert told.freedom.tolist() == pytest.approx(expected)
    codes = encode_written(writing, [1], [1]).mean.expand(3, -1)
    rough = add_noise(codes, torch.tensor(expected[2:]), seeded())
    torch.testing.assert_close(told.code[2:], rough.code)


def test_where_nothing_is_varied_hints_stay_and_nothing_is_drawn(writing: Writing) -> None:
    noisy, generator = absent(torch.zeros(2, 6)), seeded()
    assert PlanKeeper(writing, [None, plan_of(-1, -1, -1, 0, -1)], generator).take_up(noisy) is noisy
    assert torch.equal(generator.get_state(), seeded().get_state())


def test_what_is_new_or_varied_must_be_no_copy(writing: Writing) -> None:
    keeper = PlanKeeper(writing, [plan_of(-1, -1, -1, -1, -1), plan_of(-1, -1, 1, -1, -1, varied=(2,))])
    assert [keeper.accepts(0, measure) for measure in (UP, DOWN, measure_of((0, 8, 60)))] == [
        False,
        False,
        True,
    ]
    assert [keeper.accepts(1, measure) for measure in (UP, DOWN, measure_of((0, 8, 60)))] == [
        False,
        True,
        True,
    ]


def test_a_copy_that_holds_its_first_note_is_one_too(writing: Writing) -> None:
    held = UP.copy()
    held["held"][0] = True
    assert not PlanKeeper(writing, [plan_of(*[-1] * 5), None]).accepts(0, held)


def test_silence_may_come_again(writing: Writing) -> None:
    assert PlanKeeper(writing, [None, plan_of(*[-1] * 5)]).accepts(1, REST)


def test_without_a_plan_everything_may_come_again(writing: Writing) -> None:
    keeper = PlanKeeper(writing, [None, None])
    assert keeper.accepts(0, UP)
    assert keeper.repeat() == {}


def test_after_the_end_of_a_shorter_plan_nothing_is_asked(writing: Writing) -> None:
    keeper = PlanKeeper(writing, [plan_of(-1, -1), None])
    assert keeper.accepts(0, UP)
    assert keeper.repeat() == {}


@pytest.mark.parametrize("upbeat", [False, True])
def test_the_plan_says_whether_a_piece_begins_with_an_upbeat(model: MeasureVAE, upbeat: bool) -> None:
    keeper = PlanKeeper(
        begin_writing(model, [SongOutline((Meter(2, 4),) * 2)]), [plan_of(-1, -1, upbeat=upbeat)]
    )
    assert keeper.accepts(0, measure_of((4, 4, 60))) is upbeat
    assert keeper.accepts(0, measure_of((0, 4, 60))) is not upbeat
    assert keeper.accepts(0, REST)


def test_what_comes_later_is_taken_note_of(writing: Writing) -> None:
    keeper = PlanKeeper(writing, [plan_of(*[-1] * 5)] * 2)
    assert keeper.accepts(1, DOWN)
    keeper.keep(writing.hear([[UP], [DOWN]]).writing)
    assert not keeper.accepts(1, DOWN)
