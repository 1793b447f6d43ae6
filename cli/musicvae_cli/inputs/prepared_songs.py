"""Reading many songs, or music that musicvae wrote, and telling what was read of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from musicvae.errors import SongError
from musicvae_cli.shell.console import progress_bar, say
from musicvae_cli.shell.workers import reading_processes

if TYPE_CHECKING:
    from musicvae.measures.data.config import MeasureVAEConfig
    from musicvae.measures.preparing.prepare import PrepareOptions
    from musicvae.measures.preparing.prepared import Prepared
    from musicvae.midi.arranging.ensembles import Ensemble
    from musicvae.midi.reading.file_report import FileReport
    from musicvae.midi.songs.song import Song

MOST_REFUSALS, MOST_NAMED = 10, 8
# The markers of `musicvae generate` and `vary`; and of `interpolate`, whose songs have no others.
_PIECE, _ON_THE_WAY = re.compile(r"(piece|variation) \d+"), re.compile(r"\d+% B")


def require_songs(paths: Sequence[Path]) -> None:
    """Check, before anything is loaded, that there are songs under some paths.

    Raises
    ------
    SongError
        If there is no such path, or no songs under it.
    """
    from musicvae.midi.reading.song_files import find_songs

    for path in paths:
        find_songs(path)


def prepare_songs(paths: Sequence[Path], options: PrepareOptions, folder: Path | None = None) -> Prepared:
    """Return the songs under some paths as measures, read by several processes, with a bar.

    Raises
    ------
    SongError
        If there are no songs.
    """
    from musicvae.measures.preparing.prepare import prepare
    from musicvae.midi.reading.song_files import find_songs

    files = sum(len(find_songs(path)) for path in paths)
    with reading_processes(files) as executor, progress_bar("reading") as advance:
        return prepare(paths, options, folder, executor, advance)


def read_samples(paths: Sequence[Path], config: MeasureVAEConfig) -> list[Song]:
    """Return the pieces under some paths in a model's grid and parts, and say what cannot be read.

    Raises
    ------
    SongError
        If there are none.
    """
    from musicvae.midi.arranging.ensembles import arrange
    from musicvae.midi.reading.reader import read_with_report
    from musicvae.midi.reading.song_files import find_songs

    files = dict.fromkeys(file for path in paths for file in find_songs(path))
    readings = [read_with_report(file, config.grid) for file in files]
    say_refusals([reading.report for reading in readings])
    # Each piece has a band of its own: it is split off before anybody sits down.
    whole = (piece for reading in readings for song in reading.songs for piece in split_pieces(song))
    pieces = [arrange(piece, config.arrangement).song for piece in whole]
    pieces = [piece for piece in pieces if len(piece.notes)]
    if not pieces:
        raise SongError("there is no sample that can be read: name MIDI files of generated music")
    return pieces


def split_pieces(song: Song) -> list[Song]:
    """Return the pieces that stand one after another under markers, or the song if there are none."""
    is_way = any(_ON_THE_WAY.fullmatch(marker.text) for marker in song.markers)
    steps = [marker.step for marker in song.markers if is_way or _PIECE.fullmatch(marker.text)]
    begins = song.measure_starts.searchsorted(steps).tolist()
    edges = sorted({*begins, song.measures}) if begins else [0, song.measures]
    return [song.cut(first, after) for first, after in pairwise(edges)]


def say_prepared(prepared: Prepared) -> None:
    """Say what was read, what was not, and what was chosen."""
    from musicvae.midi.reading.file_report import total

    totals, ensemble = total(prepared.reports), prepared.choice.ensemble
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
    say(f"parts: {_name_parts(ensemble)}")


def say_refusals(reports: Sequence[FileReport]) -> None:
    """Say which files are damaged or left out, and why; of many only the first."""
    faults = [report for report in reports if report.status != "ok"]
    for report in faults[:MOST_REFUSALS]:
        say(f"  {report.status}: {report.path}: {report.reason}")
    if len(faults) > MOST_REFUSALS:
        say(f"  and {len(faults) - MOST_REFUSALS:,} more: see `musicvae inspect`")


def _name_parts(ensemble: Ensemble) -> str:
    """Return what the parts of a model are, as people read it."""
    from musicvae.midi.arranging.seats import SEATS

    if ensemble.name != SEATS:
        return ensemble.name
    pitched = sum(not part.is_drums for part in ensemble.parts)
    drums = ["drums"] * (pitched < len(ensemble.parts))
    instruments = [f"up to {pitched} instruments" if pitched > 1 else "one instrument"] * (pitched > 0)
    return f"as the songs are, {' and '.join(instruments + drums)}"


def _name_shares(shares: dict[str, float]) -> str:
    named = [f"{name} {share:.0%}" for name, share in list(shares.items())[:MOST_NAMED]]
    others = len(shares) - len(named)
    return ", ".join(named) + (f", and {others} more" if others else "")
