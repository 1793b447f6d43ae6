from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.song import Marker, Song
from musicvae_cli.inputs.samples import split_pieces


def test_pieces_under_markers_are_taken_apart(tune: Callable[..., Song]) -> None:
    pieces = [tune(1, 2), tune(2, 3), tune(3, 2)]
    parts = split_pieces(join_songs(pieces, ["piece 1", "piece 2", "piece 3"]))
    assert [part.measures for part in parts] == [2, 3, 2]
    assert all(np.array_equal(a.notes, b.notes) for a, b in zip(parts, pieces, strict=True))


def test_a_song_without_pieces_stays_whole(tune: Callable[..., Song]) -> None:
    song = replace(tune(1, 4), markers=(Marker(8, "new"), Marker(16, "given")))
    [whole] = split_pieces(song)
    assert whole.measures == 4
