"""Which picture model a command takes, and loading it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from musicvae.core.model_store.model_files import CONFIG
from musicvae.errors import ModelError
from musicvae_cli.images.options import TRAINED_HERE
from musicvae_cli.shell.console import say

if TYPE_CHECKING:
    from musicvae.images.code_statistics import CodeCloud
    from musicvae.images.model import PictureAutoencoder


class OpenModel(NamedTuple):
    """A model and its folder."""

    folder: Path
    network: PictureAutoencoder


def open_model(given: Path | None, device: str = "cpu") -> OpenModel:
    """Return the model given, or what was trained here, and say on standard error which one that is.

    Raises
    ------
    ModelError
        If there is none, or it is damaged or of music.
    """
    if given is None and not (TRAINED_HERE / CONFIG).is_file():
        raise ModelError(
            "there is no model of pictures yet: train one by `musicvae images train`, or name one by --model"
        )
    folder = given or TRAINED_HERE
    from musicvae.core.model_store.model_folder import load_model
    from musicvae.images.picture_family import PICTURE_MODELS

    model = load_model(folder, PICTURE_MODELS, device)
    config = model.config
    say(f"model: {folder} ({config.autoencoder}, {config.latent} numbers a code, {config.likelihood})")
    return OpenModel(folder, model)


def open_cloud(folder: Path, model: PictureAutoencoder, otherwise: str) -> CodeCloud:
    """Return where the training codes of a model lie.

    Parameters
    ----------
    folder : Path
        The model's.
    model : PictureAutoencoder
    otherwise : str
        What else the user can do where the folder does not say.

    Raises
    ------
    ModelError
        If the folder does not say, or its file is damaged.
    """
    from musicvae.core.model_store.model_hash import identify
    from musicvae.images.code_statistics import CODES, load_cloud
    from musicvae.images.picture_family import PICTURE_MODELS

    cloud = load_cloud(folder, identify(model, PICTURE_MODELS), model.config.latent)
    if cloud is None:
        raise ModelError(f"{folder} holds no {CODES} of its model: {otherwise}")
    return cloud
