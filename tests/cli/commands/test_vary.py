from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import mido
import pytest
from typer.testing import Result

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


def test_variations_follow_one_another_under_markers(run: Run, model: Path, song: Song) -> None:
    result = run("vary", "song.mid", "--amount", 0.5, "--n", 3, "--seed", 1, "--model", model)
    assert result.exit_code == 0, result.output
    track = mido.MidiFile("song-varied.mid").tracks[0]
    markers = [message.text for message in track if message.type == "marker"]
    assert markers == ["variation 1", "variation 2", "variation 3"]
    varied = read_song("song-varied.mid", Grid(4))
    assert (varied.measures, varied.parts[0].program) == (6, 40)
    assert varied.cut(0, 2).notes.tolist() != varied.cut(2, 4).notes.tolist()
    assert "wrote song-varied.mid: 3 x 2 measures, varied by 0.5, seed 1" in result.stderr
    made = read_provenance(Path("song-varied.mid"))
    assert made is not None
    assert (made.seed, made.sources) == (1, ("song.mid",))


def test_four_variations_are_written_if_nothing_is_said(run: Run, model: Path, song: Song) -> None:
    said = json.loads(run("vary", "song.mid", "--json", "--model", model).stdout)
    assert [(piece["title"], piece["measures"]) for piece in said["pieces"]] == [
        (f"variation {number}", 2) for number in range(1, 5)
    ]


def test_an_amount_of_0_says_the_song_back(run: Run, model: Path, song: Song) -> None:
    run("vary", "song.mid", "--amount", 0, "--n", 1, "--model", model)
    run("reconstruct", "song.mid", "--model", model)
    varied, copy = read_song("song-varied.mid", Grid(4)), read_song("song-reconstructed.mid", Grid(4))
    assert varied.notes.tolist() == copy.notes.tolist()


def test_how_much_of_the_song_comes_back_is_told(run: Run, model: Path, song: Song) -> None:
    result = run("vary", "song.mid", "--n", 1, "--json", "--model", model)
    assert 0 <= json.loads(result.stdout)["said_back"]["song.mid"] < 0.8
    assert "song.mid: the model says only part of this song back" in result.stderr


def test_a_new_piece_need_not_keep_to_the_song(run: Run, model: Path, song: Song) -> None:
    result = run("vary", "song.mid", "--n", 1, "--amount", 1, "--json", "--model", model)
    assert "said_back" not in json.loads(result.stdout)
    assert "says only part" not in result.stderr


def test_variations_may_be_files_of_their_own(run: Run, model: Path, song: Song) -> None:
    assert run("vary", "song.mid", "--n", 2, "--separate", "--model", model).exit_code == 0
    assert [read_song(f"song-varied-{number}.mid", Grid(4)).measures for number in (1, 2)] == [2, 2]


def test_a_decoder_that_does_not_hear_the_song_varies_too(run: Run, deaf: Path, song: Song) -> None:
    assert run("vary", "song.mid", "--amount", 1, "--model", deaf).exit_code == 0


def test_a_song_of_one_measure_can_be_varied(run: Run, model: Path, tune: Callable[..., Song]) -> None:
    write_song(tune(1, 1), Path("song.mid"))
    assert run("vary", "song.mid", "--n", 1, "--model", model).exit_code == 0


@pytest.mark.parametrize("amount", ["-0.1", "1.01", "nan", "inf"])
def test_an_amount_outside_0_to_1_is_refused(run: Run, model: Path, song: Song, amount: str) -> None:
    result = run("vary", "song.mid", "--amount", amount, "--model", model)
    assert result.exit_code == 2
    assert "it must lie between 0 and 1" in result.stderr
    assert not Path("song-varied.mid").exists()


def test_that_a_variation_repeats_the_song_given_is_no_news(
    run: Run, informed: Path, songs: Path, monkeypatch: pytest.MonkeyPatch, tune: Callable[..., Song]
) -> None:
    monkeypatch.setattr("musicvae.compose.vary.vary", lambda *_: [tune(1), tune(4)])
    result = run("vary", songs / "tune-1.mid", "--out", "out.mid", "--model", informed)
    assert result.exit_code == 0, result.output
    warnings = [line for line in result.stderr.splitlines() if line.startswith("warning")]
    assert warnings == ["warning: variation 2 repeats Tune 4 in its measures 1 to 8"]
