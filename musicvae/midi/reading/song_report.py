"""The songs of a file whose sources are laid on a grid, and what is reported of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.midi.arranging.tracks import find_melody, measure_tracks
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.reading.laid_songs import LaidSource, LaidSources
from musicvae.midi.reading.pulse import is_free, off_grid
from musicvae.midi.reading.swing import measure_swing
from musicvae.midi.songs.instruments import label_parts
from musicvae.midi.songs.key import find_key, key_name
from musicvae.midi.songs.notices import Notice, name_some, sum_notices, tell_damage, tell_others
from musicvae.midi.songs.song import Grid, Song
from musicvae.midi.songs.source import Source

FREE = Notice("it seems to be played without a click: its beats and measures mean nothing")


class FileSongs(NamedTuple):
    """The songs of a file, none where the report says "rejected"."""

    songs: tuple[Song, ...]
    report: FileReport


def report_songs(file: FileReport, laid: LaidSources, grid: Grid) -> FileSongs:
    """Return the songs of a file whose sources have been laid on a grid, and its report.

    Parameters
    ----------
    file : FileReport
        What there is to tell of the file before that: its path, its status and why.
    laid : LaidSources
    grid : Grid
        On which they are laid.
    """
    refusals = laid.refusals
    if not laid.songs:
        return FileSongs((), replace(file, status="rejected", reason=refusals[0]) if refusals else file)
    report = _report(replace(file, notices=file.notices + tell_refused(laid)), laid.songs, grid)
    return FileSongs(tuple(each.song for each in laid.songs), report)


def tell_refused(laid: LaidSources) -> tuple[Notice, ...]:
    """Return the notice of songs that could not be laid on a grid; none where all could."""
    refusals = laid.refusals
    return (Notice("songs left out", len(refusals), name_some(refusals)),) if refusals else ()


def _report(file: FileReport, laid: Sequence[LaidSource], grid: Grid) -> FileReport:
    """Return the report of a file with all that its songs and their sources tell."""
    sources, songs = [each.source for each in laid], [each.song for each in laid]
    notices = [*file.notices, *(notice for each in laid for notice in each.notices)]
    free = all(is_free(source) for source in sources)
    weights = [len(source.notes) for source in sources]
    return replace(
        file,
        notices=sum_notices(notices) + (FREE,) * free,
        songs=len(songs),
        notes=sum(len(song.notes) for song in songs),
        measures=sum(song.measures for song in songs),
        meters=_once(str(meter) for song in songs for meter in dict.fromkeys(song.meters)),
        title=sources[0].title,
        composer=sources[0].composer,
        key=sources[0].key or key_name(find_key(songs[0])),
        tempo=songs[0].bpm,
        parts=_once(label for song in songs for label in label_parts(song.parts)),
        melody=_name_melody(sources[0], laid[0].on_grid.song),
        off_grid=float(np.average([off_grid(source, grid) for source in sources], weights=weights)),
        swing=measure_swing(sources),
        free=free,
    )


def tell_first(report: FileReport) -> tuple[Notice, ...]:
    """Say what whoever takes the first song of a file is to know of the file, apart from its notices."""
    return tell_damage(report.reason) + tell_others(report.songs)


def _name_melody(source: Source, song: Song) -> str:
    """Return the label of the track that is taken for the melody, "" if drums play alone.

    Parameters
    ----------
    source : Source
    song : Song
        With the tracks of the source, whatever they are arranged for.
    """
    if len(song.parts) == 1 and not song.parts[0].is_drums:
        return label_parts(song.parts)[0]
    tracks = measure_tracks(song)
    melody = find_melody(song, tracks, tracks.is_pitched, source.singer)
    return next((label_parts(song.parts)[track] for track in np.flatnonzero(melody)), "")


def _once(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))
