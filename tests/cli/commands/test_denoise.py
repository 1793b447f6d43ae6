from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from musicvae.compose.denoise import Denoised
from musicvae.compose.repair.changes import Change, NoteAt
from musicvae.midi.reading.reader import read_song
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.song import Grid, Song
from musicvae.provenance import read_provenance

Run = Callable[..., Result]


@pytest.fixture
def song(run: Run, tune: Callable[..., Song]) -> Song:
    """Return what is in song.mid: two measures of 2/4."""
    write_song(tune(1, 2), Path("song.mid"))
    return tune(1, 2)


@pytest.fixture
def two_changes(monkeypatch: pytest.MonkeyPatch, tune: Callable[..., Song]) -> None:
    """Have another tune come of every song, by two changes."""
    was, now = NoteAt(1, 1.5, "melody", 60, 0.5), NoteAt(1, 1.5, "melody", 61, 0.5)
    changes = (Change(was, now), Change(None, NoteAt(2, 1.0, "melody", 67, 1.0)))
    monkeypatch.setattr("musicvae.compose.denoise.denoise", lambda *_: Denoised(tune(2, 2), changes))


def test_a_song_is_put_right_beside_itself(run: Run, model: Path, song: Song) -> None:
    result = run("denoise", "song.mid", "--amount", 0.2, "--model", model)
    assert result.exit_code == 0, result.output
    clean = read_song("song-denoised.mid", Grid(4))
    assert (clean.meters, clean.parts[0].program) == (song.meters, 40)
    assert "wrote song-denoised.mid: " in result.stderr
    assert "changes to 8 notes in 2 measures" in result.stderr
    made = read_provenance(Path("song-denoised.mid"))
    assert made is not None
    assert (made.command.split()[1:5], made.sources) == (
        ["denoise", "song.mid", "--amount", "0.2"],
        ("song.mid",),
    )


def test_what_was_changed_is_printed(run: Run, model: Path, song: Song, two_changes: None) -> None:
    lines = run("denoise", "song.mid", "--model", model).stdout.splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "measure beat part what from to",
        "1 1.5 melody repitched C4 at 1:1.5 for 0.5 C♯4 at 1:1.5 for 0.5",
        "2 1.0 melody added G4 at 2:1 for 1",
    ]


def test_json_tells_every_change(run: Run, model: Path, song: Song, two_changes: None) -> None:
    [piece] = json.loads(run("denoise", "song.mid", "--json", "--model", model).stdout)["pieces"]
    assert piece["amount"] == 0.1
    assert [(change["what"], change["from"], change["to"]) for change in piece["changes"]] == [
        ("repitched", "C4 at 1:1.5 for 0.5", "C♯4 at 1:1.5 for 0.5"),
        ("added", None, "G4 at 2:1 for 1"),
    ]


def test_where_the_song_goes_to_standard_output_the_changes_do_not(
    run: Run, model: Path, song: Song, two_changes: None
) -> None:
    result = run("denoise", "song.mid", "--out", "-", "--model", model)
    assert result.stdout_bytes.startswith(b"MThd")
    assert "2 1.0 melody added G4 at 2:1 for 1" in result.stderr


def test_an_amount_of_0_changes_nothing(run: Run, model: Path, song: Song) -> None:
    result = run("denoise", "song.mid", "--amount", 0, "--model", model)
    assert (result.exit_code, result.stdout) == (0, "")
    assert read_song("song-denoised.mid", Grid(4)).notes.tolist() == song.notes.tolist()


@pytest.mark.parametrize("amount", ["-0.1", "1.01", "nan"])
def test_an_amount_outside_0_to_1_is_refused(run: Run, model: Path, song: Song, amount: str) -> None:
    result = run("denoise", "song.mid", "--amount", amount, "--model", model)
    assert result.exit_code == 2
    assert "it must lie between 0 and 1" in result.stderr
    assert not Path("song-denoised.mid").exists()


def test_a_decoder_that_does_not_hear_the_song_is_refused(
    run: Run, deaf: Path, song: Song, refused: Callable[[Result], str]
) -> None:
    assert "one that hears the song" in refused(run("denoise", "song.mid", "--model", deaf))


def test_what_somebody_else_wrote_is_not_replaced(
    run: Run, model: Path, song: Song, refused: Callable[[Result], str], tune: Callable[..., Song]
) -> None:
    write_song(tune(3, 1), Path("song-denoised.mid"))
    assert "song-denoised.mid" in refused(run("denoise", "song.mid", "--model", model))
    assert run("denoise", "song.mid", "--force", "--model", model).exit_code == 0
