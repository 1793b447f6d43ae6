from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import mido
import pytest
from typer.testing import Result

from musicvae.midi.reading import score_file
from musicvae.midi.reading.score_file import parse_score
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.provenance import read_provenance

Run = Callable[..., Result]
EventsOf = Callable[[bytes], list[list[tuple[int, mido.Message]]]]


@pytest.fixture
def song(run: Run, suite: bytes) -> bytes:
    """Return what is in song.mid."""
    Path("song.mid").write_bytes(suite)
    return suite


@pytest.fixture
def scores(run: Run, suite: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one.musicxml hold a piece, and two.abc two of them."""
    piece = parse_midi(suite)
    pieces = {"musicxml": [piece], "abc": [piece, piece]}
    monkeypatch.setattr(score_file, "parse_score", lambda data, kind: pieces[kind])
    for name in ("one.musicxml", "two.abc"):
        Path(name).write_text("a score")


def test_midi_stays_as_it_is_and_says_where_it_came_from(run: Run, song: bytes, events_of: EventsOf) -> None:
    result = run("convert", "song.mid", "out.mid")
    assert (result.exit_code, result.stderr) == (0, "wrote out.mid\n")
    first, *rest = events_of(Path("out.mid").read_bytes())
    said, *others = events_of(song)
    assert rest == others
    assert first[1:] == said
    made = read_provenance(Path("out.mid"))
    assert made is not None
    assert (made.command, made.sources) == ("musicvae convert song.mid OUT", ("song.mid",))


def test_a_score_becomes_midi_in_its_own_parts(run: Run, scores: None, suite: bytes) -> None:
    assert run("convert", "one.musicxml", "out.mid").exit_code == 0
    made, piece = parse_midi(Path("out.mid").read_bytes()), parse_midi(suite)
    assert sorted(made.notes.tolist()) == sorted(piece.notes.tolist())
    assert (made.tracks, made.meters, made.keys) == (piece.tracks, piece.meters, piece.keys)


def test_of_several_tunes_each_is_a_file_of_its_own(run: Run, scores: None) -> None:
    result = run("convert", "two.abc", "out.mid", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"out": ["out-1.mid", "out-2.mid"], "notices": []}
    assert not Path("out.mid").exists()
    assert len(parse_midi(Path("out-2.mid").read_bytes()).notes) > 0


def test_a_dash_reads_and_writes_the_standard_streams(run: Run, song: bytes) -> None:
    result = run("convert", "-", "-", input=song)
    assert result.exit_code == 0, result.output
    assert result.stdout_bytes.startswith(b"MThd")


def test_what_had_to_be_mended_is_told(run: Run, song: bytes) -> None:
    Path("song.mid").write_bytes(song[:-20])
    result = run("convert", "song.mid", "out.mid", "--json")
    assert result.exit_code == 0, result.output
    salvaged, mended = json.loads(result.stdout)["notices"]
    assert salvaged.startswith("song.mid: salvaged: track 8 was read up to its first damaged event")
    assert "its MIDI had to be written anew" in mended
    assert len(parse_midi(Path("out.mid").read_bytes()).notes) > 0


def test_somebody_elses_file_is_replaced_only_by_force(
    run: Run, song: bytes, refused: Callable[[Result], str]
) -> None:
    Path("out.mid").write_bytes(song)
    sentence = refused(run("convert", "song.mid", "out.mid"))
    assert "out.mid exists and was not written by musicvae: use --force or another name" in sentence
    assert Path("out.mid").read_bytes() == song
    assert run("convert", "song.mid", "out.mid", "--force").exit_code == 0
    assert run("convert", "song.mid", "out.mid").exit_code == 0  # it is ours now


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("song.mid", "out.mp3"),
            "out.mp3 would hold MIDI: end its name in .mid, in .musicxml for a score, or",
        ),
        (("song.mid", "song.mid"), "song.mid is the song to be read"),
        (("nowhere.mid", "out.mid"), "nowhere.mid: it cannot be opened: No such file or directory"),
        (("text.mid", "out.mid"), "text.mid: it is no MIDI file"),
        (("song.mid", "nowhere/out.mid"), "cannot write nowhere/out.mid: its folder does not exist"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    run: Run, song: bytes, refused: Callable[[Result], str], arguments: tuple[str, str], sentence: str
) -> None:
    Path("text.mid").write_text("hello")
    assert sentence in refused(run("convert", *arguments))


def test_standard_output_takes_one_tune(run: Run, scores: None) -> None:
    result = run("convert", "two.abc", "-")
    assert result.exit_code == 2
    assert "name a file instead of -" in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize("out", ["out.musicxml", "out.mxl"])
def test_a_name_that_ends_so_makes_a_score(
    run: Run, song: bytes, refused: Callable[[Result], str], out: str
) -> None:
    assert run("convert", "song.mid", out).exit_code == 0
    score, given = parse_score(Path(out).read_bytes(), "musicxml")[0], parse_midi(song)
    assert [track.name for track in score.tracks] == [track.name for track in given.tracks]
    assert len(score.notes) == len(given.notes)
    assert score.key == given.key
    assert "a score may be anybody's work: use --force" in refused(run("convert", "song.mid", out))
    assert run("convert", "song.mid", out, "--force").exit_code == 0


def test_a_score_that_becomes_a_score_loses_nothing_by_way_of_midi(run: Run) -> None:
    Path("song.abc").write_text("X:1\nT:Песня\nM:2/4\nL:1/4\nK:D dor\n{d}DE|FG|\nw: бе-ла-я ночь\n")
    result = run("convert", "song.abc", "out.musicxml", "--json")
    assert result.exit_code == 0, result.output
    score = parse_score(Path("out.musicxml").read_bytes(), "musicxml")[0]
    assert (score.title, score.key) == ("Песня", "D dorian")
    assert [lyric.text for lyric in score.lyrics] == ["бе-", "ла-", "я", "ночь"]
    assert (score.notes["start"] == score.notes["end"]).tolist() == [True] + [False] * 4
    assert json.loads(result.stdout)["notices"] == []
