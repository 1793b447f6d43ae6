"""What a sketch lets expect is what independent cells say, by counting all that there can be."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from torch import Tensor

from musicvae.measures.rolls.drawing import BEGINS, LASTS
from musicvae.measures.rolls.odds import Odds, find_odds
from musicvae.measures.rolls.sketch import Sketched
from musicvae.midi.songs.pianoroll import ONSET

LANES, STEPS = 2, 4


@pytest.fixture(scope="module")
def logits() -> Tensor:
    return torch.randn(3, STEPS, 2, LANES, generator=torch.Generator().manual_seed(0)).double()


@pytest.fixture(scope="module")
def odds(logits: Tensor) -> Odds:
    return find_odds(Sketched(logits, None, 1), torch.ones(3).double(), torch.tensor([4, 4, 3]))


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
    odds = find_odds(Sketched(logits, None, 1), torch.zeros(3).double(), torch.full((3,), STEPS))
    measure = step = lane = torch.tensor([0, 1])
    assert not odds.of_symbols(measure, step).any()
    assert not odds.of_when(measure).any()
    assert not odds.of_lengths(measure, step, lane, torch.tensor([4, 3])).any()


# ---- slices of several steps


SIZE, PARTS = 2, 2


@pytest.fixture(scope="module")
def fine() -> Sketched:
    """Return a sketch of a measure of two slices of two steps, of two parts with a lane each."""
    generator = torch.Generator().manual_seed(1)
    cells = torch.randn(1, STEPS // SIZE, 2, LANES, generator=generator).double()
    return Sketched(cells, torch.randn(1, STEPS, 2, PARTS, generator=generator).double(), SIZE)


@pytest.fixture(scope="module")
def fine_odds(fine: Sketched) -> Odds:
    return find_odds(fine, torch.ones(1).double(), torch.tensor([STEPS]))


def chances_of_onsets(fine: Sketched) -> Tensor:
    """Return the chance that each lane, a part's only one, begins something at each step, (steps, lanes)."""
    assert fine.places is not None
    in_slice = fine.cells[0, :, ONSET].sigmoid().repeat_interleave(SIZE, 0)
    return in_slice * fine.places[0, :, BEGINS].sigmoid()


def test_in_a_slice_something_begins_next_at_one_of_its_places(fine: Sketched, fine_odds: Odds) -> None:
    nothing = (1 - chances_of_onsets(fine)).prod(-1).tolist()
    expected, left = [], 1.0
    for later in range(1, STEPS):
        expected.append(left * (1 - nothing[later]))
        left *= nothing[later]
    found = fine_odds.of_when(torch.tensor([0]))[0, 1:].softmax(-1)
    assert found.tolist() == pytest.approx([*expected, left], rel=1e-4)


@pytest.mark.parametrize("step", [0, 1, 3])
def test_a_note_begins_as_its_slice_and_place_say(fine: Sketched, fine_odds: Odds, step: int) -> None:
    chances = chances_of_onsets(fine)[step]
    if step > 0:  # something does begin there, or there would be no row
        chances = chances / (1 - (1 - chances).prod())
    row = fine_odds.of_symbols(torch.tensor([0]), torch.tensor([step]))[0]
    alone = row[2 * LANES - 1 :].softmax(-1)[0]  # the highest lane, beside "no more"
    assert alone.item() == pytest.approx(chances[-1].item(), rel=1e-4)


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_note_ends_as_the_slices_after_it_and_their_places_say(
    fine: Sketched, fine_odds: Odds, step: int
) -> None:
    assert fine.places is not None
    lane = torch.tensor([1])
    onset, sounds = fine.cells[0, 1, :, 1].sigmoid().tolist()
    goes_on = sounds * (1 - onset)  # into the second slice, the last one
    last = fine.places[0, :, LASTS, 1].sigmoid().tolist()
    of_slice = [1 - goes_on, goes_on] if step < SIZE else [0, 1]
    expected = []
    for at in range(step, STEPS):
        within = [last[place] for place in range(STEPS) if place // SIZE == at // SIZE and place >= step]
        expected.append(of_slice[at // SIZE] * last[at] / sum(within))
    found = fine_odds.of_lengths(torch.tensor([0]), torch.tensor([step]), lane, torch.tensor([STEPS - step]))
    assert found[0, : STEPS - step].exp().tolist() == pytest.approx(expected, rel=1e-4)
