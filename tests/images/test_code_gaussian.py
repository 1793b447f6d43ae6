from __future__ import annotations

import pytest
import torch

from musicvae.errors import PictureError
from musicvae.images.code_cloud import measure_cloud
from musicvae.images.code_gaussian import (
    draw_codes,
    fit_gaussian,
    lay_map,
    share_of_plane,
    standard_gaussian,
)


def chance() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_codes_of_the_prior_are_standard_normal() -> None:
    codes = draw_codes(standard_gaussian(3), 20_000, chance())
    assert torch.allclose(codes.mean(0), torch.zeros(3), atol=0.03)
    assert torch.allclose(torch.cov(codes.T), torch.eye(3), atol=0.04)


def test_codes_of_a_fitted_gaussian_have_the_mean_and_covariance_of_those_it_was_fitted_to() -> None:
    mix = torch.tensor([[2.0, 0, 0], [1, 1, 0], [0, -0.5, 0.1]])
    codes = torch.randn(5000, 3, generator=chance()) @ mix.T + torch.tensor([5.0, -1, 0])
    cloud = measure_cloud(codes)
    drawn = draw_codes(fit_gaussian(cloud), 50_000, chance())
    assert torch.allclose(drawn.mean(0), cloud.mean, atol=0.05)
    assert torch.allclose(torch.cov(drawn.T), cloud.covariance, atol=0.12)


def test_the_first_axis_of_a_fitted_gaussian_is_its_widest() -> None:
    codes = torch.randn(4000, 3, generator=chance()) * torch.tensor([0.1, 3.0, 1.0])
    gaussian = fit_gaussian(measure_cloud(codes))
    assert torch.allclose(gaussian.axes.norm(dim=0), torch.tensor([3.0, 1.0, 0.1]), rtol=0.05)
    assert gaussian.axes[1, 0] > 2.8  # pointing up
    assert share_of_plane(gaussian) == pytest.approx(10 / 10.01, abs=0.002)


def test_a_map_goes_in_even_steps_of_probability_with_its_second_axis_up() -> None:
    codes = lay_map(standard_gaussian(2), 10).reshape(10, 10, 2)
    normal = torch.distributions.Normal(0, 1)
    across, up = normal.cdf(codes[0, :, 0]), normal.cdf(codes[:, 0, 1])
    expected = torch.arange(0.05, 1, 0.1)
    assert torch.allclose(across, expected, atol=1e-5)
    assert torch.allclose(up, expected.flip(0), atol=1e-5)


def test_a_map_of_more_numbers_lies_in_the_plane_of_the_widest_axes() -> None:
    cloud = measure_cloud(torch.randn(500, 4, generator=chance()) * torch.tensor([0.1, 3, 2, 0.2]) + 1)
    offsets = lay_map(fit_gaussian(cloud), 5) - cloud.mean
    assert torch.linalg.matrix_rank(offsets, tol=1e-4) == 2
    assert offsets[:, 1].abs().max() > 3


def test_codes_of_one_number_have_no_map() -> None:
    with pytest.raises(PictureError, match="have no plane"):
        lay_map(standard_gaussian(1), 10)
