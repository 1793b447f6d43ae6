"""`musicvae inspect`: what is read of songs, and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.songs import read_any
from musicvae_cli.shell.console import print_json, print_table, printable, progress_bar, say
from musicvae_cli.shell.errors import FAILED
from musicvae_cli.shell.options import STANDARD
from musicvae_cli.shell.workers import reading_processes

if TYPE_CHECKING:
    from musicvae.midi.reading.file_report import FileReport
    from musicvae.midi.songs.notices import Notice

# What the JSON says of a file: a promise to programs, so nothing comes or goes by the way.
_KEYS = (
    *("path", "status", "reason", "title", "composer", "notes", "measures", "meters", "key", "tempo"),
    *("parts", "melody", "off_grid", "swing", "notices"),
)
_HEADINGS = ("file", "status", "notes", "measures", "meters", "key", "tempo", "parts", "melody")
_NUMBERS = (2, 3, 6, 7)
_OFF_GRID = 0.01  # worth a remark
_LONGEST_LABEL = 24  # letters of a part
_MOST_ALIKE = 2  # remarks of a kind that are all told; of more one is, with how many files it is true of
MOST_METERS = 3

SongOrFolder = Annotated[
    Path, typer.Argument(metavar="SONG|FOLDER", help="A song, or a folder of songs.", show_default=False)
]


def inspect(song: SongOrFolder, as_json: options.AsJson = False) -> None:
    """Report what is read of SONG, or of a folder of songs. And why the rest is not."""
    from musicvae.midi.reading.file_report import total

    reports = _read_reports(song)
    totals = total(reports)
    if as_json:
        print_json({"files": [*map(_to_json, reports)], "totals": totals._asdict()})
    else:
        print_table(_HEADINGS, [_cells(report, song) for report in reports], _NUMBERS)
        if len(reports) == 1 and (about := _say_title(reports[0])):
            typer.echo(printable(about))
        for remark in _remarks(reports):
            typer.echo(printable(remark))
        typer.echo(", ".join(f"{name} {count:,}" for name, count in totals._asdict().items()))
    if not totals.songs:
        say("nothing could be read")
        raise typer.Exit(FAILED)


def _read_reports(song: Path) -> list[FileReport]:
    from musicvae.midi.reading.song_files import find_songs

    files = [song] if song == STANDARD else find_songs(song)
    reports: list[FileReport] = []
    with reading_processes(len(files)) as executor, progress_bar("reading") as advance:
        for report in executor.map(read_report, files, chunksize=8) if executor else map(read_report, files):
            reports.append(report)
            advance(len(reports), len(files))
    return reports


def read_report(file: Path) -> FileReport:
    """Return the report of a file: what a process is given to do."""
    return read_any(file).report


def _cells(report: FileReport, folder: Path) -> Sequence[object]:
    inside = report.path != folder and report.path.is_relative_to(folder)
    name = report.path.relative_to(folder) if inside else report.path
    if not report.songs:
        return name, report.status, *[""] * (len(_HEADINGS) - 2)
    meters = report.meters[:MOST_METERS] + ("...",) * (len(report.meters) > MOST_METERS)
    return (
        *(name, report.status, f"{report.notes:,}", f"{report.measures:,}", ", ".join(meters), report.key),
        *(f"{report.tempo:.0f}", len(report.parts)),
        report.melody[:_LONGEST_LABEL] if len(report.parts) > 1 else "",
    )


def _say_title(report: FileReport) -> str:
    """Return what a piece is called, and whose it is, as far as the file says that."""
    by = f"by {report.composer}" if report.composer else ""
    return ", ".join(filter(None, (report.title, by)))


def _to_json(report: FileReport) -> dict[str, object]:
    """Return a report as an object for JSON."""
    said = {key: getattr(report, key) for key in _KEYS}
    rounded = {"tempo": round(report.tempo, 2)}
    rounded |= {name: round(getattr(report, name), 3) for name in ("off_grid", "swing")}
    notices = [asdict(notice) for notice in report.notices]
    return said | {"path": str(report.path), "notices": notices} | rounded


def _remarks(reports: Sequence[FileReport]) -> Iterator[str]:
    """Yield why files are not ok, and what was guessed, moved or left out: each kind once if it is common."""
    kinds: dict[str, list[tuple[Path, Notice]]] = {}
    for report in reports:
        if report.reason:
            yield f"{report.path}: {report.reason}"
        for notice in (*report.notices, *_timing(report)):
            kinds.setdefault(notice.what, []).append((report.path, notice))
    for alike in kinds.values():
        told = [f"{path}: {notice}" for path, notice in alike]
        if len(alike) > _MOST_ALIKE:
            told = [f"{told[0]} ({_say_others([notice for _, notice in alike])}: see them by --json)"]
        yield from told


def _say_others(alike: Sequence[Notice]) -> str:
    """Say of how many other files a notice is true, and how often it is in all, where that is counted."""
    from musicvae.midi.songs.notices import sum_notices

    [whole] = sum_notices(alike)
    others = f"and like this {len(alike) - 1} others"
    return others if whole.count is None else f"{others}, {whole.count:,} in all"


def _timing(report: FileReport) -> Iterator[Notice]:
    """Yield what is to be told of where the notes fall."""
    from musicvae.midi.songs.notices import Notice

    if report.off_grid >= _OFF_GRID:
        yield Notice("onsets that lie off the grid", None, (f"{report.off_grid:.0%}",))
    if report.is_swung:
        yield Notice(
            "off-beats that fall at two thirds of the beat, as in swing and triplets",
            None,
            (f"{report.swing:.0%}",),
        )
