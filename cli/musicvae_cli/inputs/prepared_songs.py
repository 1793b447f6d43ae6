"""Reading many songs, and telling what was read of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from musicvae_cli.shell.console import progress_bar, say
from musicvae_cli.shell.workers import reading_processes

if TYPE_CHECKING:
    from musicvae.measures.data.prepare import PrepareOptions
    from musicvae.measures.data.prepared import Prepared
    from musicvae.midi.reading.file_report import FileReport

MOST_REFUSALS, MOST_NAMED = 10, 8


def prepare_songs(paths: Sequence[Path], options: PrepareOptions, folder: Path | None = None) -> Prepared:
    """Return the songs under some paths as measures, read by several processes, with a bar.

    Raises
    ------
    SongError
        If there are no songs.
    """
    from musicvae.measures.data.prepare import prepare
    from musicvae.midi.reading.song_files import find_songs

    files = sum(len(find_songs(path)) for path in paths)
    with reading_processes(files) as executor, progress_bar("reading") as advance:
        return prepare(paths, options, folder, executor, advance)


def say_prepared(prepared: Prepared) -> None:
    """Say what was read, what was not, and what was chosen."""
    from musicvae.midi.reading.file_report import total

    totals, (grid, ensemble, reasons) = total(prepared.reports), prepared.choice
    again = ", read before" if prepared.reused else ""
    say(
        f"files: {totals.seen:,} ({totals.ok:,} ok, {totals.salvaged:,} salvaged,"
        f" {totals.rejected:,} rejected{again})"
    )
    say_refusals(prepared.reports)
    if not totals.songs:
        return
    say(f"music: {totals.songs:,} songs, {totals.measures:,} measures, {totals.notes:,} notes")
    say(f"meters: {_name_shares(prepared.store.meters())}")
    if styles := prepared.store.style_shares():
        say(f"styles: {_name_shares(styles)}")
    say(f"grid: {grid.steps_per_beat} steps a beat; parts: {ensemble}")
    for reason in reasons:
        say(f"  {reason}")


def say_refusals(reports: Sequence[FileReport]) -> None:
    """Say which files are damaged or left out, and why; of many only the first."""
    faults = [report for report in reports if report.status != "ok"]
    for report in faults[:MOST_REFUSALS]:
        say(f"  {report.status}: {report.path}: {report.reason}")
    if len(faults) > MOST_REFUSALS:
        say(f"  and {len(faults) - MOST_REFUSALS:,} more: see `musicvae inspect`")


def _name_shares(shares: dict[str, float]) -> str:
    named = [f"{name} {share:.0%}" for name, share in list(shares.items())[:MOST_NAMED]]
    others = len(shares) - len(named)
    return ", ".join(named) + (f", and {others} more" if others else "")
