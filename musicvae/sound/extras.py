"""The libraries of the extras `[audio]` and `[play]`: whether they are there, and how to get them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from musicvae.errors import OutputError, SoundError

SYNTHESIZER, FILES, DEVICES, PORTS = "midirenderer", "soundfile", "sounddevice", "rtmidi"
_FOR_FILES = {".wav": (SYNTHESIZER,), ".flac": (SYNTHESIZER, FILES)}
SUFFIXES = tuple(_FOR_FILES)  # of files of sound
_PACKAGES = {PORTS: "python-rtmidi"}  # where pip knows a library by another name


def require_sound_file(path: Path) -> None:
    """Check, before long work, that sound can be made for a file of this name.

    Raises
    ------
    OutputError
        If it ends in none of the suffixes.
    SoundError
        If a library is missing.
    """
    if path.suffix.lower() not in _FOR_FILES:
        raise OutputError(f"{path} would hold sound: end its name in {' or '.join(SUFFIXES)}")
    require_libraries(f"{path}: sound", "audio", *_FOR_FILES[path.suffix.lower()])


def require_libraries(what: str, extra: str, *libraries: str) -> None:
    """Check, before long work, that the libraries that something needs can be imported.

    Parameters
    ----------
    what : str
        What needs them, such as "sound".
    extra : str
        That of the package which has them.
    *libraries : str

    Raises
    ------
    SoundError
        If one of them is missing.
    """
    missing = [_PACKAGES.get(name, name) for name in libraries if not is_there(name)]
    if missing:
        raise SoundError(f"{what} needs the extra [{extra}]: pip install {' '.join(missing)}")


def is_there(library: str) -> bool:
    """Say whether a library is installed; nothing is imported."""
    return find_spec(library) is not None
