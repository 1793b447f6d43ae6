"""Music that is to come back whole: what its file says, and how long it lasts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from musicvae.midi.editing.whole_midi import read_whole
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.saving.pretty import pretty_midi_to_song
from musicvae.midi.saving.writer import find_end, song_to_source
from musicvae.midi.songs.song import FINE_GRID, Grid, Song
from musicvae.midi.songs.source import Source

if TYPE_CHECKING:
    from musicvae.compose.performance.listen import Music


class WholeMusic(NamedTuple):
    """Music that is to come back whole.

    Parameters
    ----------
    source : Source
    grid : Grid
        Of the song that it is.
    end : int
        The tick up to which it lasts, if that is after its last note.
    """

    source: Source
    grid: Grid = FINE_GRID
    end: int = 0

    def song(self) -> Song:
        """Return it as a song, in the parts of its file."""
        return quantise(self.source, self.grid, self.end).song


def take_whole(music: Music) -> WholeMusic:
    """Return music as it is to come back; of a file the first piece.

    Raises
    ------
    SongError
        If it cannot be read.
    """
    if isinstance(music, str | Path):
        return WholeMusic(read_whole(Path(music)).source)
    song = music if isinstance(music, Song) else pretty_midi_to_song(music)
    source = song_to_source(song)
    return WholeMusic(source, song.grid, find_end(song, source))
