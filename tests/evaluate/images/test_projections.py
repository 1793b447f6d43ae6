from __future__ import annotations

import numpy as np
import pytest

from musicvae.errors import PictureError
from musicvae.evaluate.images.projections import project_by_pca, project_by_tsne

CODES = np.random.default_rng(0).normal(size=(60, 4)) * (0.1, 3, 0.1, 1)


def test_principal_components_are_the_widest_directions() -> None:
    found = project_by_pca(CODES)
    assert found.points.shape == (60, 2)
    assert abs(np.corrcoef(found.points[:, 0], CODES[:, 1])[0, 1]) > 0.99
    assert abs(np.corrcoef(found.points[:, 1], CODES[:, 3])[0, 1]) > 0.97
    share = CODES.var(0)[[1, 3]].sum() / CODES.var(0).sum()
    assert found.title == f"PCA ({share:.0%} of the variance)"


def test_codes_of_two_numbers_stay_as_they_are() -> None:
    assert np.array_equal(project_by_pca(CODES[:, :2]).points, CODES[:, :2])


def test_tsne_keeps_neighbours_and_the_seed_decides() -> None:
    far = np.concatenate([CODES, CODES + 100]).astype(np.float32)
    found, again = (project_by_tsne(far, 200, seed=1) for _ in range(2))
    assert np.array_equal(found.points, again.points)
    distances = np.linalg.norm(found.points[:, None] - found.points[None], axis=-1)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(0)
    assert ((nearest < 60) == (np.arange(120) < 60)).all()


def test_of_too_many_codes_some_are_drawn_for_tsne() -> None:
    found, other = (project_by_tsne(CODES.astype(np.float32), 20, seed) for seed in (1, 2))
    assert (found.points.shape, len(set(found.rows.tolist()))) == ((20, 2), 20)
    assert found.rows.tolist() != other.rows.tolist()


def test_what_has_no_plane_is_an_error() -> None:
    for project in (project_by_pca, lambda codes: project_by_tsne(codes, 100)):
        with pytest.raises(PictureError, match="codes of one number have no plane"):
            project(CODES[:, :1])
        with pytest.raises(PictureError, match="4 pictures make no cloud"):
            project(CODES[:4])
