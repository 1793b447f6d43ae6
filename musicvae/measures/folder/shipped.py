"""The models that come with musicvae: folders in `musicvae/pretrained/`, called by their names.

Without torch, so that a command can look for a model before it loads any.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import musicvae.errors
from musicvae.core.model_store.model_files import CARD, CONFIG, is_model_folder
from musicvae.errors import ModelError
from musicvae.measures.folder.training_tunes import load_tune_index

KIND = "music"  # of MUSIC_MODELS, the family, which would load torch
DEFAULT = "folk"  # the one that is taken where nothing else is said


@dataclass(frozen=True)
class ModelFacts:
    """What is known of a model without loading it.

    Parameters
    ----------
    ensemble : str
    meters, styles : tuple of str
        Commonest first.
    songs : int, optional
        That it was trained on; None where the folder does not say it.
    size : int
        Of the whole folder, bytes.
    about : str
        The heading of its card.
    """

    ensemble: str
    meters: tuple[str, ...]
    styles: tuple[str, ...]
    songs: int | None
    size: int
    about: str


def shipped_models() -> dict[str, Path]:
    """Return the folders of the models that come with musicvae, by name, the default one first."""
    pretrained = Path(musicvae.errors.__file__).parent / "pretrained"  # installed or in a checkout
    folders = sorted(config.parent for config in pretrained.glob(f"*/{CONFIG}"))
    return {folder.name: folder for folder in sorted(folders, key=lambda folder: folder.name != DEFAULT)}


def find_model(name: str) -> Path:
    """Return the folder that a model is called by: the path, or a shipped model of that name.

    A path that holds a model goes before a shipped model; one that holds other files, such as the songs
    of a corpus called folk, does not. What is neither is returned as a path.
    """
    return Path(name) if is_model_folder(Path(name)) else shipped_models().get(name, Path(name))


def read_facts(folder: Path) -> ModelFacts:
    """Return what is known of a model without loading it.

    Raises
    ------
    ModelError
        If its config cannot be read, or is not of a model of music.
    """
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        kind = dict(config).get("kind", KIND)
        if kind != KIND:
            raise ModelError(f"{folder} does not hold a model of {KIND}: name a folder that does")
        ensemble, meters = str(config["ensemble"]), tuple(config["meters"])
        styles = tuple(config.get("styles", ()))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"{folder / CONFIG} cannot be read: copy the folder anew, or train again") from error
    tunes = load_tune_index(folder)
    songs = None if tunes is None else len(tunes.titles)
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    return ModelFacts(ensemble, meters, styles, songs, size, _heading(folder))


def _heading(folder: Path) -> str:
    """Return the first heading of a model's card, without the model's name before it."""
    try:
        lines = (folder / CARD).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    heading = next((line.removeprefix("# ") for line in lines if line.startswith("# ")), "")
    return heading.removeprefix(f"{folder.name}: ")
