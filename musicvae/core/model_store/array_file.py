"""Arrays in a file of their own in a model folder, and what is said about them as JSON in its metadata."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from musicvae.errors import ModelError
from musicvae.outputs import new_file

_ABOUT = "about"  # one entry: several would be written in an order that changes from run to run

Read = TypeVar("Read")


def save_arrays(path: Path, arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]) -> None:
    """Write arrays, and what is said about them: its "format" is a number. Inverse of `load_arrays`."""
    with new_file(path) as temporary:
        temporary.write_bytes(save(dict(arrays), metadata={_ABOUT: json.dumps(about)}))


def load_arrays(
    path: Path, number: int, parse: Callable[[dict[str, Any], dict[str, np.ndarray]], Read]
) -> Read | None:
    """Return what a file holds, or None if it is not there, as in an older model folder.

    Parameters
    ----------
    path : Path
    number : int
        Of the format.
    parse : callable
        Makes it of what is said and the arrays. The file may be anybody's: where these do not go together,
        a ValueError, KeyError or TypeError says so.

    Raises
    ------
    ModelError
        If the file is damaged, or of a newer format.
    """
    if not path.exists():
        return None
    try:
        with safe_open(path, "numpy") as file:
            about = json.loads(file.metadata()[_ABOUT])
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dict)
        if about["format"] == number:
            return parse(about, arrays)
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"{path} is damaged: copy the folder anew, or train again") from error
    raise ModelError(f"{path} was written in another format than {number}: update musicvae, or train again")
