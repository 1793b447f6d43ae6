from __future__ import annotations

import pytest

from musicvae.midi.editing.file_notes import TrackChannel
from musicvae.midi.editing.midi_chunks import MidiFile
from musicvae.midi.editing.seam import settle
from musicvae.midi.editing.track_events import Event, TrackChanges, TrackEvents
from musicvae.midi.reading.smf.midi_bytes import Header

SEAM, END = 400, 800
SOLO = TrackChannel(0, 0)


def control(tick: int, number: int, value: int, channel: int = 0) -> Event:
    return Event(tick, 0xB0 | channel, bytes((number, value)))


def bend(tick: int, value: int) -> Event:
    return Event(tick, 0xE0, bytes((value & 127, value >> 7)))


def program(tick: int, value: int) -> Event:
    return Event(tick, 0xC0, bytes((value,)))


def note(tick: int, channel: int = 0) -> list[Event]:
    return [Event(tick, 0x90 | channel, b"\x3c\x40"), Event(tick + 50, 0x80 | channel, b"\x3c\x00")]


NOTES = [event for tick in (0, 100, 200, 300) for event in note(tick)]
Settled = list[tuple[int, int, str]]  # track, tick, event


def settled(*tracks: list[Event], players: tuple[TrackChannel, ...] = (SOLO,)) -> Settled:
    """Return what is added to tracks so that new measures can follow."""
    said = [TrackEvents(tuple(sorted(events, key=lambda e: e.tick)), SEAM) for events in tracks]
    changes = [TrackChanges() for _ in said]
    file = MidiFile(Header(1, len(said), 480, 14), b"", (), tuple(said), b"")
    settle(file, (SEAM, END), players, changes)
    return [
        (number, event.tick, f"{event.status:02x} {event.data.hex()}")
        for number, change in enumerate(changes)
        for _, event in change.added
    ]


def test_a_song_that_ends_as_it_went_on_needs_nothing() -> None:
    calm = [program(0, 40), control(0, 7, 90), control(10, 64, 127), control(390, 64, 0), bend(20, 8192)]
    assert settled([*NOTES, *calm]) == []


@pytest.mark.parametrize("pedal", [64, 66, 69])
def test_a_pedal_that_is_down_is_released(pedal: int) -> None:
    assert settled([*NOTES, control(350, pedal, 127)]) == [(0, SEAM, f"b0 {pedal:02x}00")]


def test_a_soft_pedal_lets_nothing_hang_and_stays() -> None:
    assert settled([*NOTES, control(350, 67, 127)]) == []


def test_pedals_are_released_on_channels_without_new_notes_too() -> None:
    organ = [*note(0, 3), control(10, 64, 127, channel=3)]
    assert settled(NOTES, organ) == [(1, SEAM, "b3 4000")]


def test_a_pedal_that_the_file_releases_at_the_seam_is_left_to_it() -> None:
    assert settled([*NOTES, control(350, 64, 127), control(SEAM, 64, 0)]) == []


def test_a_note_that_nothing_ends_is_ended_on_any_channel() -> None:
    drone = [Event(0, 0x95, b"\x30\x40")]
    assert settled(NOTES, drone) == [(1, SEAM, "85 3000")]


@pytest.mark.parametrize("controller", [7, 11])
def test_what_has_faded_comes_back_to_what_was_usual(controller: int) -> None:
    faded = [control(0, controller, 90), control(250, controller, 40), control(390, controller, 0)]
    assert settled([*NOTES, *faded]) == [(0, SEAM, f"b0 {controller:02x}5a")]


def test_a_fade_from_where_a_channel_begins_comes_back_to_that() -> None:
    assert settled([*NOTES, control(390, 7, 0)]) == [(0, SEAM, "b0 0764")]
    assert settled([*NOTES, control(390, 11, 0)]) == [(0, SEAM, "b0 0b7f")]


def test_a_song_that_ends_louder_than_it_was_stays_so() -> None:
    assert settled([*NOTES, control(0, 7, 60), control(390, 7, 110)]) == []


def test_channels_without_new_notes_keep_volume_bend_and_program() -> None:
    other = [*note(0, 3), control(0, 7, 90, 3), control(390, 7, 0, 3), Event(390, 0xE3, b"\x00\x00")]
    assert settled(NOTES, other) == []


def test_a_bend_comes_back_to_the_middle() -> None:
    assert settled([*NOTES, bend(300, 8192), bend(380, 0)]) == [(0, SEAM, "e0 0040")]


def test_a_program_after_the_last_note_is_taken_back() -> None:
    assert settled([*NOTES, program(0, 40), program(390, 0)]) == [(0, SEAM, "c0 28")]
    assert settled([*NOTES, program(0, 40), program(280, 41)]) == []


def test_a_reset_of_all_controllers_counts() -> None:
    reset = control(380, 121, 0)
    assert settled([*NOTES, control(350, 64, 127), bend(360, 0), reset]) == []
    assert settled([*NOTES, control(0, 64, 127), reset, control(390, 64, 127)]) == [(0, SEAM, "b0 4000")]


def test_what_the_file_says_after_the_seam_is_corrected_where_it_stands() -> None:
    late = [control(500, 7, 0), control(520, 64, 127), control(900, 7, 0)]
    assert settled([*NOTES, control(0, 7, 90), *late]) == [(0, 500, "b0 075a"), (0, 520, "b0 4000")]


def test_a_setting_made_in_another_track_is_corrected_where_the_new_notes_are() -> None:
    assert settled([bend(300, 0)], NOTES, players=(TrackChannel(1, 0),)) == [(1, SEAM, "e0 0040")]
