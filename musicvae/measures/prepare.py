"""A folder of songs -> prepared measures: what `train` does before it trains.

One grid and one ensemble are chosen for all songs, by looking at a sample of them; then every file is
read, by several processes if an executor is given. What was prepared is kept in a folder and used
again while files and choices are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from musicvae.errors import SongError, TrainingError
from musicvae.measures.store import MeasureStore, merge_stores, open_store, save_store, songs_to_store
from musicvae.midi.file_report import FileReport
from musicvae.midi.parts import ENSEMBLES, choose_ensemble
from musicvae.midi.provenance import read_provenance
from musicvae.midi.quantise import choose_grid, quantise
from musicvae.midi.reader import read_songs, read_sources
from musicvae.midi.song import Grid, Part, Song
from musicvae.midi.song_files import find_songs
from musicvae.outputs import make_folder, new_file

SAMPLE = 96  # files looked at to choose grid and ensemble
FILES_A_TASK = 32
OWN_WORK = "written by musicvae itself, no song to learn from"
FORMAT = 1  # of what is kept on disk


@dataclass(frozen=True)
class PrepareOptions:
    """What songs are turned into.

    Parameters
    ----------
    ensemble : str
        Name of the parts, or "auto".
    steps_per_beat : int
        0 chooses.
    free_timing : bool
        Whether to keep performances recorded without a click.
    """

    ensemble: str = "auto"
    steps_per_beat: int = 0
    free_timing: bool = False

    def __post_init__(self) -> None:
        if self.ensemble != "auto" and self.ensemble not in ENSEMBLES:
            raise ValueError(f"parts must be auto, {', '.join(ENSEMBLES)}; got {self.ensemble!r}")


class Choice(NamedTuple):
    """The grid and ensemble of all songs, and why."""

    grid: Grid
    ensemble: str
    reasons: tuple[str, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the ensemble."""
        return ENSEMBLES[self.ensemble]


class Prepared(NamedTuple):
    """Measures to train on, what they are, and a report of every file."""

    store: MeasureStore
    choice: Choice
    reports: tuple[FileReport, ...]
    reused: bool


def prepare(
    paths: Sequence[Path],
    options: PrepareOptions,
    folder: Path | None = None,
    executor: Executor | None = None,
    on_progress: Callable[[int, int], None] = lambda done, files: None,
) -> Prepared:
    """Return the songs under some paths as measures.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders.
    options : PrepareOptions
    folder : Path, optional
        Where to keep the measures for the next time.
    executor : Executor, optional
        Reads the files; without one they are read here, one by one.
    on_progress : callable
        Told the files read so far and in all.

    Raises
    ------
    SongError
        If there are no songs.
    """
    found = list(dict.fromkeys(file for path in paths for file in find_songs(path)))
    own_works = tuple(FileReport(file, "rejected", OWN_WORK) for file in found if _is_own_work(file))
    heard_already = {report.path for report in own_works}
    files = [file for file in found if file not in heard_already]
    if not files:
        raise SongError("every file there was written by musicvae itself: name songs to learn from")
    key = _fingerprint(files, options) if folder is not None else ""
    if folder is not None and (kept := _load_kept(folder, key)) is not None:
        return kept._replace(reports=kept.reports + own_works)
    choice = choose(files, options)
    parts, reports = _read_all(files, choice, options, executor, on_progress)
    prepared = Prepared(merge_stores(parts), choice, tuple(reports), reused=False)
    if folder is not None and prepared.store.songs:
        _keep(prepared, folder, key)
    return prepared._replace(reports=prepared.reports + own_works)


def _is_own_work(file: Path) -> bool:
    """Say whether musicvae wrote a file as its own: learning from that would be hearing oneself."""
    provenance = read_provenance(file)
    return provenance is not None and not provenance.is_export


