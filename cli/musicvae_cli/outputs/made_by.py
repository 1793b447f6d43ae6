"""What every written file says of itself: the command as it was typed, the seed, the model, the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from musicvae_cli.shell.errors import ARGUMENTS, to_command

if TYPE_CHECKING:
    from musicvae.provenance import Provenance

_OPTION = re.compile("--out=|-o(?=.)")  # that may be of one piece with its value


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

    command = to_command(_without_out(context.meta[ARGUMENTS], out))
    return Provenance(command, seed, model, tuple(map(str, sources)), version())


def version() -> str:
    """Return the version of musicvae."""
    import importlib.metadata  # takes longer than all else that `musicvae --help` imports

    return importlib.metadata.version("musicvae")


def _without_out(arguments: Sequence[str], out: Path | None) -> tuple[str, ...]:
    """Return the arguments with OUT in the place of `out`: the last of those, as it stands behind."""
    for place in reversed(range(len(arguments))):
        option = _OPTION.match(arguments[place])
        before = option[0] if option else ""
        if out is not None and Path(arguments[place].removeprefix(before)) == out:
            return (*arguments[:place], f"{before}OUT", *arguments[place + 1 :])
    return tuple(arguments)
