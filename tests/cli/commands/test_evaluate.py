from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import Result

from musicvae.evaluate.music import comparison
from musicvae.evaluate.music import reconstruction as module
from musicvae.measures.network.model import MeasureVAE
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


def test_songs_are_said_back_as_exactly_as_is_asked(
    run: Run, songs: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def say_back(
        network: MeasureVAE, songs: list[Song], codes: object, on: object, exact: bool
    ) -> list[Song]:
        asked.append(exact)
        return songs

    monkeypatch.setattr(module, "say_back", say_back)
    for more in ((), ("--exact",)):
        assert run("evaluate", songs, "--model", model, *more).exit_code == 0
    assert asked == [False, True]


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


@pytest.fixture
def samples(run: Run, model: Path) -> Path:
    """Return a file of three pieces of eight measures."""
    result = run(
        "generate", "made.mid", "--n", 3, "--measures", 8, "--meter", "2/4", "--seed", 1, "--model", model
    )
    assert result.exit_code == 0, result.output
    return Path("made.mid")


def test_samples_are_told_beside_songs_as_json(run: Run, songs: Path, informed: Path, samples: Path) -> None:
    result = run("evaluate", songs, "--samples", samples, "--model", informed, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert (said["samples"]["pieces"], said["songs"]["pieces"]) == (3, 6)
    assert said["songs"]["notes_per_measure"] == 4
    assert said["songs"]["copies"] == {"known": 6, "windows": 6, "share": 1.0}
    assert 0 <= said["overlap"]["mean"] <= 1
    assert said["learned"] == 6
    assert "warning: the model was trained on 6 of these 6 songs" in result.stderr


def test_what_samples_do_not_have_is_null(
    run: Run, songs: Path, model: Path, tune: Callable[..., Song]
) -> None:
    one = tune(1)
    write_song(replace(one, notes=one.notes[:1]), Path("one.mid"))  # a note has no interval
    result = run("evaluate", songs, "--samples", "one.mid", "--model", model, "--json")
    said = json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert said["samples"]["mean_interval"] is None
    assert said["samples"]["copies"] is None


def test_people_see_samples_and_songs_side_by_side(
    run: Run, songs: Path, informed: Path, samples: Path
) -> None:
    result = run("evaluate", songs, "--samples", samples, "--model", informed)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[:2] == [["samples", "songs"], ["pieces", "3", "6"]]
    assert [line[0] for line in lines if line[-1] == "100.0%"] == ["copied"]
    assert lines[-1][0] == "mean"


def test_samples_too_short_for_copies_show_a_dash_for_them(
    run: Run, songs: Path, informed: Path, tune: Callable[..., Song]
) -> None:
    write_song(tune(1, 4), Path("short.mid"))
    result = run("evaluate", songs, "--samples", "short.mid", "--model", informed)
    assert result.exit_code == 0, result.output
    [copied] = [line.split() for line in result.stdout.splitlines() if line.startswith("copied")]
    assert copied[-2:] == ["-", "100.0%"]


def test_an_overlap_of_some_of_many_songs_is_said_to_be_that(
    run: Run, songs: Path, model: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "MOST_OVERLAPPED", 4)
    result = run("evaluate", songs, "--samples", samples, "--model", model, "--json")
    assert "songs: 6, 4 drawn for the overlap\n" in result.stderr
    assert "samples: 3\n" in result.stderr
    said = json.loads(result.stdout)
    assert (said["samples"]["overlap_of"], said["songs"]["overlap_of"]) == (3, 4)


def test_samples_may_be_a_folder_and_files(run: Run, songs: Path, model: Path, samples: Path) -> None:
    more = ("--samples", samples, "--samples", songs, "--samples", songs / "tune-1.mid")
    result = run("evaluate", songs, *more, "--model", model, "--json")
    assert json.loads(result.stdout)["samples"]["pieces"] == 3 + 6


def test_nothing_is_said_back_exactly_beside_samples(
    run: Run, songs: Path, model: Path, samples: Path
) -> None:
    result = run("evaluate", songs, "--samples", samples, "--model", model, "--exact")
    assert result.exit_code == 2
    assert "--exact is for saying SONGS back" in result.stderr


def test_samples_that_cannot_be_compared_are_refused(
    run: Run, songs: Path, model: Path, samples: Path, refused: Callable[[Result], str]
) -> None:
    def said(*arguments: object) -> str:
        return refused(run("evaluate", *arguments, "--model", model))

    Path("bad.mid").write_text("words")
    assert "there is no nowhere" in said(songs, "--samples", "nowhere")
    assert "there is no sample that can be read" in said(songs, "--samples", "bad.mid")
    assert "1 of the 1 songs have the 8 measures" in said(songs / "tune-1.mid", "--samples", samples)
    assert "every file there was written by musicvae itself" in said(samples, "--samples", samples)
    assert "there is no song here" in said("bad.mid", "--samples", samples)
