"""Songs ready to train on: their measures, how they were made, and a report of every file.

They are kept in a folder, with a key that tells what they are of, so that they need not be made
twice. What is damaged there, or of another key, counts as not there.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from musicvae.errors import TrainingError
from musicvae.measures.data.store import MeasureStore, open_store, save_store
from musicvae.midi.arranging.ensembles import Ensemble
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Grid, Part
from musicvae.outputs import make_folder, new_file


class Choice(NamedTuple):
    """The grid and ensemble of all songs."""

    grid: Grid
    ensemble: Ensemble


class Prepared(NamedTuple):
    """Measures to train on, what they are, and a report of every file."""

    store: MeasureStore
    choice: Choice
    reports: tuple[FileReport, ...]
    reused: bool


def require_measures(prepared: Prepared, songs: int = 2, measures: int = 16) -> None:
    """Check that there is enough to train on.

    Raises
    ------
    TrainingError
        If not; the message says how much there is and how much is needed.
    """
    store = prepared.store
    if store.songs < songs or store.measures < measures:
        raise TrainingError(
            f"too little music to train on: {store.songs} songs with {store.measures} measures,"
            f" and {songs} songs with {measures} measures are needed: add more songs"
        )


def keep_prepared(prepared: Prepared, folder: Path, key: str) -> None:
    """Write prepared songs to a folder, under a key that tells the files and choices they are of."""
    make_folder(folder)
    (folder / "index.json").unlink(missing_ok=True)  # lest the old one speak of new measures
    save_store(prepared.store, folder / "measures.safetensors")
    index = {
        "key": key,
        "steps_per_beat": prepared.choice.grid.steps_per_beat,
        "ensemble": prepared.choice.ensemble.name,
        "parts": [asdict(part) for part in prepared.choice.ensemble.parts],
        "reports": [{**asdict(report), "path": str(report.path)} for report in prepared.reports],
    }
    with new_file(folder / "index.json") as temporary:
        temporary.write_text(json.dumps(index), encoding="utf-8")


def load_prepared(folder: Path, key: str) -> Prepared | None:
    """Return what a folder keeps under a key, or None if there is nothing or anything is wrong with it."""
    try:
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        if index["key"] != key:
            return None
        parts = tuple(Part(**part) for part in index["parts"])
        choice = Choice(Grid(index["steps_per_beat"]), Ensemble(index["ensemble"], parts))
        reports = tuple(_report(entry) for entry in index["reports"])
        return Prepared(open_store(folder / "measures.safetensors"), choice, reports, reused=True)
    except (OSError, ValueError, KeyError, TypeError, TrainingError):
        return None


def _report(entry: dict[str, Any]) -> FileReport:
    tuples = {name: tuple(entry[name]) for name in ("meters", "parts")}
    notices = tuple(Notice(**{**each, "examples": tuple(each["examples"])}) for each in entry["notices"])
    return FileReport(**{**entry, **tuples, "notices": notices, "path": Path(entry["path"])})
