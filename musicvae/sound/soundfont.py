"""Which soundfont plays: the instruments of General MIDI as samples.

The one that is there by default is TimGM6mb (Tim Brechbill, GPL-2, 6 MB; Debian's `timgm6mb-soundfont`),
which comes inside the package `pretty_midi`.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from musicvae.errors import SoundError

VARIABLE = "MUSICVAE_SOUNDFONT"
_DEFAULT = "TimGM6mb.sf2"
_REMEDY = f"name a .sf2 file by --soundfont or ${VARIABLE}"


def find_soundfont(given: Path | str | None = None) -> Path:
    """Return the soundfont that plays: the one given, or that of the environment, or the one in pretty_midi.

    Raises
    ------
    SoundError
        If there is none, or it cannot be one.
    """
    if chosen := given or os.environ.get(VARIABLE):
        return _check(Path(chosen))
    package = find_spec("pretty_midi")  # nothing of it is imported
    for folder in (package and package.submodule_search_locations) or ():
        if (path := Path(folder, _DEFAULT)).is_file():
            return path
    raise SoundError(f"there is no soundfont: {_REMEDY}, such as Debian's timgm6mb-soundfont")


def _check(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except OSError as error:
        raise SoundError(f"cannot read the soundfont {path} ({error.strerror}): {_REMEDY}") from error
    if not (start.startswith(b"RIFF") and start.endswith(b"sfbk")):
        raise SoundError(f"{path} is no soundfont: {_REMEDY}")
    return path
