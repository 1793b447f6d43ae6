from __future__ import annotations

import torch

from musicvae.core.components import find_components


def draw(deviations: list[float], width: int = 12, rows: int = 5000) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows that differ so much along some directions, and those directions."""
    torch.manual_seed(0)
    directions = torch.linalg.qr(torch.randn(width, len(deviations)))[0].T
    return torch.randn(rows, len(deviations)) * torch.tensor(deviations) @ directions + 3, directions


def test_the_directions_in_which_rows_differ_are_found_from_the_widest() -> None:
    rows, directions = draw([5.0, 2.0, 0.5])
    mean, found, deviations = find_components(rows, 3)
    torch.testing.assert_close(mean, torch.full((12,), 3.0), atol=0.2, rtol=0)
    torch.testing.assert_close(deviations, torch.tensor([5.0, 2.0, 0.5]), rtol=0.05, atol=0)
    torch.testing.assert_close((found @ directions.T).abs(), torch.eye(3), atol=0.05, rtol=0)


def test_there_are_as_many_as_asked_for_and_no_more_than_there_can_be() -> None:
    rows = torch.randn(7, 5, generator=torch.Generator().manual_seed(0))
    assert [len(find_components(rows, most).deviations) for most in (2, 5, 9)] == [2, 5, 5]
    assert len(find_components(rows[:3], 9).directions) == 3
