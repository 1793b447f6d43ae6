"""Sources laid on a grid: the songs of a file, and what its report says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.reading.quantise import LaidSong, is_free, off_grid, quantise
from musicvae.midi.songs.ensembles import arrange
from musicvae.midi.songs.instruments import label_parts
from musicvae.midi.songs.key import find_key, key_name
from musicvae.midi.songs.song import Grid, Song
from musicvae.midi.songs.source import Source
from musicvae.midi.songs.tracks import find_melody, find_track, measure_tracks


class LaidSource(NamedTuple):
    """A source, the song that it is on a grid, and the one asked for: the same, or an ensemble's."""

    source: Source
    laid: LaidSong
    song: Song
    notices: tuple[str, ...]  # of all of them


class LaidSources(NamedTuple):
    """Sources on a grid, and why others could not be laid."""

    laid: tuple[LaidSource, ...]
    refusals: tuple[str, ...]


class FileSongs(NamedTuple):
    """The songs of a file, none where the report says "rejected"."""

    songs: tuple[Song, ...]
    report: FileReport


def lay_sources(sources: Iterable[Source], grid: Grid, ensemble: str | None, melody: str = "") -> LaidSources:
    """Return what sources are on a grid, as far as they can be laid. The songs may be an ensemble's.

    Parameters
    ----------
    sources : iterable of Source
    grid : Grid
    ensemble : str, optional
        See `reader.read_with_report`.
    melody : str
    """
    laid: list[LaidSource] = []
    refusals: list[str] = []
    for source in sources:
        try:
            laid.append(_lay(source, grid, ensemble, melody))
        except SongError as error:
            refusals.append(str(error))
    return LaidSources(tuple(laid), tuple(refusals))


def report_songs(file: FileReport, laid: LaidSources, grid: Grid) -> FileSongs:
    """Return the songs of a file whose sources have been laid on a grid, and its report.

    Parameters
    ----------
    file : FileReport
        What there is to tell of the file before that.
    laid : LaidSources
    grid : Grid
    """
    refusals = laid.refusals
    if not laid.laid:
        return FileSongs((), replace(file, status="rejected", reason=refusals[0]) if refusals else file)
    left_out = (f"songs left out: {len(refusals)} ({refusals[0]})",) if refusals else ()
    report = _report(replace(file, notices=file.notices + left_out), laid.laid, grid)
    return FileSongs(tuple(each.song for each in laid.laid), report)


def _lay(source: Source, grid: Grid, ensemble: str | None, melody: str) -> LaidSource:
    """Return the song of a source, with all that is to be told of it."""
    laid = quantise(source, grid)
    song, notices = laid.song, laid.notices
    if ensemble:
        song, thinned = arrange(song, ensemble, find_known_melody(source, melody))
        notices += thinned
    if not len(song.notes):
        raise SongError(f"no notes for the parts of {ensemble}: choose other parts")
    return LaidSource(source, laid, song, source.notices + notices)


def find_known_melody(source: Source, named: str = "") -> int | None:
    """Return the track that is the melody for certain: one that somebody named, or that words are sung in.

    Raises
    ------
    SongError
        If none is named so.
    """
    return find_track(source.tracks, named) if named else source.singer


def _report(file: FileReport, laid: Sequence[LaidSource], grid: Grid) -> FileReport:
    """Return the report of a file with all that its songs and their sources tell."""
    sources, songs = [each.source for each in laid], [each.song for each in laid]
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
