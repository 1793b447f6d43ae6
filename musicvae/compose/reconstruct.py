"""A song said back from the codes of its measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from musicvae.measures.coding import encode_songs, write_songs
from musicvae.measures.model import MeasureVAE
from musicvae.measures.note_writing import GREEDY
from musicvae.measures.song_batch import Frame
from musicvae.midi.song import Song


def reconstruct(model: MeasureVAE, songs: Sequence[Song]) -> list[Song]:
    """Return each song decoded from its codes: posterior means, greedily, hearing only itself.

    Parameters
    ----------
    model : MeasureVAE
    songs : sequence of Song
        In the model's grid and parts. Tempi, parts, titles and markers are kept; velocities are not.
    """
    copies = write_songs(model, [Frame(song.meters) for song in songs], GREEDY, encode_songs(model, songs))
    return [
        replace(copy, tempi=song.tempi, title=song.title, markers=song.markers, parts=song.parts)
        for copy, song in zip(copies, songs, strict=True)
    ]
