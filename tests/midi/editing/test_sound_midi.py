from __future__ import annotations

import pytest

from musicvae.errors import SongError
from musicvae.midi.editing.midi_chunks import file_to_bytes
from musicvae.midi.editing.sound_midi import MENDED, make_all_sound, make_sound
from musicvae.midi.reading import score_file
from musicvae.midi.reading.smf.midi_bytes import make_header, make_meta, make_midi
from musicvae.midi.reading.smf.midi_file import parse_midi

NOTE = b"\x00\x90\x3c\x40" + b"\x60\x80\x3c\x00"
LYRIC = make_meta(0, 5, b"la")
IMPOSSIBLE_KEY = make_meta(0, 0x59, b"\x63\x00")
SOUND = make_midi(1, 96, [[LYRIC, IMPOSSIBLE_KEY], [NOTE]])


def test_a_sound_file_stays_byte_for_byte_whatever_its_events_say() -> None:
    file, notices = make_sound(SOUND)
    assert (file_to_bytes(file), notices) == (SOUND, ())


def test_a_file_comes_out_of_riff_and_macbinary() -> None:
    data = b"data" + len(SOUND).to_bytes(4, "little") + SOUND
    riff = b"RIFF" + (4 + len(data)).to_bytes(4, "little") + b"RMID" + data + b"LIST\x04\x00\x00\x00abcd"
    assert file_to_bytes(make_sound(riff).file) == SOUND
    assert file_to_bytes(make_sound(b"\x00" * 128 + SOUND).file) == SOUND


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
    file, notices = make_sound(data)
    assert notices == (MENDED,)
    made = file_to_bytes(file)
    assert [tuple(note) for note in parse_midi(made).notes] == [
        tuple(note) for note in parse_midi(data).notes
    ]


def test_what_is_no_midi_file_is_refused() -> None:
    with pytest.raises(SongError, match="no MIDI file"):
        make_all_sound(b"hello")
    with pytest.raises(SongError, match="no notes"):
        make_all_sound(make_midi(1, 96, [[LYRIC]]))


def test_damage_is_told() -> None:
    [sound] = make_all_sound(SOUND[:-6])
    assert str(sound.notices[0]).startswith("salvaged: track 2 was read up to its first damaged event")
    assert make_all_sound(SOUND)[0].notices == ()


def test_every_tune_of_a_score_becomes_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    tune = parse_midi(SOUND)
    monkeypatch.setattr(score_file, "parse_score", lambda data, kind: [tune, tune])
    files = make_all_sound(b"X:1", ".abc")
    assert [len(parse_midi(file_to_bytes(file)).notes) for file, _ in files] == [1, 1]
