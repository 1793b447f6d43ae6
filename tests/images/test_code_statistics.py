from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from musicvae.errors import ModelError, PictureError
from musicvae.images.code_statistics import (
    CODES,
    CodeCloud,
    draw_codes,
    find_direction,
    fit_gaussian,
    lay_map,
    load_cloud,
    measure_cloud,
    save_cloud,
    share_of_plane,
    standard_gaussian,
)

MODEL = bytes(8)
LABELS = np.array([0] * 10 + [1] * 30 + [3] * 20)
NAMES = ("cat", "dog", "none", "owl")


@pytest.fixture
def codes() -> torch.Tensor:
    return torch.randn(60, 3, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def cloud(codes: torch.Tensor) -> CodeCloud:
    return measure_cloud(codes, LABELS, NAMES)


def test_mean_and_covariance_are_those_of_all_codes(codes: torch.Tensor, cloud: CodeCloud) -> None:
    assert torch.allclose(cloud.mean, codes.mean(0), atol=1e-6)
    assert torch.allclose(cloud.covariance, torch.cov(codes.T, correction=0), atol=1e-6)


def test_labels_that_no_code_has_are_left_out(codes: torch.Tensor, cloud: CodeCloud) -> None:
    assert cloud.label_names == ("cat", "dog", "owl")
    assert cloud.label_counts.tolist() == [10, 30, 20]
    assert torch.allclose(cloud.label_means[2], codes[40:].mean(0), atol=1e-6)


def test_a_direction_leads_from_the_mean_without_a_label_to_that_with_it(
    codes: torch.Tensor, cloud: CodeCloud
) -> None:
    is_dog = torch.from_numpy(LABELS == 1)
    expected = codes[is_dog].mean(0) - codes[~is_dog].mean(0)
    assert torch.allclose(find_direction(cloud, "dog"), expected, atol=1e-6)


def test_a_label_that_cannot_be_steered_by_is_told(codes: torch.Tensor, cloud: CodeCloud) -> None:
    with pytest.raises(PictureError, match="no picture has the label bat: take one of cat, dog, owl"):
        find_direction(cloud, "bat")
    with pytest.raises(PictureError, match="there are no labels to steer by"):
        find_direction(measure_cloud(codes), "dog")
    with pytest.raises(PictureError, match="all pictures have the label cat"):
        find_direction(measure_cloud(codes, np.zeros(60, int), NAMES), "cat")
    many = measure_cloud(codes, np.arange(60) % 30, [f"n{number}" for number in range(30)])
    with pytest.raises(PictureError, match=r"n19 and 10 more$"):
        find_direction(many, "dog")


@pytest.mark.parametrize("labelled", [True, False])
def test_a_cloud_survives_its_file(tmp_path: Path, codes: torch.Tensor, labelled: bool) -> None:
    cloud = measure_cloud(codes, LABELS, NAMES) if labelled else measure_cloud(codes)
    save_cloud(cloud, tmp_path, MODEL)
    back = load_cloud(tmp_path, MODEL, 3)
    assert back is not None
    assert back.label_names == cloud.label_names
    for name in ("mean", "covariance", "label_means", "label_counts"):
        assert torch.equal(getattr(back, name), getattr(cloud, name))


def test_a_cloud_of_another_model_or_none_is_no_cloud(tmp_path: Path, cloud: CodeCloud) -> None:
    assert load_cloud(tmp_path, MODEL, 3) is None
    save_cloud(cloud, tmp_path, MODEL)
    assert load_cloud(tmp_path, b"another!", 3) is None


def test_a_damaged_cloud_is_an_error(tmp_path: Path, cloud: CodeCloud) -> None:
    save_cloud(cloud, tmp_path, MODEL)
    with pytest.raises(ModelError, match="is damaged"):
        load_cloud(tmp_path, MODEL, 4)
    data = (tmp_path / CODES).read_bytes()
    (tmp_path / CODES).write_bytes(data[:50])
    with pytest.raises(ModelError, match="is damaged"):
        load_cloud(tmp_path, MODEL, 3)
    (tmp_path / CODES).write_bytes(data.replace(b'format\\": 1', b'format\\": 9'))
    with pytest.raises(ModelError, match="in another format"):
        load_cloud(tmp_path, MODEL, 3)


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
