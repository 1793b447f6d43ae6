from __future__ import annotations

import pytest
import torch

from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing import coding
from musicvae.measures.writing.coding import encode_songs, encode_written
from musicvae.measures.writing.side_by_side import begin_writing
from musicvae.measures.writing.song_parts import SongPart, parts_to_batch
from musicvae.midi.songs.measure_notes import split_measures
from musicvae.midi.songs.song import Song


def test_codes_come_in_the_order_of_the_songs(model: MeasureVAE, short_songs: list[Song]) -> None:
    together = encode_songs(model, short_songs)
    assert [codes.shape for codes in together] == [(3, 6), (1, 6), (4, 6), (2, 6)]
    for song, codes in zip(short_songs, together, strict=True):
        torch.testing.assert_close(codes, encode_songs(model, [song])[0])


def test_groups_of_bounded_size_make_no_difference(
    model: MeasureVAE, short_songs: list[Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, sizes = encode_songs(model, short_songs), []
    monkeypatch.setattr(coding, "MEASURES_AT_ONCE", 4)

    def spy(group: list[SongPart], *rest: object) -> object:
        sizes.append(max(part.measures for part in group) * len(group))
        return parts_to_batch(group, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(coding, "parts_to_batch", spy)
    for small, codes in zip(encode_songs(model, short_songs), whole, strict=True):
        torch.testing.assert_close(small, codes)
    assert len(sizes) == 3
    assert max(sizes) <= 4


def test_a_long_song_is_encoded_in_parts(
    model: MeasureVAE, short_songs: list[Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = encode_songs(model, short_songs)
    monkeypatch.setattr(coding, "OF_A_SONG", 3)
    for cut, codes in zip(encode_songs(model, short_songs), whole, strict=True):
        torch.testing.assert_close(cut, codes)


def test_a_written_measure_has_the_code_of_the_song(model: MeasureVAE, short_songs: list[Song]) -> None:
    writing = begin_writing(model, [SongOutline(short_songs[2].meters)] * 2)
    writing, _ = writing.hear([split_measures(short_songs[2])] * 2)
    codes = encode_songs(model, short_songs[2:3])[0]
    torch.testing.assert_close(encode_written(writing, [1, 0, 0], [3, 0, 2]).mean, codes[[3, 0, 2]])


def test_no_songs_have_no_codes(model: MeasureVAE) -> None:
    assert encode_songs(model, []) == []
