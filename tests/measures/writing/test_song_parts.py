from __future__ import annotations

import torch

from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.song_parts import parts_to_batch, song_to_part
from musicvae.midi.songs.song import Song


def test_a_part_beyond_the_end_of_a_song_has_the_measures_that_are_left(
    model: MeasureVAE, short_songs: list[Song]
) -> None:
    whole = song_to_part(short_songs[2], model)
    assert [part.measures for part in (whole, whole.cut(1, 3), whole.cut(3, 6))] == [4, 2, 1]


def test_whole_songs_in_parts_are_the_batch_that_songs_are(
    model: MeasureVAE, short_songs: list[Song]
) -> None:
    batch, songs = (
        parts_to_batch([song_to_part(song, model) for song in short_songs], model),
        songs_to_batch(short_songs, model.config),
    )
    for ours, theirs in zip(batch.notes, songs.notes, strict=True):
        assert torch.equal(ours, theirs)
    assert torch.equal(batch.layout.exists, songs.layout.exists)
