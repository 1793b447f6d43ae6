"""Corpora -> folders of MIDI files, one for each piece, each tune once.

Conventions
-----------
Files are named after the titles, in plain letters, no two alike. Where a corpus is several collections
together each has a sub-folder, so that a training can tell them apart. The same call writes the same
bytes.

Of two pieces that are the same tune the one named first stays, in the order of the collections.
Two chorales are the same if all voices are: Bach set one melody many times.

A limited export takes pieces of all meters in turn, so that rare meters are not lost among the
frequent ones, and takes those first in which every measure is whole and every note on a coarse grid.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import chain, count, zip_longest
from pathlib import Path
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.corpora.catalogue import CORPORA, Corpus
from musicvae.midi.corpora.pieces import Fault, Piece, find_batches, main_meter, read_batch
from musicvae.midi.likeness.ngrams import THRESHOLD, find_duplicates
from musicvae.midi.saving.writer import write_song
from musicvae.outputs import make_folder, require_free
from musicvae.provenance import Provenance, reason_to_keep

SAME_SETTING = 0.6  # share of n-grams from which two chorales are one: none of these share 0.55 to 0.73
LONGEST_NAME = 60  # letters

Progress = Callable[[str, int, int], None]  # what is being done, how much of it is done, of how much


@dataclass(frozen=True)
class ExportOptions:
    """What to export, and how.

    Parameters
    ----------
    limit : int, optional
        Most pieces to write; None writes all.
    seed : int
        Of the draw that chooses them.
    overwrite : bool
        Whether to replace files that somebody else wrote.
    provenance : Provenance, optional
        Written into every file, with the collection as its source.
    """

    limit: int | None = None
    seed: int = 0
    overwrite: bool = False
    provenance: Provenance | None = None


class ExportReport(NamedTuple):
    """What became of the pieces of a corpus: read = faulty + duplicates + left_out + len(paths)."""

    read: int
    faults: tuple[str, ...]
    duplicates: int
    left_out: int
    paths: tuple[Path, ...]


def export_corpus(
    name: str,
    folder: Path,
    options: ExportOptions | None = None,
    executor: Executor | None = None,
    on_progress: Progress | None = None,
) -> ExportReport:
    """Write the pieces of a corpus as MIDI files, each tune once, and return what became of them.

    Parameters
    ----------
    name : str
        A key of CORPORA.
    folder : Path
        Made if it is not there, and in it a sub-folder for each collection of several.
    options : ExportOptions, optional
    executor : concurrent.futures.Executor, optional
        Reads the pieces in other processes; without one they are read here.
    on_progress : callable, optional
        Called now and then with what is being done and how much is done, of how much.

    Raises
    ------
    SongError
        If there is no corpus of that name, or music21 was installed without its corpora.
    OutputError
        If a file cannot be written, or would replace somebody else's.
    """
    options = options or ExportOptions()
    report = on_progress or (lambda what, done, total: None)
    if name not in CORPORA:
        raise SongError(f"there is no corpus {name!r}: choose one of {', '.join(CORPORA)}")
    corpus = CORPORA[name]
    pieces, faults = _read_all(corpus, executor, report)
    unique = _drop_duplicates(pieces)
    chosen = choose_pieces(unique, options.limit, options.seed)
    return ExportReport(
        read=len(pieces) + len(faults),
        faults=tuple(f"{fault.collection}: {fault.reason}" for fault in faults),
        duplicates=len(pieces) - len(unique),
        left_out=len(unique) - len(chosen),
        paths=_write_all(chosen, _name_paths(chosen, folder, corpus), options, report),
    )


def choose_pieces(pieces: Sequence[Piece], limit: int | None, seed: int) -> list[Piece]:
    """Return at most `limit` pieces, of all meters in turn, the plainest first, in their old order.

    Parameters
    ----------
    pieces : sequence of Piece
    limit : int, optional
        None returns them all.
    seed : int
    """
    if limit is None or limit >= len(pieces):
        return list(pieces)
    order = np.random.default_rng(seed).permutation(len(pieces)).tolist()
    songs = [piece.song for piece in pieces]
    order.sort(key=lambda index: (main_meter(songs[index])[1] > 0, songs[index].grid.steps_per_beat))
    meters: dict[str, list[int]] = {}
    for index in order:
        meters.setdefault(main_meter(songs[index])[0], []).append(index)
    in_turn = chain.from_iterable(zip_longest(*(meters[meter] for meter in sorted(meters))))
    chosen = [index for index in in_turn if index is not None][:limit]
    return [pieces[index] for index in sorted(chosen)]


def name_files(titles: Iterable[str]) -> Iterator[str]:
    """Yield a file name for each title, in plain letters, no two alike: "lanigans-ball-2.mid"."""
    taken: set[str] = set()
    for title in titles:
        letters = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
        slug = re.sub(r"[^a-z0-9]+", "-", letters.replace("'", ""))[:LONGEST_NAME].strip("-") or "untitled"
        names = chain([slug], (f"{slug}-{number}" for number in count(2)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        yield f"{name}.mid"


def _read_all(corpus: Corpus, executor: Executor | None, report: Progress) -> tuple[list[Piece], list[Fault]]:
    batches = [batch for name in corpus.collections or (corpus.name,) for batch in find_batches(name)]
    total = sum(len(batch.contents) for batch in batches)
    report("reading", 0, total)
    pieces: list[Piece] = []
    faults: list[Fault] = []
    for results in executor.map(read_batch, batches) if executor else map(read_batch, batches):
        pieces += [result for result in results if isinstance(result, Piece)]
        faults += [result for result in results if isinstance(result, Fault)]
        report("reading", len(pieces) + len(faults), total)
    return pieces, faults


def _drop_duplicates(pieces: list[Piece]) -> list[Piece]:
    chorales = any(len(piece.song.parts) > 1 for piece in pieces)
    ngrams = [piece.ngrams for piece in pieces]
    dropped = set(find_duplicates(ngrams, SAME_SETTING if chorales else THRESHOLD).tolist())
    return [piece for index, piece in enumerate(pieces) if index not in dropped]


def _name_paths(pieces: list[Piece], folder: Path, corpus: Corpus) -> list[Path]:
    names = name_files(piece.song.title for piece in pieces)
    folders = (folder / piece.collection if corpus.collections else folder for piece in pieces)
    return [home / name for home, name in zip(folders, names, strict=True)]


def _write_all(
    pieces: list[Piece], paths: list[Path], options: ExportOptions, report: Progress
) -> tuple[Path, ...]:
    for folder in dict.fromkeys(path.parent for path in paths):
        make_folder(folder)
    for path in paths:
        require_free(path, options.overwrite, reason_to_keep)
    for done, (piece, path) in enumerate(zip(pieces, paths, strict=True)):
        report("writing", done, len(paths))
        sources = (piece.collection,)
        provenance = replace(options.provenance, sources=sources) if options.provenance else None
        write_song(piece.song, path, provenance, overwrite=True)  # exports may be replaced, too
    report("writing", len(paths), len(paths))
    return tuple(paths)
