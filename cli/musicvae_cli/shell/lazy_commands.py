"""Commands that are imported when they are asked for, so that `musicvae --help` waits for none of them."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_command


class LazyCommand(TyperCommand):
    """A command that is listed without being imported.

    Parameters
    ----------
    name : str
    module : str
    function : str
        What it runs, in the module.
    summary : str
        The first sentence of the function's docstring, which is what a list of commands shows.
    """

    def __init__(self, name: str, module: str, function: str, summary: str) -> None:
        super().__init__(name, help=summary, rich_markup_mode=None)
        self._module, self._function = module, function

    @cached_property
    def loaded(self) -> Any:
        """The command itself, with its options and its whole help."""
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(self.name)(getattr(import_module(self._module), self._function))
        return get_command(alone)

    def make_context(self, *arguments: Any, **extra: Any) -> Any:
        """Return the context of the command itself: what runs next is that."""
        return self.loaded.make_context(*arguments, **extra)


def lazy_commands(folder: str, table: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return commands by name.

    Parameters
    ----------
    folder : str
        That of their modules, such as "musicvae_cli.commands".
    table : dict
        For each its module, with the function after a colon where that has another name than the command,
        and its summary.
    """
    commands = {}
    for name, (place, summary) in table.items():
        module, _, function = place.partition(":")
        commands[name] = LazyCommand(name, f"{folder}.{module}", function or name, summary)
    return commands
