from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mido
import pytest
from typer.testing import Result

from musicvae.compose.interpolate import Interpolation
from musicvae.midi.reading.reader import read_song
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.song import Grid, Meter, Song
from musicvae.provenance import read_provenance

Run = Callable[..., Result]


@pytest.fixture
def pair(run: Run, tune: Callable[..., Song]) -> None:
    """Write a.mid, four measures of 2/4, and b.mid, two of 3/4."""
    write_song(tune(1, 4), Path("a.mid"))
    write_song(tune(2, 2, Meter(3, 4)), Path("b.mid"))


def markers_of(path: str) -> list[str]:
    return [message.text for message in mido.MidiFile(path).tracks[0] if message.type == "marker"]


@pytest.mark.usefixtures("pair")
def test_a_to_b_is_written_beside_a_with_a_marker_for_each_song(run: Run, model: Path) -> None:
    result = run("interpolate", "a.mid", "b.mid", "--steps", 3, "--model", model)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert markers_of("a-to-b.mid") == ["A", "25% B", "50% B", "75% B", "B"]
    assert read_song("a-to-b.mid", Grid(4)).measures == 5 * 4
    made = read_provenance(Path("a-to-b.mid"))
    assert made is not None
    assert (made.sources, made.seed) == (("a.mid", "b.mid"), None)


@pytest.mark.usefixtures("pair")
def test_what_was_done_to_make_them_meet_is_told(run: Run, model: Path) -> None:
    said = run("interpolate", "a.mid", "b.mid", "--model", model).stderr
    assert "B is repeated over the 4 measures of A" in said
    assert "meters: of A (2/4) until the middle, then of B (3/4)" in said


@pytest.mark.usefixtures("pair")
def test_a_morph_is_one_song(run: Run, model: Path) -> None:
    said = json.loads(
        run("interpolate", "a.mid", "b.mid", "--morph", "-o", "m.mid", "--json", "--model", model).stdout
    )
    assert said["out"] == ["m.mid"]
    assert [(piece["title"], piece["measures"]) for piece in said["pieces"]] == [("A to B", 4)]
    assert read_song("m.mid", Grid(4)).measures == 4


@pytest.mark.usefixtures("pair")
def test_steps_of_a_morph_are_refused(run: Run, model: Path) -> None:
    result = run("interpolate", "a.mid", "b.mid", "--morph", "--steps", 7, "-o", "m.mid", "--model", model)
    assert result.exit_code == 2
    assert "--morph writes one" in " ".join(result.stderr.replace("│", " ").split())
    assert not Path("m.mid").exists()


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("how", [("--steps", 0), ("--morph",)])
def test_how_much_of_the_songs_comes_back_is_told(run: Run, model: Path, how: tuple[object, ...]) -> None:
    result = run("interpolate", "a.mid", "b.mid", *how, "--json", "--model", model)
    assert json.loads(result.stdout)["said_back"].keys() == {"a.mid", "b.mid"}
    for name in ("a.mid", "b.mid"):
        assert f"{name}: the model says only part of this song back" in result.stderr


@pytest.mark.usefixtures("pair")
def test_ends_are_compared_with_what_was_taken_of_the_songs(
    run: Run, model: Path, monkeypatch: pytest.MonkeyPatch, tune: Callable[..., Song]
) -> None:
    a, b = tune(1, 4).opening(3), tune(2, 2, Meter(3, 4))
    repeated = join_songs([b, b.opening(1)], ["", ""])
    found = Interpolation((a, repeated), ("A", "B"), ())
    monkeypatch.setattr("musicvae.compose.interpolate.interpolate", lambda *_: found)
    result = run("interpolate", "a.mid", "b.mid", "--measures", 3, "--json", "--model", model)
    assert json.loads(result.stdout)["said_back"] == {"a.mid": 1.0, "b.mid": 1.0}
    assert "says only part" not in result.stderr


@pytest.mark.usefixtures("pair")
def test_on_the_way_to_a_song_of_other_instruments_these_take_over(
    run: Run, model: Path, tune: Callable[..., Song]
) -> None:
    song = tune(3)
    write_song(replace(song, parts=(replace(song.parts[0], program=73),)), Path("flute.mid"))
    result = run("interpolate", "a.mid", "flute.mid", "--model", model)
    assert result.exit_code == 0, result.output
    assert "instruments: of A until the middle, then of B" in result.stderr
    walk = read_song("a-to-flute.mid", Grid(4))
    assert [part.program for part in walk.parts] == [40, 73]
    first_of_flute = walk.notes["start"][walk.notes["part"] == 1].min()
    assert walk.notes["start"][walk.notes["part"] == 0].max() < first_of_flute


