from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from musicvae.compose.performance import reconstruct as module
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.reading.reader import read_song
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song
from musicvae.provenance import read_provenance

Run = Callable[..., Result]


def test_it_is_written_beside_the_song_with_scores(run: Run, model: Path, tune: Callable[..., Song]) -> None:
    write_song(tune(1), Path("song.mid"))
    result = run("reconstruct", "song.mid", "--model", model)
    assert result.exit_code == 0, result.output
    assert read_song("song-reconstructed.mid").meters == tune(1).meters
    assert "of the steps right, onset F1" in result.stderr
    made = read_provenance(Path("song-reconstructed.mid"))
    assert made is not None
    assert made.sources == ("song.mid",)


def test_the_json_has_the_scores(run: Run, model: Path, tune: Callable[..., Song]) -> None:
    write_song(tune(1), Path("song.mid"))
    [piece] = json.loads(run("reconstruct", "song.mid", "--json", "--model", model).stdout)["pieces"]
    assert {"measures", "notes", "step_accuracy", "onset_f1", "note_f1"} <= set(piece)


def test_it_is_as_exact_as_is_asked(
    run: Run, model: Path, tune: Callable[..., Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def say_back(network: MeasureVAE, songs: list[Song], on_progress: object, exact: bool) -> list[Song]:
        asked.append(exact)
        return songs

    monkeypatch.setattr(module, "reconstruct", say_back)
    write_song(tune(1), Path("song.mid"))
    for more in ((), ("--exact", "--force")):
        assert run("reconstruct", "song.mid", "--model", model, *more).exit_code == 0
    assert asked == [False, True]


def test_that_little_of_the_song_comes_back_is_told(run: Run, model: Path, tune: Callable[..., Song]) -> None:
    write_song(tune(1), Path("song.mid"))
    result = run("reconstruct", "song.mid", "--json", "--model", model)
    said = json.loads(result.stdout)
    assert said["said_back"] == {"song.mid": said["pieces"][0]["note_f1"]}
    [doubt] = said["notices"]
    assert doubt in result.stderr.splitlines()
    assert doubt.startswith("song.mid: the model says only part of this song back")


def test_a_dash_reads_and_writes_the_standard_streams(
    run: Run, model: Path, tune: Callable[..., Song], tmp_path: Path
) -> None:
    write_song(tune(1), tmp_path / "song.mid")
    result = run("reconstruct", "-", "-o", "-", "--model", model, input=Path("song.mid").read_bytes())
    assert result.exit_code == 0, result.output
    assert result.stdout_bytes.startswith(b"MThd")


@pytest.mark.parametrize(
    ("part", "meter", "sentence"),
    [
        (Part("drums", is_drums=True), Meter(2, 4), "no notes for the parts of melody"),
        (Part("fiddle"), Meter(4, 4), "the model cannot read measures of 4/4"),
    ],
)
def test_music_that_the_model_was_not_made_for_is_told_in_a_sentence(
    run: Run, model: Path, refused: Callable[[Result], str], part: Part, meter: Meter, sentence: str
) -> None:
    write_song(Song(make_notes([(0, 4, 40, 80, 0)]), (meter,), (part,), Grid(4)), Path("song.mid"))
    assert sentence in refused(run("reconstruct", "song.mid", "--model", model))
    assert not Path("song-reconstructed.mid").exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "standard input: it is empty"), (b"words", "standard input: it is no MIDI file")],
)
def test_standard_input_that_is_no_music_is_told_in_a_sentence(
    run: Run, model: Path, refused: Callable[[Result], str], data: bytes, sentence: str
) -> None:
    assert sentence in refused(run("reconstruct", "-", "-o", "x.mid", "--model", model, input=data))


def test_the_song_that_is_read_is_never_written_over(
    run: Run, model: Path, tune: Callable[..., Song], refused: Callable[[Result], str]
) -> None:
    write_song(tune(1), Path("song.mid"))
    before = Path("song.mid").read_bytes()
    sentence = refused(run("reconstruct", "song.mid", "--out", "song.mid", "--force", "--model", model))
    assert "is the song to be read: name another file to write" in sentence
    assert Path("song.mid").read_bytes() == before
