"""Music that musicvae wrote, read again: each of its pieces as a song."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from musicvae.errors import SongError
from musicvae_cli.inputs.prepared_songs import say_refusals

if TYPE_CHECKING:
    from musicvae.measures.data.config import MeasureVAEConfig
    from musicvae.midi.songs.song import Song

_PIECE = re.compile(r"piece \d+")  # the markers of `musicvae generate`


def read_samples(paths: Sequence[Path], config: MeasureVAEConfig) -> list[Song]:
    """Return the pieces under some paths in a model's grid and parts, and say what cannot be read.

    Raises
    ------
    SongError
        If there are none.
    """
    from musicvae.midi.reading.reader import read_songs
    from musicvae.midi.reading.song_files import find_songs

    files = dict.fromkeys(file for path in paths for file in find_songs(path))
    readings = [read_songs(file, config.grid, config.ensemble) for file in files]
    say_refusals([reading.report for reading in readings])
    pieces = [piece for reading in readings for song in reading.songs for piece in split_pieces(song)]
    if not pieces:
        raise SongError("there is no sample that can be read: name MIDI files of generated music")
    return pieces


def split_pieces(song: Song) -> list[Song]:
    """Return the pieces that stand one after another under markers, or the song if there are none."""
    steps = [marker.step for marker in song.markers if _PIECE.fullmatch(marker.text)]
    begins = song.measure_starts.searchsorted(steps).tolist()
    edges = sorted({*begins, song.measures}) if begins else [0, song.measures]
    return [song.cut(first, after) for first, after in pairwise(edges)]