@pytest.mark.usefixtures("pair")
def test_equal_songs_can_be_walked_between(run: Run, model: Path) -> None:
    options = ("--steps", 1, "--natural", 0, "--model", model)
    assert run("interpolate", "a.mid", "a.mid", *options).exit_code == 0
    song = read_song("a-to-a.mid", Grid(4))
    assert song.cut(0, 4).notes.tolist() == song.cut(8, 12).notes.tolist()


@pytest.mark.usefixtures("pair")
def test_a_dash_reads_midi_from_standard_input(run: Run, model: Path) -> None:
    midi = Path("a.mid").read_bytes()
    result = run("interpolate", "-", "b.mid", "--out", "c.mid", "--model", model, input=midi)
    assert result.exit_code == 0, result.output
    assert markers_of("c.mid")[0] == "A"
    assert run("interpolate", "-", "b.mid", "--model", model, input=midi).exit_code == 2
    assert run("interpolate", "-", "-", "--out", "c.mid", "--model", model, input=midi).exit_code == 2


@pytest.mark.usefixtures("pair")
def test_only_the_beginning_may_be_taken(run: Run, model: Path) -> None:
    run("interpolate", "a.mid", "b.mid", "--steps", 1, "--measures", 1, "--model", model)
    assert read_song("a-to-b.mid", Grid(4)).measures == 3


@pytest.mark.usefixtures("pair")
def test_the_middle_may_be_written_freely_and_the_ends_stay(run: Run, model: Path) -> None:
    for name, natural in (("plain.mid", 0), ("free.mid", 0.9)):
        options = ("--steps", 1, "--natural", natural, "--out", name, "--model", model)
        assert run("interpolate", "a.mid", "b.mid", *options).exit_code == 0
    plain, free = (read_song(name, Grid(4)) for name in ("plain.mid", "free.mid"))
    assert plain.cut(0, 4).notes.tolist() == free.cut(0, 4).notes.tolist()
    assert plain.cut(4, 8).notes.tolist() != free.cut(4, 8).notes.tolist()
    assert plain.cut(8, 12).notes.tolist() == free.cut(8, 12).notes.tolist()


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize("natural", ["-0.1", "1.5", "nan"])
def test_a_share_outside_0_to_1_is_a_usage_error(run: Run, model: Path, natural: str) -> None:
    result = run("interpolate", "a.mid", "b.mid", "--natural", natural, "--model", model)
    assert result.exit_code == 2
    assert "it must lie between 0 and 1" in result.stderr


@pytest.mark.usefixtures("pair")
def test_that_the_ends_repeat_the_songs_given_is_no_news(
    run: Run, informed: Path, songs: Path, monkeypatch: pytest.MonkeyPatch, tune: Callable[..., Song]
) -> None:
    found = Interpolation((tune(1), tune(5), tune(2)), ("A", "50% B", "B"), ())
    monkeypatch.setattr("musicvae.compose.interpolate.interpolate", lambda *_: found)
    paths = (songs / "tune-1.mid", songs / "tune-2.mid")
    result = run("interpolate", *paths, "--out", "c.mid", "--json", "--model", informed)
    assert result.exit_code == 0, result.output
    assert [piece["repeats"]["title"] for piece in json.loads(result.stdout)["pieces"]] == [
        *("Tune 1", "Tune 5", "Tune 2")
    ]
    warnings = [line for line in result.stderr.splitlines() if line.startswith("warning")]
    assert warnings == ["warning: 50% B repeats Tune 5 in its measures 1 to 8"]


@pytest.mark.usefixtures("pair")
def test_a_song_that_cannot_be_read_is_told_in_a_sentence(
    run: Run, model: Path, refused: Callable[[Result], str]
) -> None:
    Path("text.mid").write_text("not music")
    assert "text.mid: it is no MIDI file" in refused(
        run("interpolate", "a.mid", "text.mid", "--model", model)
    )
    assert "gone.mid: it cannot be opened" in refused(
        run("interpolate", "gone.mid", "b.mid", "--model", model)
    )
