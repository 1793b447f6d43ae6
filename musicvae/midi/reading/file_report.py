"""What was read of a file, and of a folder of files: counts, names and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from musicvae.midi.songs.notices import Notice

SWUNG = 0.6  # share of the off-beats from which on swing is meant

Status = Literal["ok", "salvaged", "rejected"]


@dataclass(frozen=True)
class FileReport:
    """What was read of one file.

    Parameters
    ----------
    path : Path
    status : {"ok", "salvaged", "rejected"}
        "salvaged": the file is damaged, and what could be read of it was read.
    reason : str
        Why it is not "ok"; "" if it is.
    notices : tuple of Notice
        What was guessed, moved or left out, each kind once.
    songs, notes, measures : int
        Counts over all songs of the file.
    meters : tuple of str
        Each meter once, in the order in which they come.
    title, composer : str
        Of its first song, "" where the file says none.
    key : str
        Such as "G major": what the file says, or else what its notes suggest.
    tempo : float
        At the beginning, in quarter notes per minute.
    parts : tuple of str
        Their labels (`instruments.label_parts`), each once.
    melody : str
        The part that is taken for the melody where one is asked for; "" if there is none.
    off_grid : float
        How far the onsets lie off the grid, 0 to 1 (see `quantise.off_grid`).
    swing : float
        The share of the off-beats that fall near two thirds of the beat, 0 to 1 (see `swing.measure_swing`).
    free : bool
        Whether it seems to be played without a click (see `quantise.is_free`).
    """

    path: Path
    status: Status
    reason: str = ""
    notices: tuple[Notice, ...] = ()
    songs: int = 0
    notes: int = 0
    measures: int = 0
    meters: tuple[str, ...] = ()
    title: str = ""
    composer: str = ""
    key: str = ""
    tempo: float = 0.0
    parts: tuple[str, ...] = ()
    melody: str = ""
    off_grid: float = 0.0
    swing: float = 0.0
    free: bool = False

    @property
    def is_swung(self) -> bool:
        """Whether it swings, or goes in triplets."""
        return self.swing >= SWUNG and not self.free


class Totals(NamedTuple):
    """Counts over the reports of a folder's files: seen = ok + salvaged + rejected."""

    seen: int
    ok: int
    salvaged: int
    rejected: int
    songs: int
    measures: int
    notes: int


def total(reports: Sequence[FileReport]) -> Totals:
    """Return the sums over all reports."""
    statuses = [report.status for report in reports]
    return Totals(
        seen=len(reports),
        ok=statuses.count("ok"),
        salvaged=statuses.count("salvaged"),
        rejected=statuses.count("rejected"),
        songs=sum(report.songs for report in reports),
        measures=sum(report.measures for report in reports),
        notes=sum(report.notes for report in reports),
    )
