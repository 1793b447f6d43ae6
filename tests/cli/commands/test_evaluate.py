from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.song import Meter, Song

Run = Callable[..., Result]


def test_the_json_has_the_figures_of_a_model_on_songs(run: Run, songs: Path, model: Path) -> None:
    result = run("evaluate", songs, "--model", model, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert (said["songs"], said["measures"]) == (6, 48)
    figures = {"step_accuracy", "onset_f1", "note_f1", "rate_nats", "distortion_nats", "elbo_nats_per_step"}
    assert {*figures, "active_units"} <= set(said)


def test_people_see_a_table(run: Run, songs: Path, model: Path) -> None:
    result = run("evaluate", songs, "--model", model)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0].split() == ["songs", "6"]


def test_songs_that_the_model_cannot_read_are_left_out(
    run: Run, songs: Path, model: Path, tune: Callable[..., Song], refused: Callable[[Result], str]
) -> None:
    write_song(tune(1, 8, Meter(4, 4)), Path("long.mid"))
    result = run("evaluate", songs, "long.mid", "--model", model, "--json")
    assert json.loads(result.stdout)["songs"] == 6
    assert "left out: 1 songs with measures longer than the model's longest" in result.stderr
    assert "no song here that the model can read" in refused(run("evaluate", "long.mid", "--model", model))


def test_songs_that_the_model_was_trained_on_are_worth_a_warning(
    run: Run, songs: Path, informed: Path, model: Path, tune: Callable[..., Song]
) -> None:
    write_song(tune(9), Path("other.mid"))
    result = run(
        "evaluate", songs / "tune-1.mid", songs / "tune-2.mid", "other.mid", "--json", "--model", informed
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["learned"] == 2
    assert "warning: the model was trained on 2 of these 3 songs, or on copies of them" in result.stderr
    unknown = run("evaluate", songs, "--json", "--model", model)
    assert json.loads(unknown.stdout)["learned"] is None
    assert "warning" not in unknown.stderr


def test_broken_files_are_told(run: Run, songs: Path, model: Path) -> None:
    Path("bad.mid").write_text("words")
    said = run("evaluate", "bad.mid", songs, "--model", model, "--json")
    assert said.exit_code == 0, said.output
    assert "rejected: bad.mid: it is no MIDI file" in said.stderr
