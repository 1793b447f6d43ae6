"""Where the codes of the training pictures lie, and Gaussians that new codes are drawn from.

Mean and covariance of the codes are a Gaussian that new ones can be drawn from, also of an AE, which has no
prior ("ex-post density estimation", Ghosh et al. 2020); the means of each label tell in which
direction a label lies. With `codes.safetensors` in the model folder, commands need no training pictures. The
file names the model that the codes are of, so that those of an older training are never taken for its
successor's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.core.chance import standard_normal
from musicvae.core.model_store.array_file import load_arrays, save_arrays
from musicvae.errors import PictureError
from musicvae.images.coding import encode_pictures
from musicvae.images.data.read import Pictures
from musicvae.images.model import PictureAutoencoder

CODES, FORMAT = "codes.safetensors", 1
LOCATED = 20_000  # pictures, from which one sees where codes lie
MOST_NAMED = 20  # labels


class CodeCloud(NamedTuple):
    """Where codes lie.

    Parameters
    ----------
    mean : Tensor, shape (Z,)
    covariance : Tensor, shape (Z, Z)
    label_names : tuple of str
        Empty where pictures have no labels.
    label_means : Tensor, shape (labels, Z)
    label_counts : Tensor of int64, shape (labels,)
        Pictures of each label.
    """

    mean: Tensor
    covariance: Tensor
    label_names: tuple[str, ...]
    label_means: Tensor
    label_counts: Tensor


def measure_cloud(codes: Tensor, labels: np.ndarray | None = None, names: Sequence[str] = ()) -> CodeCloud:
    """Return where codes (N, Z) lie.

    Parameters
    ----------
    codes : Tensor, shape (N, Z)
    labels : np.ndarray of int, shape (N,), optional
        Indexes into the names; a name that no code has is left out.
    names : sequence of str
    """
    exact = codes.detach().double().cpu()
    mean = exact.mean(0)
    centered = exact - mean
    covariance = centered.T @ centered / len(exact)
    found = [] if labels is None else np.unique(labels).tolist()
    rows = [exact[torch.from_numpy(labels == label)] for label in found]
    means = torch.stack([row.mean(0) for row in rows]) if rows else exact.new_zeros(0, exact.shape[1])
    counts = torch.tensor([len(row) for row in rows], dtype=torch.int64)
    return CodeCloud(
        mean.float(), covariance.float(), tuple(names[label] for label in found), means.float(), counts
    )


def locate_codes(model: PictureAutoencoder, pictures: Pictures) -> CodeCloud:
    """Return where the codes of the training pictures lie, of 20,000 of them at most."""
    some, labels = pictures.train
    every = -(-len(some) // LOCATED)
    codes = encode_pictures(model, some[::every])
    return measure_cloud(codes, None if labels is None else labels[::every], pictures.label_names)


def find_direction(cloud: CodeCloud, label: str) -> Tensor:
    """Return the attribute vector of a label, (Z,): mean code with it minus mean code without it.

    Larsen et al. 2016, section 4.

    Raises
    ------
    PictureError
        If there is no such label, or nothing to tell it from.
    """
    names = cloud.label_names
    if not names:
        raise PictureError(
            "there are no labels to steer by: name pictures by --data, and their labels by --labels"
        )
    if label not in names:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        raise PictureError(
            f"no picture has the label {label}: take one of {', '.join(names[:MOST_NAMED])}{more}"
        )
    if len(names) == 1:
        raise PictureError(f"all pictures have the label {label}: steering needs some without it")
    here = names.index(label)
    others = torch.tensor([index for index in range(len(names)) if index != here])
    shares = cloud.label_counts[others].double()
    without = (cloud.label_means[others].double() * shares[:, None]).sum(0) / shares.sum()
    return cloud.label_means[here] - without.float()


def save_cloud(cloud: CodeCloud, folder: Path, model: bytes) -> None:
    """Write where the codes of a model lie into its folder; `model` is its hash. Inverse of `load_cloud`."""
    arrays = {name: getattr(cloud, name).numpy() for name in _shapes(0, 0)}
    about = {"format": FORMAT, "model": model.hex(), "label_names": cloud.label_names}
    save_arrays(folder / CODES, arrays, about)


def load_cloud(folder: Path, model: bytes, latent: int) -> CodeCloud | None:
    """Return where the codes of a model lie, or None if its folder does not say: a training that was cut off.

    Parameters
    ----------
    folder : Path
    model : bytes
        Its hash.
    latent : int
        Numbers in a code, Z.

    Raises
    ------
    ModelError
        If the file is damaged, or of a newer format.
    """

    def parse(about: dict[str, Any], arrays: dict[str, np.ndarray]) -> CodeCloud | None:
        names = tuple(map(str, about["label_names"]))
        if {name: array.shape for name, array in arrays.items()} != _shapes(len(names), latent):
            raise ValueError("the arrays are not of the shapes that they should be")
        tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
        return CodeCloud(label_names=names, **tensors) if about["model"] == model.hex() else None

    return load_arrays(folder / CODES, FORMAT, parse)


def _shapes(labels: int, latent: int) -> dict[str, tuple[int, ...]]:
    """Return the arrays of a file, and their shapes."""
    return {
        "mean": (latent,),
        "covariance": (latent, latent),
        "label_means": (labels, latent),
        "label_counts": (labels,),
    }


class CodeGaussian(NamedTuple):
    """Codes mean + axes @ e, e from N(0, I).

    Parameters
    ----------
    mean : Tensor, shape (Z,)
    axes : Tensor, shape (Z, Z)
        In columns.
    """

    mean: Tensor
    axes: Tensor

    def place(self, points: Tensor) -> Tensor:
        """Return the codes (N, Z) of points (N, K) by the first K axes."""
        return self.mean + points @ self.axes[:, : points.shape[1]].T


def standard_gaussian(latent: int) -> CodeGaussian:
    """Return N(0, I): the prior of a VAE."""
    return CodeGaussian(torch.zeros(latent), torch.eye(latent))


def fit_gaussian(cloud: CodeCloud) -> CodeGaussian:
    """Return the Gaussian with the mean and covariance of training codes, its widest axis first.

    Axes are those of their principal components, each as long as a standard deviation, and pointing where
    its largest entry is positive.
    """
    variances, vectors = torch.linalg.eigh(cloud.covariance.double())
    axes = (vectors * variances.clamp(min=0).sqrt()).flip(1)
    largest = axes.gather(0, axes.abs().argmax(0, keepdim=True))
    return CodeGaussian(cloud.mean, (axes * torch.where(largest < 0, -1.0, 1.0)).float())


def draw_codes(gaussian: CodeGaussian, count: int, generator: torch.Generator) -> Tensor:
    """Return so many codes, shape (N, Z)."""
    return gaussian.place(standard_normal((count, len(gaussian.mean)), generator, gaussian.mean))


def lay_map(gaussian: CodeGaussian, side: int) -> Tensor:
    """Return codes spread over the plane of the first two axes, row by row from the top, (side^2, Z).

    Even steps in probability, through the inverse of the Gaussian's distribution function, so that every code
    stands for the same share of the plane (Kingma & Welling 2014, appendix A, figure 4).

    Raises
    ------
    PictureError
        If codes have one number.
    """
    if len(gaussian.mean) < 2:
        raise PictureError("codes of one number have no plane: train a model with --latent 2 or more")
    steps = torch.special.ndtri((torch.arange(side) + 0.5) / side)
    across, up = torch.meshgrid(steps, steps.flip(0), indexing="xy")
    return gaussian.place(torch.stack([across.flatten(), up.flatten()], dim=-1))


def share_of_plane(gaussian: CodeGaussian) -> float:
    """Return the share of the variance that lies in the plane of the first two axes."""
    variances = gaussian.axes.pow(2).sum(0)
    return float(variances[:2].sum() / variances.sum())
