"""Pictures as files: .png, .svg or .pdf by their suffix, each with a mark that says who drew it.

A picture without the mark that stands in the way was made by somebody else, and is not replaced
unless told to. The same figure gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from warnings import catch_warnings, filterwarnings

from matplotlib import rc_context
from matplotlib.figure import Figure

from musicvae.errors import OutputError
from musicvae.outputs import new_file, require_writable

MARK = "drawn by musicvae"
_METADATA: dict[str, dict[str, str | None]] = {
    ".png": {"Software": MARK},
    ".svg": {"Creator": MARK, "Date": None},
    ".pdf": {"Creator": MARK, "CreationDate": None},
}


def require_picture_room(path: Path, overwrite: bool = False) -> None:
    """Check, before long work, that a picture may be written here.

    Raises
    ------
    OutputError
        If the suffix is none of .png, .svg and .pdf, the path cannot be written to, or it holds
        a file that musicvae did not draw and `overwrite` is false.
    """
    if path.suffix.lower() not in _METADATA:
        raise OutputError(f"cannot draw {path}: end its name in {', '.join(_METADATA)}")
    require_writable(path)
    if path.exists() and not overwrite and MARK.encode() not in path.read_bytes():
        raise OutputError(f"{path} exists and was not drawn by musicvae: use --force or another name")


def write_picture(figure: Figure, path: Path, overwrite: bool = False) -> None:
    """Write a figure as a picture.

    Raises
    ------
    OutputError
        As `require_picture_room` does.
    """
    require_picture_room(path, overwrite)
    kind = path.suffix.lower()
    with rc_context({"svg.hashsalt": "musicvae"}), catch_warnings(), new_file(path) as temporary:
        filterwarnings("ignore", "Glyph")  # a title in letters that the font lacks shows boxes
        figure.savefig(temporary, format=kind[1:], metadata=_METADATA[kind])
