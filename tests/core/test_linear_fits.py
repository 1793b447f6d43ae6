from __future__ import annotations

import pytest
import torch

from musicvae.core.linear_fits import find_components, fit_ridge


def draw(deviations: list[float], width: int = 12, rows: int = 5000) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows that differ so much along some directions, and those directions."""
    generator = torch.Generator().manual_seed(0)
    directions = torch.linalg.qr(torch.randn(width, len(deviations), generator=generator))[0].T
    along = torch.randn(rows, len(deviations), generator=generator) * torch.tensor(deviations)
    return along @ directions + 3, directions


def test_the_directions_in_which_rows_differ_are_found_from_the_widest() -> None:
    rows, directions = draw([5.0, 2.0, 0.5])
    mean, found, deviations = find_components(rows, 3)
    torch.testing.assert_close(mean, torch.full((12,), 3.0), atol=0.2, rtol=0)
    torch.testing.assert_close(deviations, torch.tensor([5.0, 2.0, 0.5]), rtol=0.05, atol=0)
    torch.testing.assert_close((found @ directions.T).abs(), torch.eye(3), atol=0.05, rtol=0)


@pytest.mark.parametrize("shape", [(7, 5), (5, 7)])
def test_all_components_together_say_rows_exactly(shape: tuple[int, int]) -> None:
    rows = torch.randn(*shape, generator=torch.Generator().manual_seed(0))
    mean, directions, deviations = find_components(rows, 9)
    assert len(directions) == len(deviations) == 5
    torch.testing.assert_close((rows - mean) @ directions.T @ directions + mean, rows)
    along = (rows - mean) @ directions.T
    torch.testing.assert_close(along.square().mean(0).sqrt(), deviations, atol=1e-3, rtol=0)


def test_there_are_no_more_than_asked_for() -> None:
    mean, directions, deviations = find_components(draw([5.0, 2.0, 0.5])[0], 2)
    assert (directions.shape, deviations.shape) == ((2, 12), (2,))


def test_a_linear_map_is_found_again() -> None:
    generator = torch.Generator().manual_seed(0)
    x, weight = torch.randn(500, 3, generator=generator), torch.randn(4, 3, generator=generator)
    found = fit_ridge(x, x @ weight.T + 2, noise=0.0)
    torch.testing.assert_close(found.weight, weight)
    torch.testing.assert_close(found.bias, torch.full((4,), 2.0))


def test_the_noise_of_x_is_reckoned_with() -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(20_000, 1, generator=generator)
    noisy = x + torch.randn(20_000, 1, generator=generator)
    expected = fit_ridge(noisy, x, noise=0.0).weight  # least squares by x that is noisy already
    torch.testing.assert_close(fit_ridge(x, x, noise=1.0).weight, expected, rtol=0.05, atol=0)
    assert float(expected) == pytest.approx(0.5, abs=0.02)


def test_numbers_that_say_nothing_are_no_matter() -> None:
    still = torch.tensor([[1.0, 2.0]]).expand(9, 2)
    assert bool(fit_ridge(still, still, noise=0.1).weight.isfinite().all())
    assert bool(find_components(still, 2).directions.isfinite().all())
