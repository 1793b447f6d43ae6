"""What a model is worth, told where it is worth little: whoever takes it hears why its music is poor."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from musicvae.core.model_store.model_files import TRAINING
from musicvae.measures.data.training_defaults import FIT
from musicvae_cli.shell.console import say
from musicvae_cli.shell.errors import to_command

if TYPE_CHECKING:
    from musicvae.measures.folder.model_worth import ModelWorth

_VALUED, _FLAGS = ("--minutes", "--epochs", "--out", "-o"), ("--resume", "--force")


def say_worth(folder: Path) -> tuple[str, ...]:
    """Say of a model that has hardly learned anything that it has, and return what was said.

    Raises
    ------
    ModelError
        If what its folder says of that is damaged.
    """
    from musicvae.measures.folder.model_worth import load_model_worth

    worth = load_model_worth(folder)
    if worth is None or not worth.has_hardly_learned:
        return ()
    notice = (
        f"this model has hardly learned to read its codes (note F1 {worth.note_f1:.3f} on unseen songs):"
        f" {_advise(worth, folder)}"
    )
    say(notice)
    return (notice,)


def _advise(worth: ModelWorth, folder: Path) -> str:
    """Say what to do: train for twice as long, or for a whole training if that is longer."""
    if not (folder / TRAINING).is_file():
        return "train one for longer, or take another"
    minutes = max(FIT.minutes or 0, math.ceil(2 * worth.minutes))
    return f"train it longer by `{_go_on(worth.command, folder, minutes)}`"


def _go_on(command: str, folder: Path, minutes: float) -> str:
    """Return the command that goes on with a training until so many minutes are over, in all."""
    kept, arguments = [], iter(shlex.split(command)[1:])
    for argument in arguments:
        if argument in _VALUED:
            next(arguments, None)
        elif argument.partition("=")[0] not in (*_VALUED, *_FLAGS):
            kept.append(argument)
    return to_command((*kept, "--out", str(folder), "--minutes", f"{minutes:g}", "--resume"))
