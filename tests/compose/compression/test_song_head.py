from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.compose.compression.song_head import bytes_to_head, head_to_bytes
from musicvae.errors import PacketError, SongError
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.notes import NOTE
from musicvae.midi.songs.song import Grid, Marker, Meter, Part, Song, Tempo

NO_NOTES = np.empty(0, NOTE)
METERS = st.builds(Meter, st.integers(1, 40), st.sampled_from([1, 2, 4, 8, 16]))
BPM = st.one_of(st.integers(1, 100_000).map(lambda hundredths: hundredths / 100), st.floats(1e-3, 1e6))
PLACES = st.lists(st.integers(0, 10_000), unique=True, max_size=4).map(sorted)


@pytest.fixture(scope="session")
def config(model: MeasureVAE) -> MeasureVAEConfig:
    return model.config


@settings(max_examples=40)
@given(draws=st.data())
def test_all_of_a_song_but_its_notes_comes_back(draws: st.DataObject, config: MeasureVAEConfig) -> None:
    meters = draws.draw(st.lists(METERS, min_size=1, max_size=6))
    part = draws.draw(st.sampled_from([config.parts[0], Part("fiddle", 40), Part("", 127)]))
    song = Song(
        NO_NOTES,
        tuple(meters),
        (part,),
        config.grid,
        tuple(Tempo(step, draws.draw(BPM)) for step in draws.draw(PLACES)),
        tuple(Marker(step, draws.draw(st.text(max_size=9))) for step in draws.draw(PLACES)),
        draws.draw(st.text(max_size=20)),
    )
    assert bytes_to_head(head_to_bytes(song, config), config) == song


def test_a_plain_tune_takes_few_bytes_beside_its_title(config: MeasureVAEConfig) -> None:
    song = Song(NO_NOTES, (Meter(3, 4),) * 32, config.parts, config.grid, (Tempo(0, 120.0),), title="Tune")
    assert len(head_to_bytes(song, config)) == 16


@pytest.mark.parametrize(
    "other",
    [
        lambda song: replace(song, grid=Grid(12)),
        lambda song: replace(song, parts=(Part("drums", is_drums=True),)),
        lambda song: replace(song, parts=song.parts * 2),
    ],
)
def test_a_song_in_other_parts_or_another_grid_is_refused(other: object, config: MeasureVAEConfig) -> None:
    song = Song(NO_NOTES, (Meter(3, 4),), config.parts, config.grid)
    with pytest.raises(SongError, match="not in the model's grid and parts"):
        head_to_bytes(other(song), config)  # type: ignore[operator]


@given(data=st.binary(max_size=40))
def test_bytes_of_anybody_are_a_head_or_an_error(data: bytes, config: MeasureVAEConfig) -> None:
    try:
        assert bytes_to_head(data, config).measures > 0
    except PacketError as error:
        assert "damaged" in str(error)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 20,  # no measures
        b"\x01\xff\xff\xff\x7f\x03\x02",  # 268 million of them
        b"\x01\x01\x00\x02" + b"\x00" * 9,  # in 0/4
        b"\x01\x01\x03\x7f" + b"\x00" * 9,  # in n/2^127
        b"\x01\x01\x03\x02\x00\x01\x00\x00" + b"\x00" * 7 + b"\x80" + b"\x00" * 4,  # a tempo of -0
    ],
)
def test_what_no_song_has_is_an_error(data: bytes, config: MeasureVAEConfig) -> None:
    with pytest.raises(PacketError, match="damaged"):
        bytes_to_head(data, config)
