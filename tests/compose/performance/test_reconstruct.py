from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch

from musicvae.compose.performance.reconstruct import measure_said_back, reconstruct, say_back
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing import closest
from musicvae.measures.writing.coding import encode_songs
from musicvae.midi.likeness.agreement import compare
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

SONG = Song(
    make_notes([(0, 4, 60, 80, 0), (8, 12, 67, 80, 0)]),
    (Meter(2, 4), Meter(3, 4)),
    (Part("fiddle", 40),),
    tempi=(Tempo(0, 90.0), Tempo(8, 100.0)),
    markers=(Marker(8, "B"),),
    title="O’Carolan",
)


def test_tempi_parts_title_and_markers_are_kept(model: MeasureVAE) -> None:
    [copy] = reconstruct(model, [SONG])
    assert replace(copy, notes=SONG.notes) == SONG


def test_songs_are_said_back_one_by_one_and_alike_each_time(model: MeasureVAE) -> None:
    other = replace(SONG.cut(0, 1), title="first half")
    copies = reconstruct(model, [SONG, other])
    assert copies == reconstruct(model, [SONG]) + reconstruct(model, [other])
    assert [copy.measures for copy in copies] == [2, 1]


def test_what_comes_back_greedily_is_compared_with_each_song(model: MeasureVAE) -> None:
    other = replace(SONG.cut(0, 1), title="first half")
    codes = encode_songs(model, [SONG, other])
    copies = say_back(model, [SONG, other], codes, closely=False)
    assert measure_said_back(model, [SONG, other]) == [compare(SONG, copies[0]), compare(other, copies[1])]


def test_what_is_not_read_closely_is_read_once(model: MeasureVAE, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closest, "NEAR", -1.0)  # whatever is read is too far away
    read_again: list[Sequence[int]] = []

    def draw(_: object, songs: Sequence[int], *others: object) -> dict[int, object]:
        read_again.append(songs)
        return {}

    monkeypatch.setattr(closest, "_draw", draw)
    codes = encode_songs(model, [SONG])
    say_back(model, [SONG], codes, exact=True, closely=False)
    assert not read_again
    say_back(model, [SONG], codes, exact=True)
    assert read_again


def test_no_number_is_drawn(model: MeasureVAE) -> None:
    before = torch.get_rng_state()
    reconstruct(model, [SONG])
    assert torch.equal(torch.get_rng_state(), before)


def test_no_songs_give_none_back(model: MeasureVAE) -> None:
    assert reconstruct(model, []) == []
