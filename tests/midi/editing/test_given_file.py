from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.midi.editing.file_notes import TrackChannel
from musicvae.midi.editing.given_file import open_given
from musicvae.midi.editing.midi_chunks import file_to_bytes
from musicvae.midi.reading import score_file
from musicvae.midi.reading.reader import read_with_report, take_first
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.songs.song import Grid

GRID = Grid(4)
FLUTE, RIGHT, LEFT = TrackChannel(1, 0), TrackChannel(2, 1), TrackChannel(3, 1)
BASS, STRINGS, DRUMS = TrackChannel(4, 2), TrackChannel(5, 3), TrackChannel(6, 9)


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
    assert given.players == set().union(*players)


def test_its_song_is_the_one_that_is_read(suite: bytes, tmp_path: Path) -> None:
    (tmp_path / "suite.mid").write_bytes(suite)
    given = open_given(tmp_path / "suite.mid", suite, GRID, "band")
    song, report = take_first(read_with_report(tmp_path / "suite.mid", GRID, "band"))
    assert given.song == song
    assert given.notices == report.notices
    assert file_to_bytes(given.file) == suite


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