def choose(files: Sequence[Path], options: PrepareOptions) -> Choice:
    """Return the grid and ensemble that suit a sample of the files best, or those asked for."""
    grid, ensemble = Grid(options.steps_per_beat or 4), options.ensemble
    reasons = []
    if options.steps_per_beat and ensemble != "auto":
        return Choice(grid, ensemble, ())
    chosen = np.unique(np.linspace(0, len(files) - 1, min(SAMPLE, len(files))).astype(int))
    sources = [source for index in chosen for source in read_sources(files[index]).sources]
    if not options.steps_per_beat:
        grid, why = choose_grid(sources)
        reasons.append(why)
    if ensemble == "auto":
        songs = []
        for source in sources:
            try:
                songs.append(quantise(source, grid))
            except SongError:  # told when the file itself is read
                continue
        ensemble, why = choose_ensemble(songs)
        reasons.append(why)
    return Choice(grid, ensemble, tuple(reasons))


def read_task(
    files: Sequence[Path], choice: Choice, free_timing: bool
) -> tuple[MeasureStore, list[FileReport]]:
    """Return the measures of some files and their reports: the work of one process."""
    songs: list[Song] = []
    reports = []
    for file in files:
        reading = read_songs(file, choice.grid, choice.ensemble)
        if reading.report.free and not free_timing:
            reason = "played without a click, so its beats mean nothing: keep it by --free-timing"
            reports.append(
                replace(reading.report, status="rejected", reason=reason, songs=0, measures=0, notes=0)
            )
            continue
        songs += reading.songs
        reports.append(reading.report)
    return songs_to_store(songs), reports


def _read_all(
    files: Sequence[Path],
    choice: Choice,
    options: PrepareOptions,
    executor: Executor | None,
    on_progress: Callable[[int, int], None],
) -> tuple[list[MeasureStore], list[FileReport]]:
    tasks = [files[first : first + FILES_A_TASK] for first in range(0, len(files), FILES_A_TASK)]
    extras = ([choice] * len(tasks), [options.free_timing] * len(tasks))
    results: Iterable[tuple[MeasureStore, list[FileReport]]]
    results = executor.map(read_task, tasks, *extras) if executor else map(read_task, tasks, *extras)
    stores, reports = [], []
    for store, of_task in results:
        stores.append(store)
        reports += of_task
        on_progress(len(reports), len(files))
    return stores, reports


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


def _fingerprint(files: Sequence[Path], options: PrepareOptions) -> str:
    """Tell the same files and choices again by names, sizes and times, without reading them."""
    stats = [(str(file.resolve()), *_size_and_time(file)) for file in files]
    return sha256(json.dumps([FORMAT, asdict(options), stats]).encode()).hexdigest()


def _size_and_time(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except OSError:  # such as a link to nowhere: told when the file is read
        return -1, -1
    return stat.st_size, stat.st_mtime_ns


def _keep(prepared: Prepared, folder: Path, key: str) -> None:
    make_folder(folder)
    save_store(prepared.store, folder / "measures.safetensors")
    index = {
        "key": key,
        "steps_per_beat": prepared.choice.grid.steps_per_beat,
        "ensemble": prepared.choice.ensemble,
        "reasons": prepared.choice.reasons,
        "reports": [{**asdict(report), "path": str(report.path)} for report in prepared.reports],
    }
    with new_file(folder / "index.json") as temporary:
        temporary.write_text(json.dumps(index), encoding="utf-8")


def _load_kept(folder: Path, key: str) -> Prepared | None:
    """Return what is kept if it is of the same files and choices; anything wrong with it means no."""
    try:
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        if index["key"] != key:
            return None
        choice = Choice(Grid(index["steps_per_beat"]), index["ensemble"], tuple(index["reasons"]))
        reports = tuple(_report(entry) for entry in index["reports"])
        return Prepared(open_store(folder / "measures.safetensors"), choice, reports, reused=True)
    except (OSError, ValueError, KeyError, TypeError, TrainingError):
        return None


def _report(entry: dict[str, Any]) -> FileReport:
    tuples = {name: tuple(entry[name]) for name in ("notices", "meters", "parts")}
    return FileReport(**{**entry, **tuples, "path": Path(entry["path"])})
