from __future__ import annotations

import io

import mido
import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.smf.midi_bytes import (
    LARGEST_DELTA,
    find_header,
    make_midi,
    make_silence,
    parse_header,
    quantity_to_bytes,
    read_quantity,
)


@pytest.mark.parametrize(
    ("number", "code"),
    [(0, "00"), (127, "7f"), (128, "81 00"), (16383, "ff 7f"), (LARGEST_DELTA, "ff ff ff 7f")],
)
def test_quantities_are_written_and_read(number: int, code: str) -> None:
    assert quantity_to_bytes(number) == bytes.fromhex(code)
    assert read_quantity(b"\xff" + bytes.fromhex(code) + b"\x00", 1) == (number, 1 + len(bytes.fromhex(code)))


def test_what_is_written_another_library_reads() -> None:
    data = make_midi(1, 96, [[b"\x00\x90\x3c\x40", b"\x60\x80\x3c\x00"], []])
    read = mido.MidiFile(file=io.BytesIO(data))
    assert (read.type, read.ticks_per_beat, len(read.tracks)) == (1, 96, 2)
    assert [(message.type, message.time) for message in read.tracks[0]] == [
        ("note_on", 0),
        ("note_off", 96),
        ("end_of_track", 0),
    ]


def test_silence_longer_than_a_delta_takes_several_events() -> None:
    data = make_midi(0, 480, [make_silence(2 * LARGEST_DELTA + 5)])
    track = mido.MidiFile(file=io.BytesIO(data)).tracks[0]
    assert sum(message.time for message in track) == 2 * LARGEST_DELTA + 5
    assert make_silence(0) == []


@pytest.mark.parametrize("before", [b"", b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00", bytes(128)])
def test_the_header_is_found_inside_other_files(before: bytes) -> None:
    data = before + make_midi(0, 480, [[]])
    assert find_header(data) == len(before)
    assert parse_header(data).ticks_per_beat == 480


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"<score/>", "no MIDI file"),
        (b"MThd\x00\x00\x00\x06\x00\x00", "no whole header"),
        (make_midi(0, 0, [[]]), "0 ticks"),
        (make_midi(0, 0xE728, [[]]), "SMPTE"),
    ],
)
def test_a_file_without_beats_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(SongError, match=why):
        parse_header(data)
