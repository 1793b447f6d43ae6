"""The pieces that are read, and by whom: corpora that lie beside the project, and those inside music21."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from musicvae.midi.reading.score_file import decode_score
from musicvae.midi.reading.scores.abc.abc_lines import split_tunes

_INSTALL = "python -m pip install {}"


class Reader(NamedTuple):
    """Who else reads: what must be installed for it, how, and whether it takes long."""

    name: str
    package: str
    install: str
    slow: bool = True

    @property
    def is_installed(self) -> bool:
        return find_spec(self.package) is not None


READERS = {
    "abc2midi": Reader("abc2midi", "symusic", _INSTALL.format("symusic"), slow=False),
    "mido": Reader("mido", "mido", _INSTALL.format("mido"), slow=False),
    "music21": Reader("music21", "music21", _INSTALL.format("music21")),
    "partitura": Reader("partitura", "partitura", _INSTALL.format("partitura")),
    "symusic": Reader("symusic", "symusic", _INSTALL.format("symusic"), slow=False),
    "verovio": Reader("verovio", "verovio", _INSTALL.format("verovio")),
}


class Corpus(NamedTuple):
    """A folder of files, in `--corpora` or inside music21, and who reads them.

    Where the files are long, slow readers are given but one in some of those that they would get.
    """

    name: str
    pattern: str
    readers: tuple[str, ...]
    inside_music21: bool = False
    one_in: int = 1


class Piece(NamedTuple):
    """A piece by its name: a file, or one tune of it."""

    name: str
    data: bytes


_TUNES = ("abc2midi",)
_SCORES = ("music21", "partitura")
_SPINES = ("verovio", "music21")
_EVENTS = ("mido", "symusic")

CORPORA = {
    "abc": (
        Corpus("ryan", "ryansMammoth/*.abc", _TUNES, inside_music21=True),
        Corpus("oneill", "oneills1850/*.abc", _TUNES, inside_music21=True),
        Corpus("aird", "airdsAirs/*.abc", _TUNES, inside_music21=True),
        Corpus("hymns", "hymns/*.abc", _TUNES),
    ),
    "humdrum": (
        Corpus("polish", "polish/**/*.krn", _SPINES),
        Corpus("chopin", "chopin/*.krn", _SPINES, one_in=2),
    ),
    "musicxml": (
        Corpus("bach", "bach/*.mxl", _SCORES, inside_music21=True),
        Corpus("openewld", "openewld/**/*.mxl", _SCORES),
        Corpus("lieder", "lieder/**/*.mxl", _SCORES),
        Corpus("quartets", "quartets/**/*.mxl", _SCORES, one_in=6),
    ),
    "midi": (
        Corpus("mutopia", "mutopia/**/*.mid*", (*_EVENTS, "music21")),
        Corpus("groove", "groove/**/*.mid", _EVENTS),  # drums, of which music21 says no keys
        Corpus("freedoom", "freedoom/**/*.mid", _EVENTS),
        Corpus("simutrans", "simutrans/**/*.mid", _EVENTS),
    ),
}


def find_files(corpus: Corpus, corpora: Path) -> list[Path]:
    """Return the files of a corpus, sorted."""
    folder = _folder_of_music21() if corpus.inside_music21 else corpora
    files = sorted(folder.glob(corpus.pattern))
    if not files:
        raise SystemExit(f"there are no {folder / corpus.pattern}: say where the corpora lie by --corpora")
    return files


def take_pieces(file: Path, kind: str) -> Iterator[Piece]:
    """Yield the pieces of a file: an ABC file holds many."""
    if kind != "abc":
        yield Piece(file.stem, file.read_bytes())
        return
    for number, tune in enumerate(split_tunes(decode_score(file.read_bytes())), 1):
        yield Piece(f"{file.stem} {number}", tune.encode())


def _folder_of_music21() -> Path:
    found = find_spec("music21")
    if found is None or found.origin is None:
        raise SystemExit(f"some of these files lie in music21: {READERS['music21'].install}")
    return Path(found.origin).parent / "corpus"
