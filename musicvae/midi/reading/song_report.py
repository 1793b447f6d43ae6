"""What is reported of the songs of a file, once they are laid on a grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.reading.quantise import is_free, off_grid
from musicvae.midi.songs.instruments import label_parts
from musicvae.midi.songs.key import find_key, key_name
from musicvae.midi.songs.notices import Notice, NoticedSong, sum_notices, tell_damage
from musicvae.midi.songs.song import Grid, Song
from musicvae.midi.songs.source import Source
from musicvae.midi.songs.tracks import find_melody, measure_tracks

FREE = Notice("it seems to be played without a click: its beats and measures mean nothing")


def report_songs(
    file: FileReport, sources: Sequence[Source], laid: Sequence[NoticedSong], grid: Grid
) -> FileReport:
    """Return the report of a file with all that its songs and their sources tell.

    Parameters
    ----------
    file : FileReport
        Its path, its status and why, and what became of songs that it has no more.
    sources : sequence of Source
    laid : sequence of NoticedSong
        Of each source.
    grid : Grid
        On which they are laid.
    """
    songs = [each.song for each in laid]
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
        key=sources[0].key or key_name(find_key(songs[0])),
        tempo=songs[0].bpm,
        parts=_once(label for song in songs for label in label_parts(song.parts)),
        melody=_name_melody(sources[0], songs[0]),
        off_grid=float(np.average([off_grid(source, grid) for source in sources], weights=weights)),
        free=free,
    )


def tell_first(report: FileReport) -> tuple[Notice, ...]:
    """Say what whoever takes the first song of a file is to know of the file, apart from its notices."""
    several = (Notice("songs in the file, of which the first is taken", report.songs),)
    return tell_damage(report.reason) + (several if report.songs > 1 else ())


def _name_melody(source: Source, song: Song) -> str:
    """Return the label of the track that is taken for the melody, "" if drums play alone."""
    if len(song.parts) == 1 and not song.parts[0].is_drums:
        return label_parts(song.parts)[0]
    tracks = measure_tracks(song)
    melody = find_melody(song, tracks, tracks.is_pitched, source.singer)
    return next((label_parts(song.parts)[track] for track in np.flatnonzero(melody)), "")


def _once(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))
