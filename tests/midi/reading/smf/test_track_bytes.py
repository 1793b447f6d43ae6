from __future__ import annotations

import pytest

from musicvae.midi.reading.smf.midi_bytes import END_OF_TRACK
from musicvae.midi.reading.smf.midi_numbers import LYRIC, NAME
from musicvae.midi.reading.smf.track_bytes import TextEvent, Track, parse_track

ON = b"\x00\x90\x3c\x40"
OFF = b"\x60\x80\x3c\x00"
EMPTY = b"\xff\x01\x00"


def read(data: bytes) -> Track:
    return parse_track(data, 0, len(data), most_steps=1_000)


def test_channel_events_come_out_as_they_went_in() -> None:
    track = read(ON + OFF + b"\x00\xc0\x05" + b"\x00\xb0\x07\x64" + END_OF_TRACK)
    assert b"".join(track.pieces) == ON + OFF + b"\x00\xc0\x05" + b"\x00\xb0\x07\x64" + b"\x00" + EMPTY
    assert (track.ended, track.fault, track.note_ons, track.ticks) == (True, "", 1, 0x60)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(b"\xff\x05\x03la-", id="a lyric"),
        pytest.param(b"\xf0\x05\x7e\x7f\x09\x01\xf7", id="SysEx"),
        pytest.param(b"\xf7\x02\x01\x02", id="SysEx that goes on"),
        pytest.param(b"\xf2\x01\x02", id="a song position"),
        pytest.param(b"\xfe", id="active sensing"),
    ],
)
def test_events_that_are_no_music_leave_their_time_and_the_running_status(event: bytes) -> None:
    track = read(ON + b"\x10" + event + b"\x20\x3c\x00" + END_OF_TRACK)
    assert b"".join(track.pieces) == ON + b"\x10" + EMPTY + b"\x20\x3c\x00" + b"\x00" + EMPTY
    assert (track.ticks, track.note_ons, track.unended, track.fault) == (0x30, 1, (), "")


@pytest.mark.parametrize(
    "event", ["ff 51 03 07 a1 20", "ff 58 04 03 02 18 08", "ff 59 02 fe 01"], ids=["tempo", "meter", "key"]
)
def test_what_says_tempo_meter_and_key_is_kept(event: str) -> None:
    track = read(b"\x00" + bytes.fromhex(event) + END_OF_TRACK)
    assert track.pieces[0] == b"\x00" + bytes.fromhex(event)


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ("ff 51 00", "tempi"),
        ("ff 51 02 07 a1", "tempi"),
        ("ff 51 03 00 00 00", "tempi"),
        ("ff 58 02 04 02", "time signatures"),
        ("ff 58 04 00 02 18 08", "time signatures"),
        ("ff 58 04 04 ff 18 08", "time signatures"),
        ("ff 59 00", "key signatures"),
        ("ff 59 02 09 00", "key signatures"),
        ("ff 59 02 00 07", "key signatures"),
    ],
)
def test_what_says_something_impossible_is_emptied_and_counted(event: str, what: str) -> None:
    track = read(ON + b"\x10" + bytes.fromhex(event) + OFF + END_OF_TRACK)
    assert track.ignored == {what: 1}
    assert track.pieces[1] == b"\x10" + EMPTY
    assert (track.note_ons, track.ticks) == (1, 0x70)


def test_texts_are_told_with_the_pieces_that_stand_for_them() -> None:
    track = read(ON + b"\x10\xff\x03\x01a" + OFF + b"\x20\xff\x05\x02la" + b"\x00\xff\x01\x00" + END_OF_TRACK)
    assert track.texts == [TextEvent(1, NAME, b"a"), TextEvent(3, LYRIC, b"la")]
    assert [track.pieces[text.piece] for text in track.texts] == [b"\x10" + EMPTY, b"\x20" + EMPTY]


def test_a_long_text_is_cut_where_no_letter_of_several_bytes_is() -> None:
    code = b"x" * 799 + "é".encode() * 2
    track = read(b"\x00\xff\x03\x86\x23" + code + END_OF_TRACK)
    assert track.texts == [TextEvent(0, NAME, b"x" * 799)]


def test_the_first_program_of_each_channel_and_the_channels_of_notes_are_told() -> None:
    track = read(b"\x00\xc2\x05\x00\x06\x00\xc0\x07" + ON + OFF + b"\x00\xc2\x08" + END_OF_TRACK)
    assert track.programs == {0: 7, 2: 5}
    assert track.channels == {0}


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (b"\x00\x90\x3c", "cut off"),
        (b"\x00", "cut off"),
        (b"\x81", "cut off"),
        (b"\x00\xff\x03\x10abc", "cut off"),
        (b"\x00\xff", "cut off"),
        (b"\x00\xf0\x7f\x00", "cut off"),
        (b"\xff\xff\xff\xff\xff\xff", "a time is too long"),
    ],
)
def test_a_track_is_read_up_to_its_first_damaged_event(rest: bytes, why: str) -> None:
    track = read(ON + OFF + rest)
    assert track.fault.endswith(why)
    assert b"".join(track.pieces) == ON + OFF


def test_data_without_any_status_cannot_be_read() -> None:
    assert read(b"\x00\x3c\x40" + END_OF_TRACK).fault == "an event has no status"


def test_a_velocity_above_127_is_127_and_a_pitch_above_127_no_note() -> None:
    track = read(b"\x00\x90\x3c\xc8" + b"\x10\x3c\x00" + b"\x10\x90\xfd\x40" + b"\x10\x3e\x40" + OFF)
    clean = b"\x00\x90\x3c\x7f" + b"\x10\x3c\x00" + b"\x10\x90\x00\x00" + b"\x10\x3e\x40" + OFF
    assert b"".join(track.pieces) == clean
    assert (track.mended, track.note_ons, track.fault) == (2, 2, "")


def test_reading_stops_at_the_end_it_is_given_and_after_the_steps_it_is_given() -> None:
    data = (ON + OFF) * 10
    assert parse_track(data, 0, 8, most_steps=10).note_ons == 1
    texts = (b"\x00" + EMPTY) * 10
    assert parse_track(texts, 0, len(texts), most_steps=3).steps == 3
