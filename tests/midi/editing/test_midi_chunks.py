from __future__ import annotations

import pytest

from musicvae.midi.editing.midi_chunks import file_to_bytes, put_together, take_apart
from musicvae.midi.editing.track_events import Rank, TrackChanges
from musicvae.midi.reading.smf.midi_bytes import make_chunk, make_header
from musicvae.midi.reading.smf.midi_numbers import CONTROL

END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40" + b"\x60\x80\x3c\x00" + END
# A delta longer than it need be, and notes after a text: bytes that no writer of ours would write.
ODD = b"\x80\x00\xff\x01\x00" + NOTE
STRANGE = make_chunk(b"XFIH", b"\x00\xff\x01\x02ab")
FILE = make_header(1, 2, 96) + make_chunk(b"MTrk", ODD) + STRANGE + make_chunk(b"MTrk", NOTE) + b"tail"


def loud() -> TrackChanges:
    changes = TrackChanges()
    changes.add(Rank.FIRST, 0, CONTROL, b"\x07\x64")
    return changes


def test_a_file_without_changes_stays_byte_for_byte() -> None:
    assert file_to_bytes(take_apart(FILE)) == FILE


def test_tracks_without_changes_other_chunks_and_the_tail_stay_byte_for_byte() -> None:
    changed = put_together(take_apart(FILE), [TrackChanges(), loud()])
    same = FILE.index(NOTE, FILE.index(STRANGE))
    assert changed[: same - 4] == FILE[: same - 4]
    assert changed[same:] == b"\x00\xb0\x07\x64" + NOTE + b"tail"


def test_new_tracks_stand_after_the_last_one_and_are_counted() -> None:
    changed = put_together(take_apart(FILE), [TrackChanges(), TrackChanges(), loud()])
    header, rest = changed[:14], changed[14:]
    assert header == make_header(1, 3, 96)
    assert rest == FILE[14:-4] + make_chunk(b"MTrk", b"\x00\xb0\x07\x64" + END) + b"tail"


def test_a_header_longer_than_usual_stays() -> None:
    header = b"MThd" + (8).to_bytes(4) + b"\x00\x00\x00\x01\x00\x60" + b"\x12\x34"
    data = header + make_chunk(b"MTrk", NOTE)
    assert file_to_bytes(take_apart(data)) == data


@pytest.mark.parametrize(("kind", "tracks", "is_one"), [(0, 1, True), (1, 1, False), (0, 2, False)])
def test_only_a_file_of_type_0_has_one_track_for_all(kind: int, tracks: int, is_one: bool) -> None:
    data = make_header(kind, tracks, 96) + make_chunk(b"MTrk", NOTE) * tracks
    assert take_apart(data).has_one_track == is_one


@pytest.mark.parametrize(
    "data",
    [
        make_header(1, 2, 96) + make_chunk(b"MTrk", NOTE),
        make_header(1, 1, 96) + make_chunk(b"MTrk", NOTE)[:-2],
        make_header(1, 1, 96) + make_chunk(b"MTrk", NOTE[:2]),
    ],
)
def test_a_file_that_is_not_sound_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="the header says|cannot be read"):
        take_apart(data)
