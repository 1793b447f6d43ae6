from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.songs.measure_notes import (
    MEASURE_NOTE,
    MeasureNotes,
    join_measures,
    measure_key,
    measure_notes_to_song,
    song_to_measure_notes,
    split_measures,
)
from musicvae.midi.songs.notes import DEFAULT_VELOCITY, make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PARTS = (Part("high"), Part("low"))
TWO, THREE = Meter(2, 16), Meter(3, 16)  # steps


def song(*rows: tuple[int, int, int, int, int], meters: tuple[Meter, ...] = (TWO, THREE, TWO)) -> Song:
    return Song(make_notes(rows), meters, PARTS, Grid(4))


def cut_notes(*rows: tuple[int, int, int, int, int, int, bool]) -> np.ndarray:
    return np.array(list(rows), MEASURE_NOTE)


@given(data=st.data())
def test_songs_survive_a_round_trip_through_their_measures(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs)
    again = measure_notes_to_song(song_to_measure_notes(song), song.meters, song.parts, song.grid)
    assert again == replace(song, tempi=(), markers=(), title="")


@given(data=st.data())
def test_every_step_that_sounds_is_in_its_measure(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs)
    measure_notes = song_to_measure_notes(song)
    steps = np.array([meter.steps(song.grid) for meter in song.meters])
    assert (measure_notes["length"] >= 1).all()
    assert (measure_notes["step"] >= 0).all()
    assert (measure_notes["step"] + measure_notes["length"] <= steps[measure_notes["measure"]]).all()
    assert measure_notes["length"].sum() == song.notes["length"].sum()
    assert (~measure_notes["held"]).sum() == len(song.notes)


def test_a_note_across_barlines_is_cut_into_one_for_each_measure() -> None:
    measure_notes = song_to_measure_notes(song((1, 5, 60, 90, 1)))
    assert measure_notes.tolist() == [
        (0, 1, 1, 60, 1, 90, False),
        (1, 0, 3, 60, 1, 90, True),
        (2, 0, 1, 60, 1, 90, True),
    ]


def test_a_note_that_ends_at_a_barline_stays_in_its_measure() -> None:
    assert song_to_measure_notes(song((0, 2, 60, 90, 0))).tolist() == [(0, 0, 2, 60, 0, 90, False)]


def test_held_notes_come_first_then_steps_parts_and_pitches() -> None:
    rows = [(2, 1, 50, 80, 0), (3, 1, 70, 80, 0), (3, 1, 40, 80, 1), (2, 1, 64, 80, 1), (2, 1, 62, 80, 1)]
    measure_notes = song_to_measure_notes(song(*rows, (0, 3, 99, 80, 0)))
    in_second = measure_notes[measure_notes["measure"] == 1]
    assert in_second["pitch"].tolist() == [99, 50, 62, 64, 70, 40]


def test_pieces_of_a_note_are_joined_across_barlines() -> None:
    measure_notes = cut_notes(
        (0, 1, 1, 60, 0, 90, False), (1, 0, 3, 60, 0, 70, True), (2, 0, 1, 60, 0, 70, True)
    )
    assert measure_notes_to_song(measure_notes, (TWO, THREE, TWO), PARTS, Grid(4)) == song((1, 5, 60, 90, 0))


@pytest.mark.parametrize(
    "before",
    [
        (0, 0, 1, 60, 0, 90, False),  # ends a step before the barline
        (0, 1, 1, 61, 0, 90, False),  # of another pitch
        (0, 1, 1, 60, 1, 90, False),  # of another part
    ],
)
def test_a_held_note_with_nothing_to_hold_on_to_begins_where_it_stands(
    before: tuple[int, int, int, int, int, int, bool],
) -> None:
    measure_notes = cut_notes(before, (1, 0, 3, 60, 0, 90, True))
    notes = measure_notes_to_song(measure_notes, (TWO, THREE), PARTS, Grid(4)).notes
    assert len(notes) == 2
    assert (notes["start"][1], notes["length"][1]) == (2, 3)


def test_a_note_struck_anew_at_a_barline_is_not_joined() -> None:
    repeated = song((0, 2, 60, 90, 0), (2, 3, 60, 90, 0))
    measure_notes = song_to_measure_notes(repeated)
    assert not measure_notes["held"].any()
    assert measure_notes_to_song(measure_notes, repeated.meters, PARTS, Grid(4)) == repeated


def test_a_pitch_both_held_and_struck_is_struck_at_the_barline() -> None:
    measure_notes = cut_notes(
        (0, 0, 2, 60, 0, 90, False), (1, 0, 3, 60, 0, 90, True), (1, 0, 1, 60, 0, 90, False)
    )
    notes = measure_notes_to_song(measure_notes, (TWO, THREE), PARTS, Grid(4)).notes
    assert notes[["start", "length"]].tolist() == [(0, 2), (2, 1)]


def test_notes_of_unknown_velocity_get_one() -> None:
    measure_notes = cut_notes((0, 0, 1, 60, 0, 0, False), (0, 1, 1, 62, 0, 99, False))
    assert measure_notes_to_song(measure_notes, (TWO,), PARTS, Grid(4)).notes["velocity"].tolist() == [
        DEFAULT_VELOCITY,
        99,
    ]


def test_silence_has_no_notes() -> None:
    assert len(song_to_measure_notes(song())) == 0
    assert measure_notes_to_song(cut_notes(), (TWO, THREE, TWO), PARTS, Grid(4)) == song()


# ---- one measure after another


@given(data=st.data())
def test_songs_survive_being_split_and_joined(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs.filter(lambda song: song.measures > 0))
    again = join_measures(split_measures(song), song.meters, song.parts, song.grid)
    assert again == replace(song, tempi=(), markers=(), title="")


def test_a_song_has_notes_for_each_measure() -> None:
    rows = [(0, 4, 60, 80, 0), (6, 4, 62, 80, 0), (0, 1, 36, 80, 1)]
    by_measure = split_measures(song(*rows, meters=(Meter(2, 4),) * 3))
    columns = ["step", "length", "pitch", "held"]
    assert [measure[columns].tolist() for measure in by_measure] == [
        [(0, 4, 60, False), (0, 1, 36, False), (6, 2, 62, False)],
        [(0, 2, 62, True)],
        [],
    ]


def measure_of(*rows: tuple[int, int, int, int, bool]) -> MeasureNotes:
    """Return the notes of a measure, by step, length, pitch, part and whether it is held."""
    return np.array(
        [(0, step, length, pitch, part, 0, held) for step, length, pitch, part, held in rows], MEASURE_NOTE
    )


MEASURE = measure_of((0, 2, 60, 0, True), (4, 2, 62, 0, False), (4, 2, 60, 1, False))


def test_measures_say_the_same_whatever_their_order_their_velocities_and_what_they_hold() -> None:
    other = MEASURE[::-1].copy()
    other["held"], other["velocity"], other["measure"] = False, 99, 7
    assert measure_key(other) == measure_key(MEASURE)
    assert measure_key(measure_of()) == measure_key(measure_of())


def test_measures_with_other_notes_say_other_things() -> None:
    others = [measure_of(), MEASURE[:2], MEASURE[[0, 0, 1, 2]]]
    for name in ("step", "length", "pitch", "part"):
        for note in range(3):
            other = MEASURE.copy()
            other[name][note] += 1
            others.append(other)
    assert measure_key(MEASURE) not in {measure_key(other) for other in others}
    swapped = measure_of((0, 2, 62, 0, True), (4, 2, 60, 0, False), (4, 2, 60, 1, False))
    assert measure_key(swapped) != measure_key(MEASURE)
