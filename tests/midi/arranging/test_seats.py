from __future__ import annotations

import numpy as np
import pytest

from musicvae.midi.arranging.ensembles import arrange, find_ensemble
from musicvae.midi.arranging.seats import (
    NO_DRUMS,
    NO_PROGRAM,
    VACANT,
    are_seats,
    choose_seats,
    count_musicians,
    is_vacant,
    leave_vacant_seats,
    list_programs,
    make_seats,
    number_instruments,
    seat_tracks,
    take_seats,
)
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Meter, Part, Song

SEATS = make_seats(7, with_drums=True)
DRUMS, BASS, FLUTE = Part("kit", is_drums=True), Part("bass", 33), Part("flute", 73)
PIANO = Part("Piano", 0)


def line(track: int, *pitches: int, begin: int = 0) -> list[tuple[int, int, int, int, int]]:
    """Return quarter notes one after another."""
    return [(begin + 4 * n, 4, pitch, 80, track) for n, pitch in enumerate(pitches)]


def chords(track: int, *pitches: int) -> list[tuple[int, int, int, int, int]]:
    return [(4 * n, 4, pitch, 80, track) for n in range(4) for pitch in pitches]


def a_song(rows: list[tuple[int, int, int, int, int]], *tracks: Part) -> Song:
    return Song(make_notes(rows), (Meter(),) * 4, tracks)


def test_drums_sit_first_and_others_from_high_to_low() -> None:
    song = a_song(line(0, 40, 43) + line(1, 36, 38) + line(2, 72, 74), BASS, DRUMS, FLUTE)
    seating = seat_tracks(song, SEATS)
    assert seating.tracks == ((1,), (2,), (0,), (), (), (), (), ())
    assert seating.parts == (DRUMS, FLUTE, BASS, *(VACANT,) * 5)


def test_the_order_of_tracks_in_a_file_changes_nothing() -> None:
    rows = [line(0, 40, 43), line(1, 36, 38), line(2, 72, 74), line(3, 72, 71, 75), chords(4, 60, 64)]
    parts = (BASS, DRUMS, FLUTE, Part("oboe", 68), PIANO)
    as_listed = arrange(a_song([row for own in rows for row in own], *parts), "seats").song
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(parts)).tolist()
        moved = [(*row[:4], order.index(row[4])) for own in rows for row in own]
        assert arrange(a_song(moved, *(parts[track] for track in order)), "seats").song == as_listed


def test_two_hands_of_a_piano_share_a_seat_and_two_voices_do_not() -> None:
    hands = a_song(chords(0, 60, 64, 67) + line(1, 40, 43), PIANO, PIANO)
    assert count_musicians(hands) == 1
    named = a_song(chords(0, 60, 64, 67) + line(1, 40, 43), Part("Piano RH"), Part("Piano, left hand"))
    assert count_musicians(named) == 1
    assert count_musicians(a_song(line(0, 60, 64) + line(1, 40, 43), PIANO, PIANO)) == 2
    assert count_musicians(a_song(chords(0, 60, 64) + line(1, 72, 74), Part("chords"), Part("lead"))) == 2
    assert (
        count_musicians(a_song(chords(0, 60, 64) + line(1, 40), Part("Violin", 40), Part("Violin", 40))) == 2
    )


def test_tracks_of_one_program_and_register_that_take_turns_share_a_seat() -> None:
    guitars = (Part("verse", 25), Part("chorus", 25))
    assert count_musicians(a_song(line(0, 60, 62) + line(1, 64, 65, begin=8), *guitars)) == 1
    assert count_musicians(a_song(line(0, 60, 62) + line(1, 64, 65, begin=4), *guitars)) == 2
    assert count_musicians(a_song(line(0, 60, 62) + line(1, 80, 82, begin=8), *guitars)) == 2


def test_of_many_players_those_most_alike_share_seats_and_nothing_is_left_out() -> None:
    rows = [row for track in range(40) for row in line(track, 30 + 2 * track, 31 + 2 * track)]
    song = a_song(rows, *(Part(f"{track}", 3 * track % 128) for track in range(40)))
    seated, notices = arrange(song, "seats")
    assert len(seated.parts) == 8
    assert len(seated.notes) == len(song.notes)
    assert [notice.what for notice in notices] == ["parts that several tracks share"]
    two = a_song(line(0, 60) + line(1, 62) + line(2, 90), Part("a", 24), Part("b", 25), Part("c", 73))
    assert seat_tracks(two, make_seats(2, with_drums=False)).tracks == ((2,), (1, 0))


