"""Labels of the pictures in a folder: by a table of files, or by the sub-folders they lie in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from musicvae.errors import PictureError

TABLE = "labels.csv"  # read if a folder holds it and no other is named


def label_files(folder: Path, files: Sequence[Path], table: Path | None = None) -> list[str] | None:
    """Return the label of each file, or None if there are none.

    Parameters
    ----------
    folder : Path
    files : sequence of Path
        Those under the folder.
    table : Path, optional
        A CSV with the columns `file` (as seen from the folder) and `label`. Left out, it is the
        folder's own labels.csv; if that is not there, labels are the names of sub-folders.

    Raises
    ------
    PictureError
        If the table cannot be read, names files that are not there, or does not name some that are.
    """
    if table is None and (folder / TABLE).is_file():
        table = folder / TABLE
    if table is None:
        names = [path.relative_to(folder).parts for path in files]
        return [parts[0] for parts in names] if all(len(parts) > 1 for parts in names) else None
    known = _read_table(table)
    here = {path.relative_to(folder).as_posix() for path in files}
    for one, other, what in (
        (known, here, "names {} that {} not in"),
        (here, known, "has no label for {} that {} in"),
    ):
        if missing := sorted(set(one) - set(other)):
            count = f"{len(missing)} picture{'s' if len(missing) > 1 else ''}"
            found = what.format(count, "are" if len(missing) > 1 else "is")
            raise PictureError(f"{table} {found} {folder}, such as {missing[0]}: make them match")
    return [known[path.relative_to(folder).as_posix()] for path in files]


def _read_table(path: Path) -> dict[str, str]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise PictureError(f"there is no {path}: name a CSV file with the columns file and label") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PictureError(f"{path} cannot be read: save it as CSV, in UTF-8") from error
    if not rows or any(not row.get("file") or not row.get("label") for row in rows):
        raise PictureError(f"{path} must have the columns file and label, and both in every row")
    labels = {row["file"].strip(): row["label"].strip() for row in rows}
    if len(labels) < len(rows):
        raise PictureError(f"{path} names a file twice: keep one row for each")
    return labels
