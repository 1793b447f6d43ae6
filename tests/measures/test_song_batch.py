from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.errors import SongError
from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.song_batch import group_by_length, meters_to_layout, notes_to_songs, songs_to_batch
from musicvae.midi.song import Meter, Song, make_notes


@given(data=st.data())
@settings(max_examples=50)
def test_songs_survive_a_round_trip_through_a_batch(
    config: MeasureVAEConfig, songs_for_config: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    songs = data.draw(st.lists(songs_for_config, min_size=1, max_size=3))
    layout, notes = songs_to_batch(songs, config)
    meters, parts = [song.meters for song in songs], [song.parts for song in songs]
    assert notes_to_songs(notes, layout, meters, parts, config) == songs


def test_the_layout_says_meter_and_place_of_each_measure(config: MeasureVAEConfig) -> None:
    layout = meters_to_layout([[Meter(3, 4), Meter(2, 4), Meter(6, 8)], [Meter(1, 8)]], config)
    assert layout.measure_steps.tolist() == [12, 8, 12, 2, 0, 0]
    assert layout.meter.tolist() == [2, 1, 0, 3, 0, 0]
    assert layout.place.tolist() == [0, 1, 2, 0, 0, 0]
    assert layout.left.tolist() == [2, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("meter", [Meter(4, 4), Meter(3, 32)])
def test_measures_that_are_too_long_or_off_the_grid_are_refused(
    config: MeasureVAEConfig, meter: Meter
) -> None:
    silence = Song(make_notes([]), (Meter(2, 4), meter), config.parts, config.grid)
    with pytest.raises(SongError, match=f"cannot read measures of {meter}: it knows 2/4, 3/4, 1/8"):
        songs_to_batch([silence], config)


def test_groups_are_of_like_length_and_bounded_with_their_padding() -> None:
    assert list(group_by_length([3, 9, 1, 3], most=6)) == [[2, 0], [3], [1]]
    assert list(group_by_length([], most=6)) == []
