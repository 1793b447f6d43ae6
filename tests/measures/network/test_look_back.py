from __future__ import annotations

import pytest
import torch
from torch import Tensor

from musicvae.measures.network.look_back import (
    ALWAYS,
    NEVER,
    LookBack,
    Past,
    Spots,
    join,
    lengthen,
    sight,
    sight_as_read,
)

HIDDEN, STEPS = 8, 3  # measures of three steps
REACH = 2


def spots_of(measures: int, first: int = 0, windows: int = 1) -> Spots:
    """Return the spots of all steps of some measures of three steps."""
    measure = torch.arange(first, first + measures).repeat_interleave(STEPS)
    step = torch.arange(STEPS).repeat(measures)
    return Spots(*(x.unsqueeze(1).expand(-1, windows) for x in (measure, step)))


def states_of(spots: Spots, seed: int) -> Tensor:
    return torch.randn(*spots.measure.shape, HIDDEN, generator=torch.Generator().manual_seed(seed))


def make_look(reach: int = REACH) -> LookBack:
    """Return a part that looks back and likes nothing better than anything else, but with a say."""
    torch.manual_seed(0)
    look = LookBack(HIDDEN, STEPS, reach).requires_grad_(False)
    for weight in (look.out.weight, look.out.bias, look.by_distance, look.by_step, look.nothing):
        torch.nn.init.normal_(weight, std=0.5)
    return look


def read(look: LookBack, x: Tensor, said: Tensor, spots: Spots, past: Past | None = None) -> Tensor:
    """Return what comes of spots that look back at a past and at those of them that were before."""
    past = join(look.blank(x.shape[1]) if past is None else past, look.remember(x, said, spots))
    return look(x, look.wanted(spots), past, sight_as_read(spots, past.measure, look.reach))


def influence(output: Tensor, on: Tensor) -> Tensor:
    """Return which rows of the output (S, 1, H) depend on which of the input (S, 1, H), bool, (S, S)."""
    rows = [torch.autograd.grad(step.sum(), on, retain_graph=True)[0][:, 0].abs().sum(1) for step in output]
    return torch.stack(rows) > 0


@pytest.mark.parametrize("reach", [1, 2, 3, 9])
def test_a_step_finds_what_was_said_before_it_and_within_reach_and_nothing_else(reach: int) -> None:
    spots = spots_of(4)
    x, said = states_of(spots, 1), states_of(spots, 2).requires_grad_()
    step, measure = torch.arange(12), spots.measure[:, 0]
    before = step < step.unsqueeze(1)
    near = measure > measure.unsqueeze(1) - reach
    assert torch.equal(influence(read(make_look(reach), x, said, spots), said), before & near)


def test_a_step_knows_of_no_state_after_it() -> None:
    spots = spots_of(4)
    x = states_of(spots, 1).requires_grad_()
    output = read(make_look(reach=9), x, states_of(spots, 2), spots)
    assert torch.equal(influence(output, x), torch.ones(12, 12).tril() == 1)


def test_the_first_step_of_a_song_finds_nothing() -> None:
    look, spots = make_look(), spots_of(1)
    x = states_of(spots, 1)
    first = read(look, x, states_of(spots, 2), spots)[0]
    torch.testing.assert_close(first, x[0] + look.out.bias)


def test_before_it_learns_it_changes_nothing() -> None:
    spots = spots_of(3)
    x = states_of(spots, 1)
    assert torch.equal(read(LookBack(HIDDEN, STEPS, REACH), x, states_of(spots, 2), spots), x)


@pytest.mark.parametrize("by", [1, 2, 3, 4, 5, 11, 1000])
def test_only_distances_count_and_not_where_in_the_song_a_measure_is(by: int) -> None:
    look, here, there = make_look(reach=3), spots_of(5), spots_of(5, first=by)
    x, said = states_of(here, 1), states_of(here, 2)
    torch.testing.assert_close(read(look, x, said, there), read(look, x, said, here))


# ---- parts made by hand: values are found as they were said, states play no part


def make_plain(reach: int) -> LookBack:
    look = LookBack(HIDDEN, STEPS, reach).requires_grad_(False)
    for weight in (
        look.to_query.weight,
        look.to_query.bias,
        look.by_step,
        look.to_value.bias,
        look.out.bias,
    ):
        torch.nn.init.zeros_(weight)
    for weight in (look.to_value.weight, look.out.weight):
        torch.nn.init.eye_(weight)
    return look


