from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.midi.songs.measure_notes import (
    MEASURE_NOTE,
    MeasureNotes,
    join_measures,
    measure_key,
    split_measures,
)
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song


@given(data=st.data())
@settings(max_examples=50)
def test_songs_survive_a_round_trip_through_pages(
    songs_for_config: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(songs_for_config)
    assert join_measures(split_measures(song), song.meters, song.parts, song.grid) == song


def test_a_song_has_a_page_for_each_measure(config: MeasureVAEConfig) -> None:
    rows = [(0, 4, 60, 80, 0), (6, 4, 62, 80, 0), (0, 1, 36, 80, 1)]
    by_measure = split_measures(Song(make_notes(rows), (Meter(2, 4),) * 3, config.parts, config.grid))
    columns = ["step", "length", "pitch", "held"]
    assert [cut[columns].tolist() for cut in by_measure] == [
        [(0, 4, 60, False), (0, 1, 36, False), (6, 2, 62, False)],
        [(0, 2, 62, True)],
        [],
    ]


def measure_of(*rows: tuple[int, int, int, int, bool]) -> MeasureNotes:
    """Return a cut of notes, by step, length, pitch, part and whether it is held."""
    cut = np.zeros(len(rows), MEASURE_NOTE)
    for name, column in zip(
        ("step", "length", "pitch", "part", "held"), zip(*rows, strict=True), strict=False
    ):
        cut[name] = column
    return cut


MEASURE = measure_of((0, 2, 60, 0, True), (4, 2, 62, 0, False), (4, 2, 60, 1, False))


def test_pages_say_the_same_whatever_their_order_their_velocities_and_what_they_hold() -> None:
    other = MEASURE[::-1].copy()
    other["held"], other["velocity"], other["measure"] = False, 99, 7
    assert measure_key(other) == measure_key(MEASURE)
    assert measure_key(measure_of()) == measure_key(measure_of())


def test_pages_with_other_notes_say_other_things() -> None:
    others = [measure_of(), MEASURE[:2], MEASURE[[0, 0, 1, 2]]]
    for name in ("step", "length", "pitch", "part"):
        for note in range(3):
            other = MEASURE.copy()
            other[name][note] += 1
            others.append(other)
    assert measure_key(MEASURE) not in {measure_key(other) for other in others}
    swapped = measure_of((0, 2, 62, 0, True), (4, 2, 60, 0, False), (4, 2, 60, 1, False))
    assert measure_key(swapped) != measure_key(MEASURE)
