"""Pictures as files: .png, .svg or .pdf by their suffix, each with a mark that says who drew it.

A picture without the mark that stands in the way was made by somebody else, and is not replaced
unless told to. The same figure gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import count, takewhile
from pathlib import Path
from warnings import catch_warnings, filterwarnings

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from musicvae.errors import OutputError
from musicvae.outputs import new_file, refusing, require_free
from musicvae.provenance import Provenance

MARK = "drawn by musicvae"
_METADATA: dict[str, dict[str, str | None]] = {
    ".png": {"Software": MARK},
    ".svg": {"Creator": MARK, "Date": None},
    ".pdf": {"Creator": MARK, "CreationDate": None},
}


def require_drawable(path: Path, overwrite: bool = False, suffixes: Collection[str] = _METADATA) -> None:
    """Check, before long work, that a picture may be written here.

    Raises
    ------
    OutputError
        If the path ends in none of the suffixes, cannot be written to, or holds a file that musicvae
        did not draw and `overwrite` is false.
    """
    if path.suffix.lower() not in suffixes:
        raise OutputError(f"cannot draw {path}: end its name in {', '.join(suffixes)}")
    require_free(path, overwrite, _reason_to_keep)


def _reason_to_keep(path: Path) -> str | None:
    return None if MARK.encode() in path.read_bytes() else "exists and was not drawn by musicvae"


def provenance_to_comment(provenance: Provenance) -> str:
    """Return how a picture came about as JSON, for the comment in its file."""
    told = {name: value for name, value in asdict(provenance).items() if value not in (None, "", ())}
    return json.dumps(told)


def write_picture(
    figure: Figure, path: Path, overwrite: bool = False, provenance: Provenance | None = None
) -> None:
    """Write a figure as a picture; a .png says too how it came about, if that is told.

    Raises
    ------
    OutputError
        As `require_drawable` does.
    """
    require_drawable(path, overwrite)
    kind = path.suffix.lower()
    metadata = _METADATA[kind]
    if provenance is not None and kind == ".png":
        metadata = {**metadata, "Comment": provenance_to_comment(provenance)}
    with _saving(path) as temporary:
        figure.savefig(temporary, format=kind[1:], metadata=metadata)


def write_pages(figures: Sequence[Figure], path: Path, overwrite: bool = False) -> tuple[Path, ...]:
    """Write figures as pages, and return their files.

    A .pdf holds all of them. Of others each is a file: roll.png, roll-page-2.png and so on. Further pages of
    an earlier drawing that had more of them are removed, since they would seem to belong to this one.

    Raises
    ------
    OutputError
        As `require_drawable` does; then nothing is written.
    """
    if path.suffix.lower() == ".pdf":
        require_drawable(path, overwrite)
        with _saving(path) as temporary, PdfPages(temporary, metadata=_METADATA[".pdf"]) as pdf:
            for figure in figures:
                pdf.savefig(figure)
        return (path,)
    paths = (path, *(_name_page(path, page) for page in range(2, len(figures) + 1)))
    for each in paths:
        require_drawable(each, overwrite)
    for figure, each in zip(figures, paths, strict=True):
        write_picture(figure, each, overwrite)
    _remove_pages(path, len(figures) + 1)
    return paths


def _name_page(path: Path, page: int) -> Path:
    return path.with_name(f"{path.stem}-page-{page}{path.suffix}")


def _remove_pages(path: Path, first: int) -> None:
    """Remove the pages of a picture from one on, up to one that is not there or that somebody else made."""
    pages = (_name_page(path, page) for page in count(first))
    for page in takewhile(lambda page: page.is_file() and not _reason_to_keep(page), pages):
        with refusing(page):
            page.unlink()


@contextmanager
def _saving(path: Path) -> Iterator[Path]:
    """Yield where to write a picture; the same figure gives the same bytes."""
    with rc_context({"svg.hashsalt": "musicvae"}), catch_warnings(), new_file(path) as temporary:
        filterwarnings("ignore", "Glyph")  # a title in letters that the font lacks shows boxes
        yield temporary