@pytest.mark.parametrize("first", [0, 1, 2, 3, 100])
@pytest.mark.parametrize("distance", [1, 2, 3])
def test_what_was_at_this_place_so_many_measures_ago_is_found_by_biases_alone(
    distance: int, first: int
) -> None:
    look, spots = make_plain(reach=4), spots_of(6, first)
    look.by_distance[:, distance] = 50
    look.by_step[:] = 50
    x, said = states_of(spots, 1), states_of(spots, 2)
    found = read(look, x, said, spots) - x
    ago = distance * STEPS
    torch.testing.assert_close(found[ago:], said[:-ago], atol=1e-5, rtol=0)


def test_without_any_liking_a_step_finds_the_mean_of_what_it_sees_and_of_nothing() -> None:
    look, spots = make_plain(reach=2), spots_of(3)
    x, said = states_of(spots, 1), states_of(spots, 2)
    found = read(look, x, said, spots) - x
    torch.testing.assert_close(found[2], (0 + said[0] + said[1]) / 3)
    torch.testing.assert_close(found[7], said[3:7].sum(0) / 5)  # the first measure is out of reach


@pytest.mark.parametrize(("liking", "share"), [(100.0, 0.0), (0.0, 2 / 3), (-100.0, 1.0)])
def test_a_step_may_choose_to_find_nothing(liking: float, share: float) -> None:
    look, spots = make_plain(reach=2), spots_of(1)
    look.to_query.bias[:] = 1
    look.to_key.weight[:] = 0
    look.to_key.bias[:] = 0
    look.nothing[:] = liking
    x, said = states_of(spots, 1), states_of(spots, 2)
    found = read(look, x, said, spots) - x
    torch.testing.assert_close(found[2], share * (said[0] + said[1]) / 2, atol=1e-5, rtol=0)


def test_each_head_has_likings_of_its_own() -> None:
    look, spots = make_plain(reach=3), spots_of(3)
    look.by_step[:] = 50
    look.by_distance[0, 1] = look.by_distance[1, 2] = 50
    x, said = states_of(spots, 1), states_of(spots, 2)
    found = (read(look, x, said, spots) - x)[6, 0]
    torch.testing.assert_close(found[:2], said[3, 0, :2], atol=1e-5, rtol=0)
    torch.testing.assert_close(found[2:4], said[0, 0, 2:4], atol=1e-5, rtol=0)


# ---- songs read in parts, and side by side


@pytest.mark.parametrize("first", [1, 2, 3])
def test_steps_read_in_two_parts_find_what_they_find_in_one(first: int) -> None:
    look, spots = make_look(), spots_of(4)
    x, said = states_of(spots, 1), states_of(spots, 2)
    edge = first * STEPS
    earlier, later = (Spots(*(field[part] for field in spots)) for part in (slice(edge), slice(edge, None)))
    past = join(look.blank(1), look.remember(x[:edge], said[:edge], earlier))
    second = read(look, x[edge:], said[edge:], later, past)
    torch.testing.assert_close(second, read(look, x, said, spots)[edge:])


def test_a_step_alone_sees_all_of_the_past_that_is_near() -> None:
    past = torch.tensor([[ALWAYS, 0, 0, 1, 1, 2, NEVER]])
    here = Spots(torch.tensor([[2]]), torch.tensor([[1]]))
    assert sight(here, past, 2).tolist() == [[[True, False, False, True, True, True, False]]]
    assert sight(here, past, 1).tolist() == [[[True, False, False, False, False, True, False]]]


def test_steps_that_do_not_exist_are_seen_by_none() -> None:
    look, spots = make_look(), spots_of(3)
    gap = torch.tensor([4, 5])
    spots.measure[gap] = NEVER
    x, said = states_of(spots, 1), states_of(spots, 2)
    other = said.clone()
    other[gap] += 1
    exists = spots.measure[:, 0] != NEVER
    assert torch.equal(read(look, x, other, spots)[exists], read(look, x, said, spots)[exists])


def test_windows_do_not_see_each_other() -> None:
    look, spots = make_look(), spots_of(3, windows=2)
    x, said = states_of(spots, 1), states_of(spots, 2)
    other = said.clone()
    other[:, 1] += 1
    one, two = (read(look, x, each, spots) for each in (said, other))
    assert torch.equal(one[:, 0], two[:, 0])
    assert not torch.allclose(one[1:, 1], two[1:, 1])


def test_room_for_more_is_seen_by_none_until_it_is_filled() -> None:
    look, spots = make_look(), spots_of(2)
    x, said = states_of(spots, 1), states_of(spots, 2)
    past = join(look.blank(1), look.remember(x, said, spots))
    longer = lengthen(past, 4)
    assert [field.shape[-1] for field in (past.measure, longer.measure)] == [7, 11]
    here = spots_of(1, first=2)
    wanted = look.wanted(here)
    found, expected = (look(x[:3], wanted, p, sight(here, p.measure, look.reach)) for p in (longer, past))
    torch.testing.assert_close(found, expected)
