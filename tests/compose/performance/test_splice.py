from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from musicvae.compose.performance.splice import splice
from musicvae.midi.songs.notes import DEFAULT_VELOCITY, make_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

TWO = Meter(2, 4)  # 8 steps a measure
PARTS = (Part("fiddle", program=40), Part("bass", program=33))
Row = tuple[int, int, int, int, int]  # start, length, pitch, velocity, part


def song_of(*rows: Row, measures: int) -> Song:
    return Song(make_notes(rows), (TWO,) * measures, PARTS)


def rows_of(song: Song) -> list[Row]:
    return song.notes.tolist()


def spliced(source: Song, written: Song, *new: int) -> list[Row]:
    measures = max(source.measures, written.measures)
    return rows_of(splice(source, written, np.isin(np.arange(measures), new)))


def test_given_notes_stay_and_new_ones_take_the_new_measures() -> None:
    source = song_of((0, 3, 60, 101, 0), (8, 3, 62, 102, 0), (16, 3, 64, 103, 1), measures=3)
    written = song_of((0, 1, 70, 80, 0), (9, 2, 71, 80, 0), (16, 1, 72, 80, 0), measures=3)
    assert spliced(source, written, 1) == [(0, 3, 60, 101, 0), (9, 2, 71, 101, 0), (16, 3, 64, 103, 1)]


def test_all_else_is_that_of_the_source() -> None:
    source = replace(
        song_of((0, 3, 60, 101, 0), measures=2),
        tempi=(Tempo(0, 90.0), Tempo(10, 61.5)),
        markers=(Marker(0, "A"), Marker(8, "B")),
        title="O’Carolan",
    )
    written = Song(make_notes([(24, 2, 71, 80, 0)]), (TWO, TWO, TWO, Meter(3, 4)), (Part("a"), Part("b")))
    piece = splice(source, written, np.array([False, False, True, True]))
    assert replace(piece, notes=source.notes, meters=source.meters) == source
    assert piece.meters == (TWO, TWO, TWO, Meter(3, 4))


def test_what_lies_after_the_last_new_measure_need_not_be_written() -> None:
    source = song_of((0, 3, 60, 101, 0), (16, 3, 64, 103, 0), measures=3)
    written = song_of((8, 2, 71, 80, 0), measures=2)
    assert spliced(source, written, 1) == [(0, 3, 60, 101, 0), (8, 2, 71, 102, 0), (16, 3, 64, 103, 0)]


HELD_OVER = (4, 8, 60, 101, 0)  # a note over the barline at step 8


@pytest.mark.parametrize(
    ("given", "new", "expected"),
    [
        pytest.param(HELD_OVER, HELD_OVER, (4, 8, 60, 101, 0), id="sounds on where both have it"),
        pytest.param(HELD_OVER, (4, 10, 60, 80, 0), (4, 10, 60, 101, 0), id="as long as the new one"),
        pytest.param(
            (4, 4, 60, 101, 0), (4, 8, 60, 80, 0), (4, 8, 60, 101, 0), id="up to the seam, held by the new"
        ),
    ],
)
def test_a_given_note_sounds_on_in_new_measures(given: Row, new: Row, expected: Row) -> None:
    assert spliced(song_of(given, measures=2), song_of(new, measures=2), 1) == [expected]


def test_a_given_note_that_new_measures_do_not_hold_ends_at_the_barline() -> None:
    source, written = song_of(HELD_OVER, measures=2), song_of((10, 2, 71, 80, 0), measures=2)
    assert spliced(source, written, 1) == [(4, 4, 60, 101, 0), (10, 2, 71, 101, 0)]


def test_a_new_note_that_was_held_on_something_not_given_begins_at_the_barline() -> None:
    source, written = song_of((0, 8, 62, 101, 0), measures=2), song_of((4, 8, 60, 80, 0), measures=2)
    assert spliced(source, written, 1) == [(0, 8, 62, 101, 0), (8, 4, 60, 101, 0)]


def test_a_note_struck_at_the_seam_cuts_the_one_of_its_pitch() -> None:
    source, written = song_of(HELD_OVER, measures=2), song_of((8, 3, 60, 80, 0), measures=2)
    assert spliced(source, written, 1) == [(4, 4, 60, 101, 0), (8, 3, 60, 101, 0)]


def test_a_new_note_sounds_on_in_given_measures_that_hold_it() -> None:
    source, written = song_of(HELD_OVER, measures=2), song_of((6, 2, 60, 80, 0), measures=1)
    assert spliced(source, written, 0) == [(6, 6, 60, 101, 0)]


def test_a_given_note_whose_onset_lay_in_the_gap_begins_at_the_barline() -> None:
    source, written = song_of(HELD_OVER, measures=2), song_of((0, 2, 72, 80, 0), measures=1)
    assert spliced(source, written, 0) == [(0, 2, 72, 101, 0), (8, 4, 60, 101, 0)]


def test_a_new_note_that_given_measures_do_not_hold_ends_at_the_barline() -> None:
    source, written = song_of((8, 4, 62, 101, 0), measures=2), song_of((4, 8, 60, 80, 0), measures=2)
    assert spliced(source, written, 0) == [(4, 4, 60, 101, 0), (8, 4, 62, 101, 0)]


def test_a_note_through_the_whole_gap_is_one_note_if_the_gap_holds_it() -> None:
    source = song_of((4, 16, 60, 101, 1), measures=3)
    assert spliced(source, source, 1) == rows_of(source)


def test_notes_of_one_pitch_in_two_parts_are_not_joined() -> None:
    source, written = song_of((0, 8, 60, 101, 0), measures=2), song_of((4, 8, 60, 80, 1), measures=2)
    assert spliced(source, written, 1) == [(0, 8, 60, 101, 0), (8, 4, 60, 101, 1)]


def test_new_notes_are_as_loud_as_their_part() -> None:
    loud = [(0, 1, 60, 110, 0), (1, 1, 60, 50, 0), (2, 1, 60, 112, 0), (3, 1, 60, 111, 0), (4, 1, 60, 30, 0)]
    source = song_of(*loud, (0, 2, 40, 64, 1), measures=2)
    written = song_of((8, 1, 61, 80, 0), (9, 1, 41, 80, 1), measures=2)
    assert spliced(source, written, 1)[-2:] == [(8, 1, 61, 110, 0), (9, 1, 41, 64, 1)]


def test_a_part_that_was_silent_is_as_loud_as_the_others() -> None:
    source, written = song_of((0, 2, 40, 64, 1), measures=2), song_of((8, 1, 61, 80, 0), measures=2)
    assert spliced(source, written, 1)[-1] == (8, 1, 61, 64, 0)


def test_in_a_silent_song_new_notes_are_of_the_usual_loudness() -> None:
    written = song_of((8, 1, 61, 1, 0), measures=2)
    assert spliced(song_of(measures=2), written, 1) == [(8, 1, 61, DEFAULT_VELOCITY, 0)]
