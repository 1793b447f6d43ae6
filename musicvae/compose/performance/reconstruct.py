"""A song said back from the codes of its measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from torch import Tensor

from musicvae.compose.performance.script import Script, perform
from musicvae.measures.data.song_batch import outline_song
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import Song


def reconstruct(
    model: MeasureVAE,
    songs: Sequence[Song],
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
    exact: bool = False,
) -> list[Song]:
    """Return each song decoded from its codes: posterior means, read closely, hearing only itself.

    Parameters
    ----------
    model : MeasureVAE
    songs : sequence of Song
        In the model's grid and parts. Tempi, parts, titles and markers are kept; velocities are not.
    on_progress : callable
        As in `perform`.
    exact : bool
        Whether measures are read as often as can be even where that hardly helps, whatever it costs.
    """
    return say_back(model, songs, encode_songs(model, songs), on_progress, exact)


def measure_said_back(
    model: MeasureVAE,
    songs: Sequence[Song],
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> list[Agreement]:
    """Return how much of each song comes back from its codes.

    They are read greedily: what is read closely, as by `reconstruct`, is sooner more than less.
    """
    codes = encode_songs(model, songs)
    copies = say_back(model, songs, codes, on_progress, closely=False)
    return [compare(song, copy) for song, copy in zip(songs, copies, strict=True)]


def say_back(
    model: MeasureVAE,
    songs: Sequence[Song],
    codes: Sequence[Tensor],
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
    exact: bool = False,
    closely: bool = True,
) -> list[Song]:
    """Return what `reconstruct` does, given the codes of each song's measures, of shape (N, Z).

    Not `closely` is quicker: see `Script`.
    """
    scripts = [
        Script(outline_song(song), np.zeros(song.measures), own, closely=closely, exact=exact)
        for song, own in zip(songs, codes, strict=True)
    ]
    copies = perform(model, scripts, on_progress=on_progress)
    return [
        replace(copy, tempi=song.tempi, title=song.title, markers=song.markers, parts=song.parts)
        for copy, song in zip(copies, songs, strict=True)
    ]
