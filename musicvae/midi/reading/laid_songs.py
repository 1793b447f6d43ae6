"""Sources laid on a grid: the songs of a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.arranging.ensembles import Ensemble, arrange
from musicvae.midi.arranging.seats import SEATS
from musicvae.midi.arranging.tracks import find_track
from musicvae.midi.reading.pedals import hold_by_pedals
from musicvae.midi.reading.quantise import LaidSong, quantise
from musicvae.midi.songs.notices import Notice, count_notices
from musicvae.midi.songs.song import Grid, Song
from musicvae.midi.songs.source import Source

HELD = "notes that sound on by the sustain pedal"


class LaidSource(NamedTuple):
    """A source, the song that it is on a grid, and the one asked for: the same, or an ensemble's.

    Parameters
    ----------
    source : Source
    on_grid : LaidSong
    song : Song
    lost : tuple of Notice
        What was moved or left out between the source and the song asked for.
    """

    source: Source
    on_grid: LaidSong
    song: Song
    lost: tuple[Notice, ...]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was guessed, moved or left out between the file and the song."""
        return self.source.notices + self.lost


class LaidSources(NamedTuple):
    """Sources on a grid, and why others could not be laid."""

    songs: tuple[LaidSource, ...]
    refusals: tuple[str, ...]


def lay_sources(
    sources: Iterable[Source], grid: Grid, ensemble: Ensemble | str | None, melody: str = ""
) -> LaidSources:
    """Return what sources are on a grid, as far as they can be laid. The songs may be an ensemble's.

    Parameters
    ----------
    sources : iterable of Source
    grid : Grid
    ensemble : Ensemble or str, optional
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


def _lay(source: Source, grid: Grid, ensemble: Ensemble | str | None, melody: str) -> LaidSource:
    """Return the song of a source, with all that is to be told of it."""
    heard, held = hold_by_pedals(source)
    on_grid = quantise(heard, grid)
    song, lost = on_grid.song, on_grid.notices + count_notices({HELD: held})
    if ensemble:
        song, thinned = arrange(song, ensemble, find_known_melody(source, melody))
        lost += thinned
    if not len(song.notes):
        name = ensemble.name if isinstance(ensemble, Ensemble) else ensemble
        if name == SEATS:
            raise SongError("it has drums alone, and no seat is for them")
        raise SongError(f"no notes for the parts of {name}: choose other parts")
    return LaidSource(source, on_grid, song, lost)


def find_known_melody(source: Source, named: str = "") -> int | None:
    """Return the track that is the melody for certain: one that somebody named, or that words are sung in.

    Raises
    ------
    SongError
        If none is named so.
    """
    return find_track(source.tracks, named) if named else source.singer
