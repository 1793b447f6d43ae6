"""Writing files so that nobody loses anything: wholly or not at all.

Conventions
-----------
A file is written under a temporary, hidden name in the folder where it will be, and renamed
when it is complete. A reader sees the old file or the new one, never half of one; whatever
stops the writing (an error, a full disk, Ctrl-C) leaves the old file as it was and no litter.

Whether an existing file may be replaced is decided before (`require_free`): one that musicvae wrote may be.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from musicvae.errors import OutputError

_REMEDIES = {
    errno.ENOENT: "its folder does not exist: create it or name another",
    errno.ENOTDIR: "its folder is a file: name another folder",
    errno.EACCES: "you may not write there: name another folder",
    errno.EPERM: "you may not write there: name another folder",
    errno.EROFS: "the disk is read-only: name a folder on another disk",
    errno.EISDIR: "it is a folder: name a file in it",
    errno.ENOSPC: "the disk is full: free some space or name a folder on another disk",
    errno.EDQUOT: "your quota on the disk is used up: free some space or name a folder on another disk",
    errno.ENAMETOOLONG: "its name is too long: choose a shorter one",
}


def _refusal(path: Path, error: OSError) -> OutputError:
    """Put the error of the operating system into a sentence with a remedy."""
    remedy = _REMEDIES.get(error.errno or 0, f"{error.strerror or error}: name another place")
    return OutputError(f"cannot write {path}: {remedy}")


def _check(path: Path) -> None:
    """Raise the OSError that writing the file would end in, as far as can be seen now."""
    folder = path.resolve().parent
    if not folder.exists():
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    if not folder.is_dir():
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if path.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    # A device or a pipe would be replaced by a file: as root, even /dev/null.
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is not an ordinary file")
    if not os.access(folder, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))


def require_writable(path: Path) -> None:
    """Check, before long work, that a file can be written here. Writes nothing.

    Raises
    ------
    OutputError
        If its folder does not exist or may not be written to, or the path is a folder, a
        device or a write-protected file.
    """
    try:
        _check(path)
    except OSError as error:
        raise _refusal(path, error) from error


def require_free(path: Path, force: bool, reason_to_keep: Callable[[Path], str | None]) -> None:
    """Check, before long work, that a file can be written here and nobody loses one by that.

    Parameters
    ----------
    path : Path
    force : bool
        Whether to replace whatever is there.
    reason_to_keep : callable
        Says of a file that is there why it must stay, such as "exists"; None if it may be replaced.

    Raises
    ------
    OutputError
        If the file cannot be written (see `require_writable`), or must stay and `force` is false.
    """
    require_writable(path)
    if not force and path.exists() and (reason := reason_to_keep(path)):
        raise OutputError(f"{path} {reason}: use --force or another name")


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Raise the operating system's errors within the block as an OutputError about `path`."""
    try:
        yield
    except OSError as error:
        raise _refusal(path, error) from error


def make_folder(path: Path) -> None:
    """Make a folder, and those it lies in, unless it is there.

    Raises
    ------
    OutputError
        If it cannot be made.
    """
    with refusing(path):
        path.mkdir(parents=True, exist_ok=True)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to, which becomes `path` when the block ends well.

    The temporary path has the suffix of `path` and nothing is there yet. If `path` is a
    symbolic link, the file that it points to is replaced.

    Raises
    ------
    OutputError
        If the file cannot be written (see `require_writable`), or the disk fills up.
    """
    require_writable(path)
    target = path.resolve()
    temporary = target.with_name(f".{os.urandom(8).hex()}{path.suffix}")
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        if error.filename not in (None, temporary, str(temporary)):
            raise  # about another file, such as one being read
        raise _refusal(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
