from __future__ import annotations

import pytest

from musicvae.midi.editing.track_events import Rank, TrackChanges, parse_events, write_events
from musicvae.midi.reading.smf.midi_numbers import CONTROL, META, NOTE_OFF, NOTE_ON

END = b"\x00\xff\x2f\x00"
# A note, a note of running status that ends by velocity 0, a lyric within the running status, SysEx, a bend.
TRACK = (
    b"\x00\x90\x3c\x40"
    b"\x60\x3c\x00"
    b"\x00\xff\x05\x02la"
    b"\x81\x00\x40\x50"
    b"\x10\xf0\x03\x01\x02\xf7"
    b"\x05\xe0\x00\x30"
    b"\x05\x90\x40\x00" + END
)


def changed(data: bytes, changes: TrackChanges) -> bytes:
    return write_events(parse_events(data), changes)


def test_a_track_without_changes_is_written_byte_for_byte() -> None:
    assert changed(TRACK, TrackChanges()) == TRACK


def test_events_have_their_ticks_their_status_and_their_data() -> None:
    events = parse_events(TRACK).events
    said = [(event.tick, event.status, event.data, event.spoken) for event in events]
    assert said == [
        (0, 0x90, b"\x3c\x40", True),
        (96, 0x90, b"\x3c\x00", False),
        (96, META, b"\x05\x02la", True),
        (224, 0x90, b"\x40\x50", False),
        (240, 0xF0, b"\x03\x01\x02\xf7", True),
        (245, 0xE0, b"\x00\x30", True),
        (250, 0x90, b"\x40\x00", True),
    ]


def test_an_event_that_leaned_on_one_that_is_gone_gets_a_status_of_its_own() -> None:
    after = changed(TRACK, TrackChanges(dropped={0, 1}))
    assert after == b"\x60\xff\x05\x02la" + b"\x81\x00\x90\x40\x50" + TRACK[17:]


def test_what_comes_between_breaks_the_running_status_and_moves_nothing() -> None:
    changes = TrackChanges()
    changes.add(Rank.STATE, 100, CONTROL | 3, b"\x40\x00")
    after = changed(TRACK, changes)
    assert after == TRACK[:13] + b"\x04\xb3\x40\x00" + b"\x7c\x90\x40\x50" + TRACK[17:]
    ticks = [event.tick for event in parse_events(after).events]
    assert ticks == [0, 96, 96, 100, 224, 240, 245, 250]


def test_ends_come_before_what_is_there_and_onsets_after_it() -> None:
    changes = TrackChanges()
    changes.add(Rank.ONSET, 96, NOTE_ON, b"\x50\x40")
    changes.add(Rank.STATE, 96, CONTROL, b"\x40\x00")
    changes.add(Rank.END, 96, NOTE_OFF, b"\x43\x00")
    kinds = [(event.kind, event.data[:1]) for event in parse_events(changed(TRACK, changes)).events]
    assert kinds[1:6] == [
        (NOTE_OFF, b"\x43"),
        (NOTE_ON, b"\x3c"),
        (META, b"\x05"),
        (CONTROL, b"\x40"),
        (NOTE_ON, b"\x50"),
    ]


def test_a_moved_event_keeps_its_bytes() -> None:
    track, changes = parse_events(TRACK), TrackChanges()
    changes.move(1, track.events[1], Rank.END, 50)
    assert write_events(track, changes)[:8] == b"\x00\x90\x3c\x40\x32\x90\x3c\x00"


@pytest.mark.parametrize(("wanted", "end"), [(0, 250), (200, 250), (960, 960)])
def test_a_track_ends_where_it_did_or_later(wanted: int, end: int) -> None:
    changes = TrackChanges(end=wanted)
    changes.add(Rank.STATE, 0, CONTROL, b"\x07\x64")
    assert parse_events(changed(TRACK, changes)).end == end


def test_a_track_that_does_not_say_its_end_ends_with_its_last_event() -> None:
    assert changed(TRACK[: -len(END)], TrackChanges()) == TRACK


def test_a_gap_longer_than_a_delta_can_say_is_bridged() -> None:
    changes, far = TrackChanges(), 2**29
    changes.add(Rank.STATE, far, CONTROL, b"\x07\x64")
    again = parse_events(changed(b"\x00\x90\x3c\x40" + END, changes))
    assert [event.tick for event in again.events if event.is_of_channel] == [0, far]


def test_a_track_that_is_cut_off_is_refused() -> None:
    with pytest.raises(IndexError):
        parse_events(b"\x00")
    with pytest.raises(IndexError, match="no status"):
        parse_events(b"\x00\x3c\x40" + END)
