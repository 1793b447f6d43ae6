"""Words for people on standard error, results on standard output."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

import typer

PATIENCE = 1.0  # seconds after which people want to see how far it is
WIDE = 200  # columns, where a program or a file takes the table


def printable(text: object) -> str:
    """Return a text without what a terminal would obey or cannot show: names come from anybody's files."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in str(text))


def say(text: str) -> None:
    """Print a line on standard error."""
    typer.echo("\n".join(map(printable, text.splitlines())), err=True)


def print_json(value: Mapping[str, object]) -> None:
    """Print one JSON object on standard output. It has None for what is no number: JSON does not know NaN."""
    typer.echo(json.dumps(value, indent=2, allow_nan=False))


def print_table(
    headings: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()
) -> None:
    """Print a table on standard output; `numbers` are the columns set flush right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=any(headings))
    for index, heading in enumerate(headings):
        is_number = index in numbers
        table.add_column(
            heading, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number
        )
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


class Advance(Protocol):
    """Called with how much is done, and of how much."""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Show it; `what` renames what is being done."""


@contextmanager
def progress_bar(what: str) -> Iterator[Advance]:
    """Show a bar on standard error while the block runs; where that is no terminal, nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)

        def advance(done: int, total: int, what: str = "") -> None:
            progress.update(task, completed=done, total=total, description=what or None)

        yield advance


@contextmanager
def patient_bar(title: str) -> Iterator[Advance]:
    """Show a bar, as `progress_bar` does, once the block has taken longer than people wait gladly."""
    begin, shown = time.monotonic(), None
    with ExitStack() as stack:

        def advance(done: int, total: int, what: str = "") -> None:
            nonlocal shown
            if shown is None and time.monotonic() - begin > PATIENCE:
                shown = stack.enter_context(progress_bar(title))
            if shown is not None:
                shown(done, total, what)

        yield advance
