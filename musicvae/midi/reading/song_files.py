"""Find the files of songs under a folder, and take in their bytes, whatever lies there.

It opens regular files alone: a pipe would wait for ever, a device would never end. Files are found by
their suffixes; of a score the suffix is also what tells how it is written.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from musicvae.errors import SongError

MIDI_SUFFIXES = (".mid", ".midi", ".kar", ".rmi")
SCORE_FORMATS = {  # as `score_file.parse_score` calls them
    **{".mxl": "musicxml", ".musicxml": "musicxml", ".xml": "musicxml"},
    **{".abc": "abc", ".krn": "humdrum"},
}

_SUFFIXES = (*MIDI_SUFFIXES, *SCORE_FORMATS)


def find_songs(folder: Path) -> list[Path]:
    """Return the files under a folder that are named as songs are, sorted; of a file, itself.

    Hidden files and folders are left out; links to folders are followed, each folder once.

    Raises
    ------
    SongError
        If there is no such folder, a folder cannot be opened, or no songs are there.
    """
    try:
        is_folder = stat.S_ISDIR(folder.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SongError(f"there is no {folder}: name a folder of songs, or a song") from error
    except OSError as error:
        raise SongError(f"{folder} cannot be opened ({error.strerror}): name another folder") from error
    if not is_folder:
        return [folder]
    songs = sorted(path for path in _walk(folder) if path.suffix.lower() in _SUFFIXES)
    if not songs:
        raise SongError(
            f"no songs under {folder}: put some there ({' '.join(_SUFFIXES)}), or name another folder"
        )
    return songs


def _walk(folder: Path) -> Iterator[Path]:
    """Walk over all files under a folder that are not hidden."""
    seen: set[Path] = set()
    for here, folders, files in os.walk(folder, onerror=_refuse, followlinks=True):
        real = Path(here).resolve()
        folders[:] = sorted(name for name in folders if real not in seen and not name.startswith("."))
        if real not in seen:
            yield from (Path(here, name) for name in files if not name.startswith("."))
        seen.add(real)


def _refuse(error: OSError) -> None:
    raise SongError(f"{error.filename} cannot be opened ({error.strerror}): make it readable") from error


def read_file(path: Path, largest: int) -> bytes:
    """Return the bytes of a regular file.

    Raises
    ------
    SongError
        If it cannot be opened, is no regular file, or has more than `largest` bytes.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SongError("it is no regular file")
            data = file.read(largest + 1)
    except IsADirectoryError as error:
        raise SongError("it is a folder") from error
    except (OSError, ValueError) as error:
        raise SongError(f"it cannot be opened: {getattr(error, 'strerror', error)}") from error
    if len(data) > largest:
        raise SongError(f"it is larger than {largest // 1_000_000} MB: split it into smaller files")
    return data
