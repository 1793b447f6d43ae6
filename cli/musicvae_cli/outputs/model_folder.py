"""Whether a model folder may be written: before anything is read, and so that nothing is lost."""

from __future__ import annotations

from pathlib import Path

import typer

from musicvae.core.model_store.model_files import CONFIG, TRAINING, is_model_folder
from musicvae.errors import ModelError, OutputError
from musicvae.outputs import require_writable

PREPARED = "prepared"
# What a training writes before it has a model: with nothing else in it, a folder is not somebody's.
_BEGINNINGS = {PREPARED, "metrics.csv", "tensorboard"}


def require_free_folder(out: Path, resume: bool, force: bool) -> None:
    """Check that a training may write to a folder.

    Raises
    ------
    OutputError
        If it holds a model and neither `resume` nor `force` is given, or somebody's files, or
        cannot be written to.
    ModelError
        If `resume` is given and there is nothing to resume.
    """
    if resume and force:
        raise typer.BadParameter("--resume goes on with a model and --force replaces it: leave one out")
    if resume and not (out / TRAINING).is_file():
        raise ModelError(f"{out} holds no training to resume: leave --resume out, or name another --out")
    if out.is_dir() and not resume and not force:
        if is_model_folder(out):
            raise OutputError(f"{out} holds a model: use --resume, --force or another --out")
        if {path.name for path in out.iterdir()} - _BEGINNINGS:
            raise OutputError(f"{out} holds other files: name a folder of its own by --out, or use --force")
    require_writable(out / CONFIG if out.is_dir() else out)
    if out.is_file():
        raise OutputError(f"cannot write {out}: it is a file: name a folder by --out")
