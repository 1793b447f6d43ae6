"""Which model a command takes, and loading it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from musicvae.core.model_files import CONFIG
from musicvae.errors import ModelError
from musicvae_cli.console import say

if TYPE_CHECKING:
    from musicvae.measures.model import MeasureVAE

VARIABLE = "MUSICVAE_MODEL"
TRAINED_HERE = Path("musicvae-model")  # what `train` writes


class ChosenModel(NamedTuple):
    """A model folder, what it is called in files, and why it is taken."""

    folder: Path
    name: str
    why: str


class OpenModel(NamedTuple):
    """A model, and what it is called in files."""

    model: MeasureVAE
    name: str


def choose_model(given: Path | None) -> ChosenModel:
    """Return the model that a command takes: the one given, or else the nearest.

    Raises
    ------
    ModelError
        If there is none.
    """
    if given is not None:
        return ChosenModel(given, str(given), "--model")
    if from_environment := os.environ.get(VARIABLE):
        return ChosenModel(Path(from_environment), from_environment, f"${VARIABLE}")
    if (TRAINED_HERE / CONFIG).is_file():
        return ChosenModel(TRAINED_HERE, str(TRAINED_HERE), "trained here")
    for config in sorted(_shipped_models().glob(f"*/{CONFIG}")):
        return ChosenModel(config.parent, config.parent.name, "comes with musicvae")
    raise ModelError("there is no model yet: train one by `musicvae train SONGS`, or name one by --model")


def _shipped_models() -> Path:
    import musicvae.errors  # beside the folder, whether musicvae is installed or run from a checkout

    return Path(musicvae.errors.__file__).parent / "pretrained"


@contextmanager
def open_model(given: Path | None) -> Iterator[OpenModel]:
    """Yield the model that a command takes, and say on standard error which one that is.

    Raises
    ------
    ModelError
        If there is none, or it is damaged.
    """
    chosen = choose_model(given)
    say(f"model: {chosen.folder} ({chosen.why})")
    with _without_collection():
        from musicvae.core.threads import one_thread
        from musicvae.measures.model_folder import load_model

    with one_thread():
        yield OpenModel(load_model(chosen.folder), chosen.name)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Look for no garbage while torch is imported: its objects stay, and it is a tenth quicker."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
