from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mido
import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.reading.reader import FileSongs
from musicvae.midi.saving.writer import song_to_bytes
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Meter, Part, Song
from musicvae.sound.song_midi import check_song_midi, music_to_midi

SONG = Song(make_notes([(0, 4, 60, 80, 0)]), (Meter(),), (Part("piano"),))


def test_a_song_becomes_its_midi_file() -> None:
    assert music_to_midi(SONG) == (song_to_bytes(SONG), ())


@pytest.mark.parametrize("name", ["a.mid", "a.txt", "a.abc"])
def test_a_midi_file_keeps_its_touch_pedals_and_bends_whatever_its_name(
    make_midi: Callable[..., bytes], tmp_path: Path, name: str
) -> None:
    played = [
        mido.Message("control_change", control=64, value=90),
        mido.Message("note_on", note=60, velocity=33, time=7),
        mido.Message("pitchwheel", pitch=1000, time=11),
        mido.Message("note_off", note=60, velocity=64, time=13),
    ]
    (tmp_path / name).write_bytes(make_midi(played))
    data, notices = music_to_midi(tmp_path / name)
    (tmp_path / "clean.mid").write_bytes(data)
    [track] = mido.MidiFile(tmp_path / "clean.mid").tracks
    assert [message for message in track if not message.is_meta] == played
    assert notices == ()


def test_of_a_score_it_is_the_first_song_and_what_was_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tunes.abc"
    path.write_text("X:1")
    merged = Notice("notes merged", 1)
    read = FileSongs((SONG, SONG), FileReport(path, "ok", notices=(merged,), songs=2))
    monkeypatch.setattr("musicvae.sound.song_midi.read_with_report", lambda _: read)
    notices = (Notice("songs in the file, of which the first is taken", 2), merged)
    assert music_to_midi(str(path)) == (song_to_bytes(SONG), notices)


def test_what_was_salvaged_is_told(one_note: bytes) -> None:
    claims_two = bytearray(one_note)
    claims_two[11] = 2
    assert check_song_midi(bytes(claims_two), Path("a.mid")).notices == (
        Notice("salvaged", None, ("the header says 2 tracks, there are 1",)),
    )


def test_what_cannot_be_heard_is_told_with_its_name(make_midi: Callable[..., bytes], tmp_path: Path) -> None:
    (tmp_path / "words.mid").write_text("words")
    (tmp_path / "silence.mid").write_bytes(make_midi([]))
    for name, sentence in (
        ("words.mid", "words.mid: it is no MIDI file"),
        ("silence.mid", "silence.mid: no notes"),
        ("none.mid", "none.mid: it cannot be opened"),
    ):
        with pytest.raises(SongError, match=sentence):
            music_to_midi(tmp_path / name)
