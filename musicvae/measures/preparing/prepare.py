"""A folder of songs -> prepared measures: what `train` does before it trains.

All songs are laid on the fine grid, in as many seats as a sample of them needs or in the parts asked for;
every file is read, by several processes if an executor is given. The folders that songs lie in are their
styles (see `styles`), and their titles name them, or else their files (`song_names`).
What was prepared is kept in a folder and used again while files and choices are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np

from musicvae.errors import SongError
from musicvae.measures.data.store import MeasureStore, merge_stores, songs_to_store
from musicvae.measures.preparing.prepared import Choice, Prepared, keep_prepared, load_prepared
from musicvae.measures.preparing.song_names import name_songs
from musicvae.measures.preparing.styles import find_files, name_styles
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.arranging.ensembles import Ensemble, find_ensemble
from musicvae.midi.arranging.seats import SEATS, choose_seats
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.reading.pedals import hold_by_pedals
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.reader import FileSources, lay_songs, read_sources
from musicvae.midi.reading.song_report import FileSongs
from musicvae.midi.songs.song import FINE_GRID, Grid

SAMPLE = 96  # songs' files looked at to count the seats
FILES_A_TASK = 32
AUTO = "auto"
OWN_WORK = "written by musicvae itself, no song to learn from"
NO_CLICK = "played without a click, so its beats mean nothing: keep it by --free-timing"
FORMAT = 9  # of what is kept on disk, and of how files are read


@dataclass(frozen=True)
class PrepareOptions:
    """What songs are turned into.

    Parameters
    ----------
    ensemble : Ensemble or str
        The parts of a model, the name of an arrangement, or "auto": the instruments that songs have.
    grid : Grid
        The fine one, unless songs are for a model that has another.
    free_timing : bool
        Whether to keep performances recorded without a click.
    """

    ensemble: Ensemble | str = AUTO
    grid: Grid = FINE_GRID
    free_timing: bool = False

    def __post_init__(self) -> None:
        if (
            self.ensemble != AUTO
            and self.ensemble not in ENSEMBLES
            and not isinstance(self.ensemble, Ensemble)
        ):
            raise ValueError(f"parts must be auto, {', '.join(ENSEMBLES)}; got {self.ensemble!r}")


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
    found = find_files(paths)
    files = list(found)
    key = _fingerprint(found, options) if folder is not None else ""
    if folder is not None and (kept := load_prepared(folder, key)) is not None:
        return kept
    choice = choose(files, options)
    stores, reports = _read_all(files, choice, options, executor, on_progress)
    if all(report.reason == OWN_WORK for report in reports):
        raise SongError("every file there was written by musicvae itself: name songs to learn from")
    store = merge_stores(stores)
    of_songs = [report.path for report in reports for _ in range(report.songs)]
    styles, names = name_styles([found[file] for file in of_songs]), name_songs(store.titles, of_songs)
    store = replace(store, style=styles.style, styles=styles.names, titles=names)
    prepared = Prepared(store, choice, tuple(reports), reused=False)
    if folder is not None and store.songs:
        keep_prepared(prepared, folder, key)
    return prepared


def choose(files: Sequence[Path], options: PrepareOptions) -> Choice:
    """Return the grid, and as many seats as a sample of the files needs, or the parts asked for."""
    if isinstance(options.ensemble, Ensemble):
        return Choice(options.grid, options.ensemble)
    if options.ensemble != AUTO:
        return Choice(options.grid, find_ensemble(options.ensemble))
    shuffled = np.random.default_rng(0).permutation(len(files))
    readings = (read_sources(files[index]) for index in shuffled)
    sample = islice((said for said in readings if said.sources and not _is_own_work(said)), SAMPLE)
    songs = []
    for source in (source for said in sample for source in said.sources):
        try:
            songs.append(quantise(hold_by_pedals(source).source, options.grid).song)
        except SongError:  # told when the file itself is read
            continue
    return Choice(options.grid, Ensemble(SEATS, choose_seats(songs)))


def read_task(
    files: Sequence[Path], choice: Choice, free_timing: bool
) -> tuple[MeasureStore, list[FileReport]]:
    """Return the measures of some files and their reports: the work of one process."""
    readings = [_read(file, choice, free_timing) for file in files]
    songs = [song for reading in readings for song in reading.songs]
    return songs_to_store(songs), [reading.report for reading in readings]


def _read(file: Path, choice: Choice, free_timing: bool) -> FileSongs:
    said = read_sources(file)
    if _is_own_work(said):
        return FileSongs((), FileReport(file, "rejected", OWN_WORK))
    songs, report = lay_songs(file, said, choice.grid, choice.ensemble)
    if report.free and not free_timing:
        return FileSongs(
            (), replace(report, status="rejected", reason=NO_CLICK, songs=0, measures=0, notes=0)
        )
    return FileSongs(tuple(song.from_first_note() for song in songs), report)


def _is_own_work(said: FileSources) -> bool:
    """Say whether musicvae wrote a file as its own: learning from that would be hearing oneself."""
    return said.provenance is not None and said.provenance.is_own_work


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


def _fingerprint(found: Mapping[Path, str], options: PrepareOptions) -> str:
    """Tell the same files and choices again by names, sizes and times, without reading them."""
    stats = [(str(file.resolve()), folder, *_size_and_time(file)) for file, folder in found.items()]
    return sha256(json.dumps([FORMAT, asdict(options), stats]).encode()).hexdigest()


def _size_and_time(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except OSError:  # such as a link to nowhere: told when the file is read
        return -1, -1
    return stat.st_size, stat.st_mtime_ns
