"""What every written file says of itself: the command as it was typed, the seed, the model, the sources."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from musicvae_cli.shell.errors import ARGUMENTS, to_command

if TYPE_CHECKING:
    from musicvae.provenance import Provenance


def make_provenance(
    context: typer.Context,
    out: Path | None,
    model: str = "",
    seed: int | None = None,
    sources: Iterable[Path | str] = (),
) -> Provenance:
    """Return how the files of a command come about.

    The command says OUT in the place of `out`, which is as it was typed, so that the same seed gives the
    same bytes whatever the file is called.
    """
    from musicvae.provenance import Provenance

    command = to_command(tuple(_without_out(each, out) for each in context.meta[ARGUMENTS]))
    return Provenance(command, seed, model, tuple(map(str, sources)), version())


def version() -> str:
    """Return the version of musicvae."""
    import importlib.metadata  # takes longer than all else that `musicvae --help` imports

    return importlib.metadata.version("musicvae")


def _without_out(argument: str, out: Path | None) -> str:
    value = argument.removeprefix("--out=")
    return argument.removesuffix(value) + "OUT" if out is not None and Path(value) == out else argument
