from __future__ import annotations

import io

import mido
import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.smf.guard import MAX_BYTES, MAX_STEPS, check_midi
from musicvae.midi.reading.smf.midi_bytes import make_meta, make_midi, make_silence
from musicvae.midi.songs.notices import Notice

ON = b"\x00\x90\x3c\x40"
OFF = b"\x60\x80\x3c\x00"
NOTE = ON + OFF


def notes_by_mido(data: bytes) -> int:
    """Notes that another library finds, which is strict about what it reads."""
    tracks = mido.MidiFile(file=io.BytesIO(data)).tracks
    return sum(message.type == "note_on" and message.velocity > 0 for track in tracks for message in track)


def test_a_sound_file_is_not_salvaged_and_keeps_its_events() -> None:
    checked = check_midi(make_midi(1, 480, [[NOTE], [NOTE, NOTE]]))
    assert (checked.damage, checked.notices, checked.note_ons, checked.ticks) == ("", (), 3, 192)
    assert notes_by_mido(checked.data) == 3


@pytest.mark.parametrize("claimed", [0, 1, 3, 65535])
def test_tracks_that_the_header_does_not_count_right_are_all_read(claimed: int) -> None:
    data = bytearray(make_midi(1, 480, [[NOTE], [NOTE]]))
    data[10:12] = claimed.to_bytes(2)
    checked = check_midi(bytes(data))
    assert notes_by_mido(checked.data) == 2
    assert checked.damage == f"the header says {claimed} tracks, there are 2"


def test_a_track_whose_chunk_has_a_damaged_name_is_read() -> None:
    data = make_midi(1, 480, [[NOTE], [NOTE], [NOTE]])
    second = data.find(b"MTrk", data.find(b"MTrk") + 1)
    checked = check_midi(data[:second] + b"MTsk" + data[second + 4 :])
    assert notes_by_mido(checked.data) == 3
    assert checked.damage == "track 2 has a damaged name"


def test_a_chunk_of_another_program_is_left_out_without_a_word() -> None:
    data = make_midi(0, 480, [[NOTE]]) + b"XFIH\x00\x00\x00\x04\x00\xff\x2f\x00"
    assert check_midi(data)[1:] == check_midi(make_midi(0, 480, [[NOTE]]))[1:]


@pytest.mark.parametrize("claimed", [0, 3, 11, 13, 1000, 2**32 - 1])
def test_a_false_length_costs_no_notes(claimed: int) -> None:
    data = bytearray(make_midi(1, 480, [[NOTE], [NOTE]]))
    data[18:22] = claimed.to_bytes(4)
    checked = check_midi(bytes(data))
    assert notes_by_mido(checked.data) == 2
    assert checked.damage == "track 1 has a false length"


def test_a_track_without_its_end_of_track_event_is_sound() -> None:
    data = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk\x00\x00\x00\x08" + NOTE
    checked = check_midi(data)
    assert (checked.damage, notes_by_mido(checked.data)) == ("", 1)


def test_a_file_that_is_cut_off_keeps_what_is_there() -> None:
    whole = make_midi(1, 480, [[NOTE * 5], [NOTE * 5]])
    for size in range(22, len(whole)):
        checked = check_midi(whole[:size])
        assert notes_by_mido(checked.data) == checked.note_ons
        assert checked.damage
    assert checked.note_ons == 10


def test_ticks_past_two_to_the_31_are_refused() -> None:
    with pytest.raises(SongError, match="2\\^31 ticks"):
        check_midi(make_midi(0, 480, [[*make_silence(2**31), NOTE]]))


def test_the_ticks_of_all_events_are_counted() -> None:
    pieces = [b"\x83\x60\xff\x01\x00", NOTE, b"\x81\x00\xc0\x05", b"\x10\xf0\x01\xf7", b"\x10\x3c\x00"]
    track = mido.MidiFile(file=io.BytesIO(check_midi(make_midi(0, 480, [pieces])).data)).tracks[0]
    assert check_midi(make_midi(0, 480, [pieces])).ticks == sum(message.time for message in track)


def test_impossible_events_are_told() -> None:
    pieces = [b"\x00\xff\x51\x00", b"\x00\xff\x58\x04\x00\x02\x18\x08", b"\x00\xff\x51\x03\x00\x00\x00", NOTE]
    notices = check_midi(make_midi(0, 480, [pieces])).notices
    assert notices == (
        Notice("impossible tempi ignored", 2),
        Notice("impossible time signatures ignored", 1),
    )


def test_sequences_of_a_type_2_file_come_one_after_another() -> None:
    checked = check_midi(make_midi(2, 480, [[NOTE], [NOTE]]))
    tracks = mido.MidiFile(file=io.BytesIO(checked.data)).tracks
    starts = [sum(m.time for m in track[: [n.type for n in track].index("note_on") + 1]) for track in tracks]
    assert starts == [0, 96]
    assert checked.notices == (Notice("type 2: its sequences were read one after another"),)


def test_notes_that_lack_an_end_get_one_after_the_end_of_the_file() -> None:
    checked = check_midi(make_midi(1, 480, [[ON], [NOTE * 10]]))
    track = mido.MidiFile(file=io.BytesIO(checked.data)).tracks[0]
    ends = [message for message in track if message.type == "note_off"]
    assert [(message.note, message.channel) for message in ends] == [(0x3C, 0)]
    assert sum(message.time for message in track) == checked.ticks + 1 == 961


def test_the_title_is_the_name_of_a_track_that_speaks_for_the_piece() -> None:
    named = [make_meta(0, 3, b"Gigue")]
    assert check_midi(make_midi(1, 480, [named, [NOTE]])).title == "Gigue"
    assert check_midi(make_midi(0, 480, [[*named, NOTE]])).title == "Gigue"
    assert check_midi(make_midi(1, 480, [[*named, NOTE], [NOTE]])).title == ""


def test_names_are_written_in_utf_8() -> None:
    checked = check_midi(make_midi(0, 480, [[make_meta(0, 3, "Flöte".encode("latin-1")), NOTE]]))
    assert "Flöte".encode() in checked.data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bytes(MAX_BYTES + 1), "larger than 50 MB"),
        (make_midi(1, 480, [[]] * 1_001), "more than 1,000 tracks"),
        (make_midi(0, 480, [[b"\x00\xff\x01\x00" * (MAX_STEPS + 1)]]), "events that are no notes"),
        (make_midi(0, 480, [[NOTE * 1_500_001]]), "1,500,001 notes"),
        (make_midi(0, 480, [[]]) + b"abcd\x00\x00\x00\x04\x00\xff\x2f\x00" * 1_001, "tracks"),
    ],
    ids=["bytes", "tracks", "texts", "notes", "chunks"],
)
def test_files_that_are_too_large_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(SongError, match=why):
        check_midi(data)
