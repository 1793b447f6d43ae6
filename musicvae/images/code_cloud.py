"""Where the codes of the training pictures lie: `codes.safetensors` in a model folder.

Mean and covariance of them all are a Gaussian that new codes can be drawn from, also of an AE, which has no
prior ("ex-post density estimation", Ghosh et al. 2020); the means of each label tell in which
direction a label lies. With them, commands need no training pictures. The file names the model that the
codes are of, so that those of an older training are never taken for its successor's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from musicvae.core.model_store.model_files import CODES
from musicvae.errors import ModelError, PictureError
from musicvae.images.coding import encode_pictures
from musicvae.images.data.read import Pictures
from musicvae.images.model import PictureAutoencoder
from musicvae.outputs import new_file

FORMAT = 1
LOCATED = 20_000  # pictures, from which one sees where codes lie
MOST_NAMED = 20  # labels
_ABOUT = "about"  # one entry: several would be written in an order that changes from run to run


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
    arrays = {
        "mean": cloud.mean,
        "covariance": cloud.covariance,
        "label_means": cloud.label_means,
        "label_counts": cloud.label_counts,
    }
    about = {"format": FORMAT, "model": model.hex(), "label_names": cloud.label_names}
    with new_file(folder / CODES) as temporary:
        plain = {name: array.contiguous() for name, array in arrays.items()}
        temporary.write_bytes(save(plain, metadata={_ABOUT: json.dumps(about)}))


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
    path = folder / CODES
    if not path.exists():
        return None
    damaged = ModelError(f"{path} is damaged: copy the folder anew, or train again")
    try:
        with safe_open(path, "pt") as file:
            about = json.loads(file.metadata()[_ABOUT])
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dict)
        if about["format"] != FORMAT:
            raise ModelError(
                f"{path} was written in another format than {FORMAT}: update musicvae, or train again"
            )
        names = tuple(map(str, about["label_names"]))
        of_this_model = about["model"] == model.hex()
        cloud = CodeCloud(label_names=names, **arrays)
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged from error
    if not _fits(cloud, latent):
        raise damaged
    return cloud if of_this_model else None


def _fits(cloud: CodeCloud, latent: int) -> bool:
    """Say whether all parts have the shapes that they should: the file may be anybody's."""
    labels = len(cloud.label_names)
    shapes = {
        "mean": (latent,),
        "covariance": (latent, latent),
        "label_means": (labels, latent),
        "label_counts": (labels,),
    }
    return all(tuple(getattr(cloud, name).shape) == shape for name, shape in shapes.items())
