"""Codes of many numbers -> points in a plane: by principal components, and by t-SNE."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from musicvae.errors import PictureError
from musicvae.evaluate.drawing.scatter import Projection

PERPLEXITY = 30.0
FEWEST = 5  # codes that a cloud can be seen in


def project_by_pca(codes: np.ndarray) -> Projection:
    """Return codes (N, Z) by their two principal components; codes of two numbers stay as they are.

    Raises
    ------
    PictureError
        If codes have one number, or there are too few.
    """
    _require_cloud(codes)
    if codes.shape[1] == 2:
        return Projection(codes, np.arange(len(codes)), "the code's two numbers")
    found = PCA(2, svd_solver="full").fit(codes)
    share = float(found.explained_variance_ratio_.sum())
    return Projection(found.transform(codes), np.arange(len(codes)), f"PCA ({share:.0%} of the variance)")


def project_by_tsne(codes: np.ndarray, most: int, seed: int = 0) -> Projection:
    """Return codes (N, Z) by t-SNE (van der Maaten & Hinton 2008): neighbours stay, distances do not.

    Parameters
    ----------
    codes : np.ndarray
    most : int
        Of more codes, so many are drawn: the time that it takes grows faster than they do.
    seed : int

    Raises
    ------
    PictureError
        If codes have one number, or there are too few.
    """
    rows = np.arange(len(codes))
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    _require_cloud(codes[rows])
    perplexity = min(PERPLEXITY, (len(rows) - 1) / 3)
    made = TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(codes[rows])
    return Projection(made, rows, f"t-SNE (perplexity {perplexity:.3g})")


def _require_cloud(codes: np.ndarray) -> None:
    if codes.shape[1] < 2:
        raise PictureError("codes of one number have no plane: train a model with --latent 2 or more")
    if len(codes) < FEWEST:
        raise PictureError(f"{len(codes)} pictures make no cloud of codes: name {FEWEST} or more")
