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

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.reading.file_report import FileReport, Status
from musicvae.midi.reading.quantise import choose_grid, is_free, off_grid, quantise
from musicvae.midi.reading.smf.guard import MAX_BYTES
from musicvae.midi.reading.smf.midi_bytes import find_header
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.reading.song_files import SCORE_FORMATS, read_file
from musicvae.midi.reading.swing import measure_swing
from musicvae.midi.songs.ensembles import arrange
from musicvae.midi.songs.instruments import label_parts
from musicvae.midi.songs.key import find_key, key_name
from musicvae.midi.songs.song import Grid, NoticedSong, Song
from musicvae.midi.songs.source import Source
from musicvae.midi.songs.tracks import find_melody, find_track, measure_tracks
from musicvae.provenance import Provenance, bytes_to_provenance


class FileSources(NamedTuple):
    """What a file says before it is laid on a grid; no sources where it is rejected."""

    sources: tuple[Source, ...]
    status: Status
    reason: str
    provenance: Provenance | None = None  # where musicvae wrote the file


class FileSongs(NamedTuple):
    """The songs of a file, none where the report says "rejected"."""

    songs: tuple[Song, ...]
    report: FileReport


class FirstSong(NamedTuple):
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


def read_song(path: Path | str, grid: Grid | None = None, ensemble: str | None = None) -> Song:
    """Return the first song of a file. See `read_with_report`, which tells the rest.

    Raises
    ------
    SongError
        If no song can be read; the message names the file and says why.
    """
    return take_first(read_with_report(path, grid, ensemble)).song


def read_songs(path: Path | str, grid: Grid | None = None, ensemble: str | None = None) -> tuple[Song, ...]:
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
    path: Path | str, grid: Grid | None = None, ensemble: str | None = None, melody: str = ""
) -> FileSongs:
    """Return the songs of a file, and a report; of a file that cannot be used none, and no error.

    Parameters
    ----------
    path : Path or str
    grid : Grid, optional
        Chosen for the file by its onsets if not given.
    ensemble : str, optional
        Name of the parts to arrange each song in (see `ensembles.ENSEMBLES`); as in the file if not given.
    melody : str
        The track that is taken for the melody, by its number or label (see `tracks.find_track`); the one that
        is sung, or most like a melody, if not given.
    """
    return lay_songs(Path(path), read_sources(path), grid, ensemble, melody)


def lay_songs(
    path: Path, said: FileSources, grid: Grid | None, ensemble: str | None, melody: str = ""
) -> FileSongs:
    """Return the songs of sources that were read from a file before. See `read_with_report`."""
    if not said.sources:
        return FileSongs((), FileReport(path, said.status, said.reason))
    grid = grid or choose_grid(said.sources).grid
    sources: list[Source] = []
    laid: list[NoticedSong] = []
    refusals: list[str] = []
    for source in said.sources:
        try:
            laid.append(_lay(source, grid, ensemble, melody))
            sources.append(source)
        except SongError as error:
            refusals.append(str(error))
    if not laid:
        return FileSongs((), FileReport(path, "rejected", refusals[0]))
    left_out = (f"songs left out: {len(refusals)} ({refusals[0]})",) if refusals else ()
    report = _report(FileReport(path, said.status, said.reason, left_out), sources, laid, grid)
    return FileSongs(tuple(each.song for each in laid), report)


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
    """Return how a score is written, as `parse_score` calls it; "" for bytes that are to be MIDI."""
    return "" if find_header(data) >= 0 else SCORE_FORMATS.get(suffix.lower(), "")


def _with_notes(sources: Sequence[Source]) -> FileSources:
    """Return the sources that have notes."""
    sounding = tuple(source for source in sources if len(source.notes))
    damage = "; ".join(source.damage for source in sources if source.damage)
    if not sounding:
        return FileSources((), "rejected", f"no notes; {damage}" if damage else "no notes")
    return FileSources(sounding, "salvaged" if damage else "ok", damage)


def _lay(source: Source, grid: Grid, ensemble: str | None, melody: str) -> NoticedSong:
    """Return the song of a source, with all that is to be told of it."""
    song, notices, _ = quantise(source, grid)
    if ensemble:
        song, thinned = arrange(song, ensemble, find_known_melody(source, melody))
        notices += thinned
    if not len(song.notes):
        raise SongError(f"no notes for the parts of {ensemble}: choose other parts")
    return NoticedSong(song, source.notices + notices)


def find_known_melody(source: Source, named: str = "") -> int | None:
    """Return the track that is the melody for certain: one that somebody named, or that words are sung in.

    Raises
    ------
    SongError
        If none is named so.
    """
    return find_track(source.tracks, named) if named else source.singer


def _report(
    file: FileReport, sources: Sequence[Source], laid: Sequence[NoticedSong], grid: Grid
) -> FileReport:
    """Return the report of a file with all that its songs and their sources tell."""
    songs = [each.song for each in laid]
    notices = [*file.notices, *(notice for each in laid for notice in each.notices)]
    free = all(is_free(source) for source in sources)
    if free:
        notices.append("it seems to be played without a click: its beats and measures mean nothing")
    weights = [len(source.notes) for source in sources]
    return replace(
        file,
        notices=_once(notices),
        songs=len(songs),
        notes=sum(len(song.notes) for song in songs),
        measures=sum(song.measures for song in songs),
        meters=_once(str(meter) for song in songs for meter in dict.fromkeys(song.meters)),
        key=sources[0].key or key_name(find_key(songs[0])),
        tempo=songs[0].bpm,
        parts=_once(label for song in songs for label in label_parts(song.parts)),
        melody=_name_melody(sources[0], songs[0]),
        off_grid=float(np.average([off_grid(source, grid) for source in sources], weights=weights)),
        swing=measure_swing(sources),
        free=free,
    )


def _name_melody(source: Source, song: Song) -> str:
    """Return the label of the track that is taken for the melody, "" if drums play alone."""
    if len(song.parts) == 1 and not song.parts[0].is_drums:
        return label_parts(song.parts)[0]
    tracks = measure_tracks(song)
    melody = find_melody(song, tracks, tracks.is_pitched, source.singer)
    return next((label_parts(song.parts)[track] for track in np.flatnonzero(melody)), "")


def _once(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))
