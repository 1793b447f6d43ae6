"""`musicvae models`: the models that come with musicvae, and the one that a command would take."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.find_model import choose_model
from musicvae_cli.shell.console import print_json, print_table, printable

if TYPE_CHECKING:
    from musicvae.measures.folder.shipped import ModelFacts

MOST_METERS = 5
_HEADINGS = ("name", "parts", "meters", "songs", "size", "what it is")


def models(model: options.Model = None, as_json: options.AsJson = False) -> None:
    """List the models that come with musicvae. It says which one a command here would take."""
    from musicvae.measures.folder.shipped import read_facts, shipped_models

    taken = choose_model(model)
    folders = {**shipped_models(), taken.name: taken.folder}
    known = {name: read_facts(folder) for name, folder in folders.items()}
    if as_json:
        described = [
            {"name": name, "folder": str(folders[name]), **asdict(facts)} for name, facts in known.items()
        ]
        print_json({"models": described, "taken": {"name": taken.name, "why": taken.why}})
    else:
        print_table(_HEADINGS, [_cells(name, facts) for name, facts in known.items()], numbers=(3, 4))
        typer.echo(printable(f"taken: {taken.name} ({taken.why})"))


def _cells(name: str, facts: ModelFacts) -> tuple[str, ...]:
    others = len(facts.meters) - MOST_METERS
    meters = ", ".join(facts.meters[:MOST_METERS]) + (f" and {others} more" if others > 0 else "")
    songs = "?" if facts.songs is None else f"{facts.songs:,}"
    return name, facts.ensemble, meters, songs, f"{facts.size / 1e6:.1f} MB", facts.about
