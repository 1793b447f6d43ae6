from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from musicvae.core.corruption import Corruption, clipped, dropped_cells, gaussian_noise, in_turn, keep

X = torch.linspace(1, 2, 40_000).view(200, 200)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_keeping_changes_nothing() -> None:
    assert keep(X) is X


def test_noise_has_no_mean_and_the_spread_asked_for() -> None:
    noise = gaussian_noise(0.3)(X, seeded()) - X
    assert noise.mean().abs() < 0.01
    assert noise.std() == pytest.approx(0.3, rel=0.02)


def test_dropped_cells_are_zero_and_the_others_as_they_were() -> None:
    corrupted = dropped_cells(0.25)(X, seeded())
    dropped = corrupted == 0
    assert dropped.float().mean() == pytest.approx(0.25, abs=0.01)
    assert torch.equal(corrupted[~dropped], X[~dropped])


def test_no_cells_are_dropped_at_a_rate_of_zero() -> None:
    assert torch.equal(dropped_cells(0.0)(X, None), X)


@pytest.mark.parametrize("corrupt", [gaussian_noise(0.3), dropped_cells(0.25)])
def test_the_same_seed_corrupts_in_the_same_way(corrupt: Corruption[torch.Tensor]) -> None:
    assert torch.equal(corrupt(X, seeded(1)), corrupt(X, seeded(1)))
    assert not torch.equal(corrupt(X, seeded(1)), corrupt(X, seeded(2)))


@pytest.mark.parametrize(
    ("make", "value", "words"),
    [
        (gaussian_noise, -0.1, "negative"),
        (dropped_cells, 1.0, r"\[0, 1\)"),
        (dropped_cells, -0.1, r"\[0, 1\)"),
    ],
)
def test_an_impossible_corruption_is_refused(
    make: Callable[[float], object], value: float, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        make(value)


def test_a_clipped_corruption_stays_between_its_bounds() -> None:
    noisy, free = clipped(gaussian_noise(0.5), 1, 2)(X, seeded()), gaussian_noise(0.5)(X, seeded())
    assert (noisy.min().item(), noisy.max().item()) == (1, 2)
    inside = (free > 1) & (free < 2)
    assert torch.equal(noisy[inside], free[inside])


def test_corruptions_in_turn_each_do_their_part() -> None:
    def add(x: torch.Tensor, _: torch.Generator | None) -> torch.Tensor:
        return x + 1

    def double(x: torch.Tensor, _: torch.Generator | None) -> torch.Tensor:
        return x * 2

    assert torch.equal(in_turn(add, double)(X, None), (X + 1) * 2)
    nothing: Corruption[torch.Tensor] = in_turn()
    assert nothing(X, None) is X
