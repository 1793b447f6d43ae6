"""What ends a command early: said in one sentence on standard error, with an exit code.

==========================================  ====
what the user can put right                 1
a command line that cannot be understood    2 (by typer)
Ctrl-C                                      130
==========================================  ====
"""

from __future__ import annotations

import errno
import shlex
from typing import Any

import typer
from typer.core import TyperGroup

from musicvae.errors import MusicVAEError
from musicvae_cli.shell.console import say

ARGUMENTS = "musicvae.arguments"  # where the context keeps the command line as it was typed
FAILED, INTERRUPTED = 1, 130
_OF_PATHS = (errno.ENAMETOOLONG, errno.EACCES)  # looking whether anything is there raises these


class Commands(TyperGroup):
    """The commands of the program; none of them ends in a traceback over something foreseen."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Remember the command line before it is taken apart."""
        ctx.meta[ARGUMENTS] = tuple(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run a command."""
        try:
            return super().invoke(ctx)
        except MusicVAEError as error:
            say(f"musicvae: {error}")
            raise typer.Exit(FAILED) from error
        except OSError as error:
            if error.errno not in _OF_PATHS:
                raise
            say(f"musicvae: {error.filename}: it cannot be opened: {error.strerror}")
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as error:
            say("musicvae: interrupted, and nothing half-written is left behind")
            raise typer.Exit(INTERRUPTED) from error


def to_command(arguments: tuple[str, ...]) -> str:
    """Return a command line that can be typed again."""
    return shlex.join(["musicvae", *arguments])
