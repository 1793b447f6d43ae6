from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.midi.editing.file_notes import TrackChannel
from musicvae.midi.editing.given_file import open_given
from musicvae.midi.editing.midi_chunks import file_to_bytes
from musicvae.midi.editing.whole_midi import MENDED
from musicvae.midi.reading import score_file
from musicvae.midi.reading.reader import read_song, read_with_report
from musicvae.midi.reading.smf.midi_bytes import make_meta
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.songs.song import Grid

GRID = Grid(4)
FLUTE, RIGHT, LEFT = TrackChannel(1, 0), TrackChannel(2, 1), TrackChannel(3, 1)
BASS, STRINGS, DRUMS = TrackChannel(4, 2), TrackChannel(5, 3), TrackChannel(6, 9)


def _longer(data: bytes, begin: int) -> bytes:
    """Return a MIDI file with the length of its first track, which begins there, put right."""
    end = data.index(b"MTrk", begin)
    return data[: begin - 4] + (end - begin).to_bytes(4, "big") + data[begin:]


@pytest.mark.parametrize(
    ("ensemble", "players"),
    [
        ("melody", [{FLUTE}]),
        ("piano", [{FLUTE, RIGHT, LEFT, BASS, STRINGS}]),
        ("band", [{DRUMS}, {BASS}, {RIGHT, LEFT, STRINGS}, {FLUTE}]),
    ],
)
def test_a_given_file_knows_who_plays_each_part(
    suite: bytes, ensemble: str, players: list[set[TrackChannel]]
) -> None:
    given = open_given(Path("suite.mid"), suite, GRID, ensemble)
    assert [{each.player for each in part} for part in given.played] == players


def test_its_song_is_the_one_that_is_read(suite: bytes, tmp_path: Path) -> None:
    (tmp_path / "suite.mid").write_bytes(suite)
    given = open_given(tmp_path / "suite.mid", suite, GRID, "band")
    assert given.song == read_song(tmp_path / "suite.mid", GRID, "band")
    assert file_to_bytes(given.file) == suite


def test_what_only_the_model_lacks_is_told_as_such(suite: bytes, tmp_path: Path) -> None:
    (tmp_path / "suite.mid").write_bytes(suite)
    report = read_with_report(tmp_path / "suite.mid", GRID, "melody").report
    given = open_given(tmp_path / "suite.mid", suite, GRID, "melody")
    told = [f"for the model, not in the file: {notice}" for notice in report.notices]
    assert [*map(str, given.notices)] == told
    assert any("tracks left out" in sentence for sentence in told)


def test_what_a_file_lost_when_it_was_mended_is_told_outright(suite: bytes) -> None:
    begin = suite.index(b"MTrk") + 8
    impossible = suite[:begin] + make_meta(0, 0x59, b"\x63\x00") + suite[begin:]
    sound = open_given(Path("suite.mid"), _longer(impossible, begin), GRID, "piano").notices
    mended = open_given(Path("suite.mid"), impossible, GRID, "piano").notices
    assert "for the model, not in the file: impossible key signatures ignored: 1" in map(str, sound)
    assert "impossible key signatures ignored: 1" in map(str, mended)
    assert MENDED in mended


def test_of_several_tunes_the_first_is_told_of() -> None:
    tunes = b"X:1\nK:C\nCDEF J|\n\nX:2\nK:C\nCD q EF|\n"
    assert [*map(str, open_given(Path("tunes.abc"), tunes, GRID, "melody").notices)] == [
        "songs in the file, of which the first is taken: 2",
        "signs that are no ABC were skipped: 1 (J)",
    ]


def test_a_score_is_given_as_the_file_that_it_becomes(suite: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    source = parse_midi(suite)
    monkeypatch.setattr(score_file, "parse_score", lambda data, kind: [source])
    given = open_given(Path("suite.musicxml"), b"<score/>", GRID, "band")
    again = parse_midi(file_to_bytes(given.file))
    assert np.array_equal(np.sort(again.notes), np.sort(source.notes))
    assert len(given.file.tracks) == 1 + len(source.tracks)
    assert given.song == open_given(Path("suite.mid"), suite, GRID, "band").song


def test_what_cannot_be_given_is_told_with_the_name_of_the_file(suite: bytes) -> None:
    with pytest.raises(SongError, match="air.mid: it is no MIDI file"):
        open_given(Path("air.mid"), b"hello", GRID, "band")
