"""Codes of many numbers -> points in a plane: by principal components, and by t-SNE."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from musicvae.errors import PictureError

PERPLEXITY = 30.0
FEWEST = 5  # codes that a cloud can be seen in


class Projection(NamedTuple):
    """Points (N, 2), and what the plane is, for people."""

    points: np.ndarray
    title: str


def project_by_pca(codes: np.ndarray) -> Projection:
    """Return codes (N, Z) by their two principal components; codes of two numbers stay as they are.

    Raises
    ------
    PictureError
        If codes have one number, or there are too few.
    """
    _require_cloud(codes)
    if codes.shape[1] == 2:
        return Projection(codes, "the code's two numbers")
    found = PCA(2, svd_solver="full").fit(codes)
    share = float(found.explained_variance_ratio_.sum())
    return Projection(found.transform(codes), f"PCA ({share:.0%} of the variance)")


def project_by_tsne(codes: np.ndarray, seed: int = 0) -> Projection:
    """Return codes (N, Z) by t-SNE (van der Maaten & Hinton 2008): neighbours stay, distances do not.

    Raises
    ------
    PictureError
        If codes have one number, or there are too few.
    """
    _require_cloud(codes)
    perplexity = min(PERPLEXITY, (len(codes) - 1) / 3)
    made = TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(codes)
    return Projection(made, f"t-SNE (perplexity {perplexity:.3g})")


def _require_cloud(codes: np.ndarray) -> None:
    if codes.shape[1] < 2:
        raise PictureError("codes of one number have no plane: train a model with --latent 2 or more")
    if len(codes) < FEWEST:
        raise PictureError(f"{len(codes)} pictures make no cloud of codes: name {FEWEST} or more")
