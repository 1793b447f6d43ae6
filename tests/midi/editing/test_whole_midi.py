from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.midi.editing.whole_midi import (
    MENDED,
    WholeMidi,
    make_first_whole,
    make_whole,
    read_whole,
)
from musicvae.midi.reading import score_file
from musicvae.midi.reading.smf.midi_bytes import make_header, make_meta, make_midi
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.songs.notices import Notice, tell_others
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import SOURCE_NOTE, Source

NOTE = b"\x00\x90\x3c\x40" + b"\x60\x80\x3c\x00"
LYRIC = make_meta(0, 5, b"la")
IMPOSSIBLE_KEY = make_meta(0, 0x59, b"\x63\x00")
SOUND = make_midi(1, 96, [[LYRIC, IMPOSSIBLE_KEY], [NOTE]])


def whole(data: bytes) -> WholeMidi:
    [midi] = make_whole(Path("a.mid"), data)
    return midi


def test_a_sound_file_stays_byte_for_byte_whatever_its_events_say() -> None:
    assert (whole(SOUND).data, whole(SOUND).notices) == (SOUND, ())


def test_a_file_comes_out_of_riff_and_macbinary() -> None:
    data = b"data" + len(SOUND).to_bytes(4, "little") + SOUND
    riff = b"RIFF" + (4 + len(data)).to_bytes(4, "little") + b"RMID" + data + b"LIST\x04\x00\x00\x00abcd"
    assert whole(riff).data == SOUND
    assert whole(b"\x00" * 128 + SOUND).data == SOUND


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(SOUND[:-6], id="cut off"),
        pytest.param(make_header(1, 5, 96) + SOUND[14:], id="false count of tracks"),
        pytest.param(SOUND.replace(b"MTrk", b"MTrX"), id="damaged name"),
        pytest.param(SOUND.replace(b"\x60\x80\x3c\x00", b"\x60\x80\x3c\xff"), id="value above 127"),
        pytest.param(make_header(2, 2, 96) + SOUND[14:], id="type 2"),
    ],
)
def test_what_must_be_mended_is_and_that_is_told(data: bytes) -> None:
    midi = whole(data)
    assert MENDED in midi.notices
    made = midi.data
    assert [tuple(note) for note in parse_midi(made).notes] == [
        tuple(note) for note in parse_midi(data).notes
    ]


@pytest.mark.parametrize(
    ("data", "why"), [(b"hello", "it is no MIDI file"), (make_midi(1, 96, [[LYRIC]]), "no notes")]
)
def test_what_cannot_be_used_is_told_with_its_name(tmp_path: Path, data: bytes, why: str) -> None:
    with pytest.raises(SongError, match=f"^words.mid: {why}"):
        make_whole(Path("words.mid"), data)
    (tmp_path / "words.mid").write_bytes(data)
    with pytest.raises(SongError, match=f"words.mid: {why}"):
        read_whole(tmp_path / "words.mid")


def test_a_file_that_is_not_there_is_told_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(SongError, match=r"none\.mid: it cannot be opened"):
        read_whole(tmp_path / "none.mid")


def test_damage_is_told() -> None:
    assert str(whole(SOUND[:-6]).notices[0]).startswith("salvaged: track 2 was read up to its first damaged")
    assert whole(SOUND).notices == ()


@pytest.fixture
def tunes(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let an ABC file hold two tunes, the first with a note that lies on no usual grid."""
    notes = np.array([(0, 37, 60, 80, 0)], SOURCE_NOTE)
    first = Source(notes, (Part("a"),), 480, is_barred=True, notices=(Notice("a guess"),))
    monkeypatch.setattr(score_file, "parse_score", lambda data, kind: [first, parse_midi(SOUND)])
    return Path("two.abc")


def test_every_tune_of_a_score_becomes_a_file(tunes: Path) -> None:
    assert [len(parse_midi(midi.data).notes) for midi in make_whole(tunes, b"X:1")] == [1, 1]


def test_of_several_tunes_the_first_is_taken_exactly_and_that_is_told(tunes: Path) -> None:
    midi = make_first_whole(tunes, b"X:1")
    assert parse_midi(midi.data).notes.tolist() == [(0, 37, 60, 80, 0)]
    assert midi.notices == (*tell_others(2), Notice("a guess"))
