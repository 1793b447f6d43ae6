"""Which model a command takes, and loading it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from musicvae.core.model_store.model_files import CONFIG
from musicvae.errors import ModelError, PacketError
from musicvae_cli.inputs.model_worth import say_worth
from musicvae_cli.shell.console import say

if TYPE_CHECKING:
    from musicvae.core.compression.packet import Packet
    from musicvae.measures.network.model import MeasureVAE
    from musicvae.midi.form.plan_model import PlanModel
    from musicvae.midi.likeness.tune_index import TuneIndex

VARIABLE = "MUSICVAE_MODEL"
TRAINED_HERE = Path("musicvae-model")  # what `train` writes
SHIPPED = "comes with musicvae"


class ChosenModel(NamedTuple):
    """A model folder, what it is called in files, and why it is taken."""

    folder: Path
    name: str
    why: str


class OpenModel(NamedTuple):
    """A model with what its folder knows of its training songs, and what it is called in files.

    `notices` are what was said of the model, such as that it has hardly learned anything.
    """

    network: MeasureVAE
    name: str
    plans: PlanModel | None = None
    tunes: TuneIndex | None = None
    notices: tuple[str, ...] = ()


def choose_model(given: Path | None) -> ChosenModel:
    """Return the model that a command takes: the one given, or else the nearest.

    A name that is no model folder may be that of a model that comes with musicvae.

    Raises
    ------
    ModelError
        If there is none.
    """
    for chosen in list_models(given):
        return chosen
    raise ModelError("there is no model yet: train one by `musicvae train SONGS`, or name one by --model")


def list_models(given: Path | None) -> Iterator[ChosenModel]:
    """Yield the models that a command may take, the nearest first.

    Raises
    ------
    ModelError
        If one that is named is none.
    """
    from musicvae.measures.folder.shipped import shipped_models

    if given is not None:
        yield _find(str(given), "--model")
    if from_environment := os.environ.get(VARIABLE):
        yield _find(from_environment, f"${VARIABLE}")
    if (TRAINED_HERE / CONFIG).is_file():
        yield ChosenModel(TRAINED_HERE, str(TRAINED_HERE), "trained here")
    for name, folder in shipped_models().items():
        yield ChosenModel(folder, name, SHIPPED)


def _find(name: str, why: str) -> ChosenModel:
    from musicvae.measures.folder.shipped import find_model, shipped_models

    folder = find_model(name)
    if not folder.is_dir():
        others = ", ".join(shipped_models()) or "none"
        raise ModelError(
            f"no model folder {name} ({why}): train one by `musicvae train SONGS --out {name}`,"
            f" or name one that comes with musicvae ({others})"
        )
    return ChosenModel(folder, name, why if folder == Path(name) else f"{why}, {SHIPPED}")


@contextmanager
def open_model(given: Path | None) -> Iterator[OpenModel]:
    """Yield the model that a command takes, and say on standard error which one that is.

    Raises
    ------
    ModelError
        If there is none, or it is damaged.
    """
    chosen = choose_model(given)
    say(f"model: {chosen.name} ({chosen.why})")
    with _without_collection():
        from musicvae.core.model_store.model_folder import load_model
        from musicvae.core.training.threads import one_thread
        from musicvae.measures.folder.music_family import MUSIC_MODELS
        from musicvae.measures.folder.training_plans import load_plan_model
        from musicvae.measures.folder.training_tunes import load_tune_index

    with one_thread():
        network, folder = load_model(chosen.folder, MUSIC_MODELS), chosen.folder
        plans, tunes = load_plan_model(folder), load_tune_index(folder)
        yield OpenModel(network, chosen.name, plans, tunes, say_worth(folder))


def find_model_of(packet: Packet, given: Path | None) -> OpenModel:
    """Return the model that a compressed song needs: the one given, or else the one that is at hand.

    Raises
    ------
    ModelError
        If the one given is no model.
    PacketError
        If the song needs another model than the one given, or one that is not there, or it is no song.
    """
    from musicvae.compose.compression.squeeze import require_music
    from musicvae.core.model_store.model_folder import load_model
    from musicvae.core.model_store.model_hash import identify
    from musicvae.measures.folder.music_family import MUSIC_MODELS

    require_music(packet)
    tried = []
    for chosen in list_models(given):
        tried.append(chosen.name)
        try:
            network = load_model(chosen.folder, MUSIC_MODELS)
        except ModelError:
            if given is not None and chosen.name == str(given):
                raise
            continue  # such as a training that has only begun: the next may be the one
        known = identify(network, MUSIC_MODELS)  # it reads all of the model
        if given is not None:
            packet.require_model(known)
        if known == packet.model:
            say(f"model: {chosen.name} ({chosen.why})")
            return OpenModel(network, chosen.name, notices=say_worth(chosen.folder))
    raise PacketError(
        f"it needs the model {packet.known_model}, which is none of {', '.join(tried)}: name it by --model"
    )


@contextmanager
def _without_collection() -> Iterator[None]:
    """Look for no garbage while torch is imported: its objects stay, and it is a tenth quicker."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
