"""Read songs from files, each file with a report of what was read.

Conventions
-----------
- Every file ends as "ok", "salvaged" (damaged; what could be read was read) or "rejected" (nothing
  usable); the last two have a reason. One bad file never stops a folder.
- What a file holds decides, not its name: MIDI is known by its header.
- A file may hold several songs (ABC). Its report speaks of all of them together.
- A file is opened once: whatever is asked of it is asked of its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.arranging.ensembles import Ensemble
from musicvae.midi.reading.file_report import FileReport, Status
from musicvae.midi.reading.laid_songs import lay_sources
from musicvae.midi.reading.smf.guard import MAX_BYTES
from musicvae.midi.reading.smf.midi_bytes import find_header
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.reading.song_files import SCORE_FORMATS, read_file
from musicvae.midi.reading.song_report import FileSongs, report_songs, tell_first
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import FINE_GRID, Grid, Song
from musicvae.midi.songs.source import Source
from musicvae.provenance import Provenance, bytes_to_provenance

# Of files whose kind is plain; others are what they are called. A remark ends with its line: else there would
# be endlessly many ways to read a few of them.
_BEGINNINGS = {
    "musicxml": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE score|score-)|PK\x03\x04"),
    "humdrum": re.compile(rb"(?:\xef\xbb\xbf)?(?:!![^\r\n]*[\r\n]|\s)*\*\*\w"),
    "abc": re.compile(rb"(?:\xef\xbb\xbf)?(?:%[^\r\n]*[\r\n]|\s)*X:\s*\d"),
}


class FileSources(NamedTuple):
    """What a file says before it is laid on a grid; no sources where it is rejected."""

    sources: tuple[Source, ...]
    status: Status
    reason: str
    provenance: Provenance | None = None  # where musicvae wrote the file


class FirstSong(NamedTuple):
    """The first song of a file, and the file's report."""

    song: Song
    report: FileReport

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was guessed, moved or left out between the file and the song."""
        return (*tell_first(self.report), *self.report.notices)


def read_song(path: Path | str, grid: Grid | None = None, ensemble: Ensemble | str | None = None) -> Song:
    """Return the first song of a file. See `read_with_report`, which tells the rest.

    Raises
    ------
    SongError
        If no song can be read; the message names the file and says why.
    """
    return take_first(read_with_report(path, grid, ensemble)).song


def read_songs(
    path: Path | str, grid: Grid | None = None, ensemble: Ensemble | str | None = None
) -> tuple[Song, ...]:
    """Return all songs of a file: an ABC file may hold many. See `read_with_report`, which tells the rest.

    Raises
    ------
    SongError
        If no song can be read; the message names the file and says why.
    """
    read = read_with_report(path, grid, ensemble)
    take_first(read)
    return read.songs


def take_first(read: FileSongs) -> FirstSong:
    """Return the first song of a file.

    Raises
    ------
    SongError
        If there is none; the message names the file and says why.
    """
    songs, report = read
    if not songs:
        raise SongError(f"{report.path}: {report.reason}")
    return FirstSong(songs[0], report)


def read_with_report(
    path: Path | str, grid: Grid | None = None, ensemble: Ensemble | str | None = None, melody: str = ""
) -> FileSongs:
    """Return the songs of a file, and a report; of a file that cannot be used none, and no error.

    Parameters
    ----------
    path : Path or str
    grid : Grid, optional
        The fine grid if not given.
    ensemble : Ensemble or str, optional
        The parts to lay each song out for, or their name (see `ensembles`); as in the file if not given.
    melody : str
        The track that is taken for the melody, by its number or label (see `tracks.find_track`); the one that
        is sung, or most like a melody, if not given.
    """
    return lay_songs(Path(path), read_sources(path), grid, ensemble, melody)


def lay_songs(
    path: Path, said: FileSources, grid: Grid | None, ensemble: Ensemble | str | None, melody: str = ""
) -> FileSongs:
    """Return the songs of sources that were read from a file before. See `read_with_report`."""
    laid = lay_sources(said.sources, grid or FINE_GRID, ensemble, melody)
    return report_songs(FileReport(path, said.status, said.reason), laid, grid or FINE_GRID)


def read_sources(path: Path | str) -> FileSources:
    """Return what a file says, in ticks; of a file that cannot be used nothing, and no error.

    Every source that comes back has notes.
    """
    path = Path(path)
    try:
        data = read_file(path, MAX_BYTES)
    except SongError as error:
        return FileSources((), "rejected", str(error))
    return bytes_to_sources(data, path.suffix)


def bytes_to_sources(data: bytes, suffix: str = "") -> FileSources:
    """Return what the bytes of a file say; of bytes that cannot be used nothing, and no error.

    Parameters
    ----------
    data : bytes
    suffix : str
        Of the file's name: it tells how a score is written.
    """
    try:
        if kind := score_format(data, suffix):
            # Three formats are a tenth of a second to load, and most files are MIDI.
            from musicvae.midi.reading.score_file import parse_score

            return _with_notes(parse_score(data, kind))
        source = parse_midi(data)
    except SongError as error:
        return FileSources((), "rejected", str(error))
    return _with_notes([source])._replace(provenance=bytes_to_provenance(data))


def score_format(data: bytes, suffix: str) -> str:
    """Return how a score is written, as `parse_score` calls it; "" for bytes that are to be MIDI.

    Where a score is named, its bytes say of which kind, as far as they do: names may be wrong.
    """
    named = SCORE_FORMATS.get(suffix.lower(), "")
    if not named or find_header(data) >= 0:
        return ""
    return next((kind for kind, begins in _BEGINNINGS.items() if begins.match(data)), named)


def _with_notes(sources: Sequence[Source]) -> FileSources:
    """Return the sources that have notes."""
    sounding = tuple(source for source in sources if len(source.notes))
    damage = "; ".join(source.damage for source in sources if source.damage)
    if not sounding:
        return FileSources((), "rejected", f"no notes; {damage}" if damage else "no notes")
    return FileSources(sounding, "salvaged" if damage else "ok", damage)
