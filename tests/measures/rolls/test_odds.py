"""What a sketch lets expect is what independent cells say, by counting all that there can be."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from torch import Tensor

from musicvae.measures.rolls.odds import Odds, find_odds

LANES, STEPS = 2, 4


@pytest.fixture(scope="module")
def logits() -> Tensor:
    return torch.randn(3, STEPS, 2, LANES, generator=torch.Generator().manual_seed(0)).double()


@pytest.fixture(scope="module")
def odds(logits: Tensor) -> Odds:
    return find_odds(logits, torch.ones(3).double(), torch.tensor([4, 4, 3]))


def chance_of_set(chances: list[float], said: tuple[bool, ...]) -> float:
    total = 1.0
    for chance, on in zip(chances, said, strict=True):
        total *= chance if on else 1 - chance
    return total


def chances_at_barline(logits: Tensor, measure: int) -> list[float]:
    """Return the chances of symbols at a measure's first step: held notes, then onsets."""
    onset, sounds = logits[measure, 0].sigmoid().tolist()
    held = [on * (1 - begins) for on, begins in zip(sounds, onset, strict=True)]
    return [*held, *onset]


def test_a_set_of_notes_is_as_likely_as_its_cells(logits: Tensor, odds: Odds) -> None:
    chances = chances_at_barline(logits, 1)
    row = odds.of_symbols(torch.tensor([1]), torch.tensor([0]))[0]
    for said in product([False, True], repeat=2 * LANES):
        total, last = 0.0, -1
        for symbol in [*[index for index, on in enumerate(said) if on], 2 * LANES]:
            total += float(row[last + 1 :].log_softmax(-1)[symbol - last - 1])
            last = symbol
        assert total == pytest.approx(torch.tensor(chance_of_set(chances, said)).log().item(), abs=1e-4)


def test_within_a_measure_nothing_is_held(odds: Odds) -> None:
    row = odds.of_symbols(torch.tensor([0]), torch.tensor([2]))[0]
    assert row.softmax(-1)[:LANES].sum() < 1e-9


def test_a_length_is_as_likely_as_its_cells(logits: Tensor, odds: Odds) -> None:
    onset, sounds = logits[2, :, 0, 1].sigmoid().tolist(), logits[2, :, 1, 1].sigmoid().tolist()
    goes_on = [on * (1 - begins) for on, begins in zip(sounds, onset, strict=True)]
    expected = [1 - goes_on[2], goes_on[2]]  # from step 1 in a measure of three steps
    two, one, room = torch.tensor([2]), torch.tensor([1]), torch.tensor([2])
    found = odds.of_lengths(two, one, one, room)[0, :2].exp()
    assert found.tolist() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("measure", "steps"), [(1, 4), (2, 3)])
@pytest.mark.parametrize("step", [0, 1, 2])
def test_the_next_onset_is_as_likely_as_the_cells_until_then(
    logits: Tensor, odds: Odds, measure: int, steps: int, step: int
) -> None:
    nothing = (1 - logits[measure, :, 0].sigmoid()).prod(-1).tolist()
    expected, left = [], 1.0
    for later in range(step + 1, steps):
        expected.append(left * (1 - nothing[later]))
        left *= nothing[later]
    found = odds.of_when(torch.tensor([measure]))[0]
    beside = torch.cat([found[step + 1 : steps], found[-1:]]).softmax(-1)
    assert beside.tolist() == pytest.approx([*expected, left], rel=1e-4)


def test_without_trust_a_sketch_says_nothing(logits: Tensor) -> None:
    odds = find_odds(logits, torch.zeros(3).double(), torch.full((3,), STEPS))
    measure = step = lane = torch.tensor([0, 1])
    assert not odds.of_symbols(measure, step).any()
    assert not odds.of_when(measure).any()
    assert not odds.of_lengths(measure, step, lane, torch.tensor([4, 3])).any()
