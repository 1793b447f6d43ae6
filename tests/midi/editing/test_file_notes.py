from __future__ import annotations

from musicvae.midi.editing.file_notes import FileNote, TrackChannel, find_notes
from musicvae.midi.editing.track_events import parse_events

END = b"\x00\xff\x2f\x00"


def notes_of(*tracks: bytes) -> list[FileNote]:
    return find_notes(parse_events(track + END) for track in tracks)


def test_a_note_knows_the_events_that_make_it() -> None:
    tracks = (b"\x00\xff\x05\x02la" + b"\x05\x93\x3c\x40" + b"\x60\x83\x3c\x11", b"")
    assert notes_of(*tracks) == [FileNote(TrackChannel(0, 3), 60, 64, 5, 101, 1, 2)]
    assert notes_of(*reversed(tracks))[0].player == TrackChannel(1, 3)


def test_a_note_may_be_ended_by_velocity_0_and_by_running_status() -> None:
    [note] = notes_of(b"\x00\x90\x3c\x40" + b"\x60\x3c\x00")
    assert (note.start, note.end) == (0, 96)


def test_of_notes_of_one_pitch_that_overlap_the_first_to_begin_is_the_first_to_end() -> None:
    twice = b"\x00\x90\x3c\x40" + b"\x0a\x3c\x50"
    [first, second] = notes_of(twice + b"\x0a\x3c\x00" + b"\x0a\x3c\x00")
    assert (first.start, first.end, first.velocity, first.off) == (0, 20, 64, 2)
    assert (second.start, second.end, second.velocity, second.off) == (10, 30, 80, 3)


def test_channels_are_told_apart() -> None:
    on = b"\x00\x90\x3c\x40" + b"\x00\x91\x3c\x40"
    ends = [note.end for note in notes_of(on + b"\x0a\x81\x3c\x00" + b"\x0a\x80\x3c\x00")]
    assert ends == [20, 10]


def test_a_note_that_nothing_ends_has_no_end_and_an_end_of_nothing_is_no_note() -> None:
    [note] = notes_of(b"\x00\x80\x40\x00" + b"\x00\x90\x3c\x40")
    assert (note.end, note.off) == (None, None)
