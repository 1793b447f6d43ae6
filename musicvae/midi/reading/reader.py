"""Read songs from files, each file with a report of what was read.

Conventions
-----------
- Every file ends as "ok", "salvaged" (damaged; what could be read was read) or "rejected" (nothing
  usable); the last two have a reason. One bad file never stops a folder.
- What a file holds decides, not its name: MIDI is known by its header.
- A file may hold several songs (ABC). Its report speaks of all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.reading.file_report import FileReport, Status
from musicvae.midi.reading.quantise import choose_grid, is_free, off_grid, quantise_with_notices
from musicvae.midi.reading.smf.guard import MAX_BYTES
from musicvae.midi.reading.smf.midi_bytes import find_header
from musicvae.midi.reading.smf.midi_file import read_midi
from musicvae.midi.reading.song_files import SCORE_SUFFIXES, read_file
from musicvae.midi.songs.ensembles import arrange_with_notices
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.song import Grid, Song
from musicvae.midi.songs.source import Source
from musicvae.provenance import Provenance, bytes_to_provenance


class SourceReading(NamedTuple):
    """What a file says before it is laid on a grid; no sources where it is rejected."""

    sources: tuple[Source, ...]
    status: Status
    reason: str
    provenance: Provenance | None = None  # where musicvae wrote the file


class Reading(NamedTuple):
    """The songs of a file; none where the report says "rejected"."""

    songs: tuple[Song, ...]
    report: FileReport


class SongReading(NamedTuple):
    """The first song of a file, and the file's report."""

    song: Song
    report: FileReport

    @property
    def notices(self) -> tuple[str, ...]:
        """What was guessed, moved or left out between the file and the song, in short phrases."""
        songs, report = self.report.songs, self.report
        salvaged = [f"salvaged: {report.reason}"] if report.status == "salvaged" else []
        several = [f"it has {songs} songs, and the first is taken"] if songs > 1 else []
        return (*salvaged, *several, *report.notices)


class _Taken(NamedTuple):
    """A song with what it was made from."""

    source: Source
    song: Song
    notices: tuple[str, ...]


def read_song(path: Path | str, grid: Grid | None = None, ensemble: str | None = None) -> SongReading:
    """Return the first song of a file, with the file's report. See `read_songs`.

    Raises
    ------
    SongError
        If no song can be read; the message names the file and says why.
    """
    return take_first(read_songs(path, grid, ensemble))


def take_first(reading: Reading) -> SongReading:
    """Return the first song of a file.

    Raises
    ------
    SongError
        If there is none; the message names the file and says why.
    """
    songs, report = reading
    if not songs:
        raise SongError(f"{report.path}: {report.reason}")
    return SongReading(songs[0], report)


def read_songs(path: Path | str, grid: Grid | None = None, ensemble: str | None = None) -> Reading:
    """Return the songs of a file, and a report; of a file that cannot be used none, and no error.

    Parameters
    ----------
    path : Path or str
    grid : Grid, optional
        Chosen for the file by its onsets if not given.
    ensemble : str, optional
        Name of the parts to arrange each song in (see `parts.ENSEMBLES`); as in the file if not given.
    """
    return lay_songs(Path(path), read_sources(path), grid, ensemble)


def lay_songs(path: Path, reading: SourceReading, grid: Grid | None, ensemble: str | None) -> Reading:
    """Return the songs of sources that were read from a file before. See `read_songs`."""
    if not reading.sources:
        return Reading((), FileReport(path, reading.status, reading.reason))
    grid = grid or choose_grid(reading.sources).grid
    taken: list[_Taken] = []
    refusals: list[str] = []
    for source in reading.sources:
        try:
            taken.append(_take(source, grid, ensemble))
        except SongError as error:
            refusals.append(str(error))
    if not taken:
        return Reading((), FileReport(path, "rejected", refusals[0]))
    notices = [f"songs left out: {len(refusals)} ({refusals[0]})"] if refusals else []
    notices += [notice for each in taken for notice in each.notices]
    return Reading(tuple(each.song for each in taken), _report(path, taken, grid, reading, notices))


def read_sources(path: Path | str) -> SourceReading:
    """Return what a file says, in ticks; of a file that cannot be used nothing, and no error.

    Every source that comes back has notes.
    """
    path = Path(path)
    try:
        data = read_file(path, MAX_BYTES)
        if path.suffix.lower() in SCORE_SUFFIXES and find_header(data) < 0:
            return _with_notes(_read_score(path))
    except SongError as error:
        return SourceReading((), "rejected", str(error))
    return bytes_to_sources(data)


def bytes_to_sources(data: bytes) -> SourceReading:
    """Return what the bytes of a MIDI file say; of bytes that cannot be used nothing, and no error."""
    try:
        source, salvaged = read_midi(data)
    except SongError as error:
        return SourceReading((), "rejected", str(error))
    return _with_notes([source], salvaged)._replace(provenance=bytes_to_provenance(data))


def _with_notes(sources: Sequence[Source], salvaged: str = "") -> SourceReading:
    """Return the sources that have notes."""
    sounding = tuple(source for source in sources if len(source.notes))
    if not sounding:
        return SourceReading((), "rejected", "; ".join(filter(None, ["no notes", salvaged])))
    return SourceReading(sounding, "salvaged" if salvaged else "ok", salvaged)


def _read_score(path: Path) -> list[Source]:
    from musicvae.midi.reading.scores.score_file import read_score  # heavy: music21 takes a second to import

    return read_score(path)


def _take(source: Source, grid: Grid, ensemble: str | None) -> _Taken:
    song, notices = quantise_with_notices(source, grid)
    if ensemble:
        song, thinned = arrange_with_notices(song, ensemble)
        notices += thinned
    if not len(song.notes):
        raise SongError(f"no notes for the parts of {ensemble}: choose other parts")
    return _Taken(source, song, source.notices + notices)


def _report(
    path: Path, taken: Sequence[_Taken], grid: Grid, reading: SourceReading, notices: list[str]
) -> FileReport:
    songs = [each.song for each in taken]
    weights = [len(each.source.notes) for each in taken]
    off = float(np.average([off_grid(each.source, grid) for each in taken], weights=weights))
    free = all(is_free(each.source) for each in taken)
    if free:
        notices.append("it seems to be played without a click: its beats and measures mean nothing")
    return FileReport(
        path=path,
        status=reading.status,
        reason=reading.reason,
        notices=_once(notices),
        songs=len(songs),
        notes=sum(len(song.notes) for song in songs),
        measures=sum(song.measures for song in songs),
        meters=_once(str(meter) for song in songs for meter in dict.fromkeys(song.meters)),
        key=taken[0].source.key or find_key(songs[0]),
        tempo=songs[0].bpm,
        parts=_once(part.name for song in songs for part in song.parts),
        off_grid=off,
        free=free,
    )


def _once(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))
