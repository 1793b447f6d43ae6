"""The picture that a command draws: where it may go, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from musicvae.errors import OutputError
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.shell.console import print_json, say

if TYPE_CHECKING:
    from musicvae.evaluate.drawing.sheet import Line
    from musicvae.provenance import Provenance


@dataclass(frozen=True)
class Drawing:
    """Where a command draws, and how it tells of that.

    Parameters
    ----------
    path : Path
    force : bool
        Whether to replace what somebody else made.
    as_json : bool
    """

    path: Path
    force: bool
    as_json: bool

    def provenance(self, context: typer.Context, model: Path, seed: int | None, *sources: str) -> Provenance:
        """Return how the picture comes about."""
        return make_provenance(context, self.path, str(model), seed, sources)

    def draw(self, lines: Sequence[Line], provenance: Provenance, columns: int | None = None) -> None:
        """Write a sheet.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        from musicvae.evaluate.drawing.sheet import COLUMNS, draw_sheet

        draw_sheet(lines, self.path, self.force, provenance, columns or COLUMNS)

    def tell(self, about: str, provenance: Provenance, figures: Mapping[str, object]) -> None:
        """Say what was drawn, and print its figures as JSON if that was asked for."""
        say(f"wrote {self.path}: {about}")
        if self.as_json:
            made = {"out": str(self.path), "model": provenance.model, "seed": provenance.seed}
            print_json({**made, "sources": provenance.sources, **figures})


def start_drawing(path: Path, force: bool, as_json: bool, *sources: str) -> Drawing:
    """Return where a command draws a sheet, if that can be written, and not over its sources.

    Raises
    ------
    OutputError
        If not.
    """
    from musicvae.evaluate.drawing.figure_file import require_drawable
    from musicvae.evaluate.drawing.sheet import SUFFIXES

    require_other(path, *sources)
    require_drawable(path, force, SUFFIXES)
    return Drawing(path, force, as_json)


def require_other(path: Path, *sources: str) -> None:
    """Check that a file to be written is none of those to be read.

    Raises
    ------
    OutputError
        If it is.
    """
    if any(path.resolve() == Path(source).resolve() for source in sources):
        raise OutputError(f"{path} is the file to be read: name another one to write")
