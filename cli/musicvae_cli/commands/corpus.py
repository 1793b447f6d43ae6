"""`musicvae corpus`: the public-domain music inside music21, as MIDI files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae.outputs import make_folder, require_writable
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.shell.console import print_table, progress_bar, say
from musicvae_cli.shell.workers import reading_processes

Corpus = Annotated[
    str, typer.Argument(metavar="NAME", help="A corpus: see `musicvae corpus list`.", show_default=False)
]
Folder = Annotated[
    Path,
    typer.Argument(metavar="FOLDER", help="Where to write; made if it is not there.", show_default=False),
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, help="Write at most so many pieces, of all meters in turn.", show_default="all"),
]
LimitSeed = Annotated[
    int,
    typer.Option("--seed", min=0, max=options.LARGEST_SEED, help="Same seed, same pieces drawn by --limit."),
]


def list_corpora() -> None:
    """List the corpora: name, years, pieces, and what they are."""
    from musicvae.midi.corpora.catalogue import CORPORA

    rows = [
        (corpus.name, corpus.years, f"{corpus.pieces:,}", corpus.about, corpus.licence)
        for corpus in CORPORA.values()
    ]
    print_table(("name", "years", "pieces", "what it is", "licence"), rows, numbers=(2,))


def export(
    context: typer.Context,
    name: Corpus,
    folder: Folder,
    limit: Limit = None,
    seed: LimitSeed = 0,
    force: options.Force = False,
) -> None:
    """Write the pieces of corpus NAME to FOLDER as MIDI files, each tune once."""
    from musicvae.midi.corpora.catalogue import CORPORA

    if corpus := CORPORA.get(name):
        say(f"{corpus.about}: {corpus.licence}")
        make_folder(folder)  # before the long reading, that it may fail at once
        require_writable(folder / "tune.mid")

    from musicvae.midi.corpora.export import ExportOptions, export_corpus  # heavy, like music21

    provenance = make_provenance(context, folder, seed=seed if limit else None)
    chosen = ExportOptions(limit, seed, force, provenance)
    pieces = corpus.pieces if corpus else 0
    with reading_processes(pieces) as executor, progress_bar("reading") as advance:
        report = export_corpus(
            name, folder, chosen, executor, lambda what, done, total: advance(done, total, what)
        )
    say(
        f"wrote {len(report.paths):,} files to {folder}: of {report.read:,} pieces {len(report.faults):,}"
        f" are faulty, {report.duplicates:,} come twice, {report.left_out:,} were not drawn"
    )
