from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.errors import SongError
from musicvae.measures.data.batch import MAX_PLACE, lay_out
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import (
    SongOutline,
    group_by_length,
    measures_to_batch,
    notes_to_measures,
    outline_to_window,
    songs_to_batch,
    symbols_to_notes,
)
from musicvae.midi.songs.measure_notes import join_measures, song_to_measure_notes, split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song


@given(data=st.data())
@settings(max_examples=50)
def test_songs_survive_a_round_trip_through_a_batch(
    config: MeasureVAEConfig, songs_for_config: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    songs = data.draw(st.lists(songs_for_config, min_size=1, max_size=3))
    layout, notes = songs_to_batch(songs, config)
    by_measure = notes_to_measures(notes, layout, config.alphabet)
    again = [
        join_measures(own[: song.measures], song.meters, song.parts, song.grid)
        for own, song in zip(by_measure, songs, strict=True)
    ]
    assert again == songs


def test_the_notes_of_a_batch_are_those_of_its_measures(config: MeasureVAEConfig) -> None:
    rows = [(0, 12, 60, 80, 0), (2, 1, 36, 80, 1), (12, 2, 60, 80, 0)]
    song = Song(make_notes(rows), (Meter(2, 4),) * 2, config.parts, config.grid)
    columns = ["step", "length", "pitch", "part", "held"]
    notes = symbols_to_notes(songs_to_batch([song], config).notes, config.alphabet)
    assert notes[columns].tolist() == song_to_measure_notes(song)[columns].tolist()


def test_measures_side_by_side_are_the_batch_of_their_songs(config: MeasureVAEConfig) -> None:
    rows = [(0, 12, 60, 80, 0), (2, 1, 36, 80, 1), (12, 2, 60, 80, 0)]
    songs = [Song(make_notes(rows[n:]), (Meter(2, 4),) * 2, config.parts, config.grid) for n in (0, 1)]
    windows = [outline_to_window(SongOutline(song.meters), config) for song in songs]
    batch = measures_to_batch(windows, [split_measures(song) for song in songs], config, "cpu")
    expected = songs_to_batch(songs, config)
    assert all(torch.equal(*columns) for columns in zip(batch.notes, expected.notes, strict=True))


def test_the_layout_says_meter_and_place_of_each_measure(config: MeasureVAEConfig) -> None:
    outlines = [
        SongOutline((Meter(3, 4), Meter(2, 4), Meter(6, 8)), key=8, style=2),
        SongOutline((Meter(1, 8),)),
    ]
    layout = lay_out([outline_to_window(outline, config) for outline in outlines])
    assert layout.measure_steps.tolist() == [12, 8, 12, 2, 0, 0]
    assert layout.meter.tolist() == [2, 1, 0, 3, 0, 0]
    assert layout.place.tolist() == [0, 1, 2, 0, 0, 0]
    assert layout.left.tolist() == [2, 1, 0, 0, 0, 0]
    assert layout.key.tolist() == [8, 8, 8, 0, 0, 0]
    assert layout.style.tolist() == [2, 2, 2, 0, 0, 0]


def test_a_song_that_is_written_beside_longer_ones_goes_on_in_its_last_meter(
    config: MeasureVAEConfig,
) -> None:
    window = outline_to_window(SongOutline((Meter(2, 4), Meter(3, 4)), key=3), config, measures=4)
    assert window.steps.tolist() == [8, 12, 12, 12]
    assert window.meter.tolist() == [1, 2, 2, 2]
    assert window.place.tolist() == [0, 1, 2, 3]
    assert window.left.tolist() == [1, 0, 0, 0]
    assert window.key.tolist() == [3] * 4


def test_measures_far_from_both_ends_of_a_song_are_not_told_apart(config: MeasureVAEConfig) -> None:
    layout = lay_out([outline_to_window(SongOutline((Meter(1, 8),) * 100), config)])
    middle = slice(MAX_PLACE, 100 - MAX_PLACE)
    assert set(layout.place[middle].tolist()) == set(layout.left[middle].tolist()) == {MAX_PLACE}


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
