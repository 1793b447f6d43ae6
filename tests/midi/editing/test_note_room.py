from __future__ import annotations

import pytest

from musicvae.midi.editing.file_notes import TrackChannel
from musicvae.midi.editing.note_room import KeyDown, NewNote, fit_notes

FLUTE, OBOE = TrackChannel(1, 0), TrackChannel(2, 1)


def new(start: int, end: int, pitch: int = 60, player: TrackChannel = FLUTE) -> NewNote:
    return NewNote(start, end, pitch, 80, player)


def fitted(notes: list[NewNote], *given: tuple[int, int]) -> list[tuple[int, int]]:
    sounding = [KeyDown(0, 60, start, end) for start, end in given]
    return [(note.start, note.end) for note in fit_notes(notes, sounding)]


def test_notes_with_room_stay_as_they_are_in_order_of_their_onsets() -> None:
    assert fitted([new(20, 30), new(0, 10)], (10, 20), (30, 50)) == [(0, 10), (20, 30)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param((0, 15), [(15, 20)], id="begins when a given note ends"),
        pytest.param((10, 15), [(15, 20)], id="even if they begin at once"),
        pytest.param((0, 30), [], id="is left out where that sounds throughout"),
        pytest.param((14, 30), [(10, 14)], id="ends when a given note begins"),
        pytest.param((0, 10), [(10, 20)], id="may follow at once"),
    ],
)
def test_a_key_that_is_down_cannot_be_struck(given: tuple[int, int], expected: list[tuple[int, int]]) -> None:
    assert fitted([new(10, 20)], given) == expected


def test_new_notes_are_in_each_others_way_too_and_the_longer_comes_first() -> None:
    assert fitted([new(0, 10), new(0, 40), new(30, 50)]) == [(0, 40), (40, 50)]


def test_other_pitches_and_channels_are_not_in_the_way() -> None:
    notes = [new(0, 10), new(0, 10, pitch=61), new(0, 10, player=OBOE)]
    assert fitted(notes) == [(0, 10)] * 3


def test_one_channel_in_two_tracks_is_one() -> None:
    assert fitted([new(0, 10), new(5, 15, player=TrackChannel(7, 0))]) == [(0, 10), (10, 15)]