def test_what_has_no_seat_is_told() -> None:
    song = a_song(line(0, 36, 38) + line(1, 60), DRUMS, FLUTE)
    ensemble = find_ensemble("seats")._replace(parts=make_seats(1, with_drums=False))
    seated, notices = arrange(song, ensemble)
    assert seated.parts == (FLUTE,)
    assert notices == (Notice("tracks left out", 1, ("kit",)),)
    assert seat_tracks(song, make_seats(0, with_drums=True)).tracks == ((0,),)


def test_a_pitch_that_two_tracks_of_a_seat_strike_together_is_one_note() -> None:
    song = a_song(chords(0, 60, 64) + line(1, 60, 40), PIANO, PIANO)
    seated, notices = arrange(song, "seats")
    assert len(seated.notes) == len(song.notes) - 1
    assert Notice("notes of one pitch in several tracks became one", 1) in notices


def test_a_pitch_that_two_tracks_hold_sounds_until_the_last_lets_go() -> None:
    held, struck = (0, 16, 60, 80, 0), (4, 4, 60, 70, 1)
    rows = [held, (0, 16, 64, 80, 0), struck, (8, 2, 40, 80, 1), (12, 4, 40, 80, 1)]
    seated = arrange(a_song(rows, PIANO, PIANO), "seats").song
    assert seated.notes[["start", "length", "pitch"]].tolist() == [
        *((0, 4, 60), (0, 16, 64), (4, 12, 60), (8, 2, 40), (12, 4, 40)),
    ]


def test_there_are_as_many_seats_as_all_songs_but_a_few_need() -> None:
    tune, duo = a_song(line(0, 60), FLUTE), a_song(line(0, 60) + line(1, 40), FLUTE, BASS)
    beat, empty = a_song(line(0, 36), DRUMS), a_song([], FLUTE)
    assert choose_seats([tune] * 30 + [duo]) == (VACANT,)
    assert choose_seats([tune] * 10 + [duo] * 2) == (VACANT, VACANT)
    assert choose_seats([tune] * 30 + [beat]) == (NO_DRUMS, VACANT)
    assert choose_seats([beat]) == (NO_DRUMS,)
    assert choose_seats([empty]) == choose_seats([]) == (VACANT,)
    rows = [row for track in range(20) for row in line(track, 20 + 5 * track)]
    crowd = a_song(rows + line(20, 36), *(Part(f"{n}", 6 * n) for n in range(20)), DRUMS)
    assert choose_seats([crowd]) == SEATS


def test_seats_are_taken_by_programs_and_left_again() -> None:
    programs = (NO_PROGRAM, 73, NO_PROGRAM)
    parts = take_seats(make_seats(2, with_drums=True), programs)
    assert parts == (NO_DRUMS, Part("flute", 73), VACANT)
    assert list_programs(parts) == programs
    song = Song(make_notes([(0, 4, 60, 80, 1)]), (Meter(),), parts)
    left = leave_vacant_seats(song)
    assert (left.parts, left.notes["part"].tolist()) == ((Part("flute", 73),), [0])
    assert leave_vacant_seats(left) is left


def test_instruments_have_the_numbers_of_their_families() -> None:
    programs = np.array([[0, 0, 127], [NO_PROGRAM, 33, NO_PROGRAM]])
    kinds = number_instruments(programs, make_seats(2, with_drums=True))
    assert kinds.tolist() == [[17, 1, 16], [0, 5, 0]]


@pytest.mark.parametrize("name", ["vacant", "flute"])
def test_a_track_called_vacant_sits_all_the_same(name: str) -> None:
    song = a_song(line(0, 60), Part(name, 73))
    [part] = seat_tracks(song, make_seats(1, with_drums=False)).parts
    assert not is_vacant(part)
    assert part.program == 73


def test_parts_of_an_arrangement_are_no_seats() -> None:
    assert are_seats(SEATS)
    assert not are_seats((Part("melody"),))
