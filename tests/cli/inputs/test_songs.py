from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import Result

from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song
from musicvae_cli.inputs.songs import name_beside, read_one
from musicvae_cli.shell.options import STANDARD

Run = Callable[..., Result]
BAND = (Part("Kit", is_drums=True), Part("Bass guitar", 33), Part("Strings", 48), Part("Flute", 73))


def write_lines(parts: tuple[Part, ...], path: Path) -> None:
    """Write two measures of 2/4, a line for each part."""
    rows = [(4 * beat, 4, 40 + 10 * part, 80, part) for part in range(len(parts)) for beat in range(4)]
    write_song(Song(make_notes(rows), (Meter(2, 4),) * 2, parts, Grid(4)), path)


@pytest.mark.parametrize(
    ("parts", "ensemble", "taken", "left_out"),
    [
        (BAND, "melody", "1 (Flute as melody)", "3 (Kit, Bass guitar, Strings)"),
        (ENSEMBLES["voices"], "melody", "1 (soprano as melody)", "3 (alto, tenor, bass)"),
        (BAND, "piano", "3 (Bass guitar as piano, Strings as piano, Flute as piano)", "1 (Kit)"),
        (BAND, "voices", "3 (Flute as soprano, Strings as alto, Bass guitar as tenor)", "1 (Kit)"),
    ],
)
def test_the_parts_that_are_taken_and_left_out_are_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    parts: tuple[Part, ...],
    ensemble: str,
    taken: str,
    left_out: str,
) -> None:
    path = tmp_path / "song.mid"
    write_lines(parts, path)
    heard = read_one(path, Grid(4), ensemble)
    assert heard.notices == (f"{path}: tracks taken: {taken}", f"{path}: tracks left out: {left_out}")
    assert capsys.readouterr().err.splitlines() == [*heard.notices]


@pytest.mark.parametrize("parts", [ENSEMBLES["voices"], (Part("fiddle"),)])
def test_where_all_are_taken_nothing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], parts: tuple[Part, ...]
) -> None:
    write_lines(parts, tmp_path / "song.mid")
    assert read_one(tmp_path / "song.mid", Grid(4), "voices").notices == ()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("command", "where"),
    [
        (("continue", "song.mid"), "for the model, not in the file: "),
        (
            ("infill", "song.mid", "--from", 1, "--to", 1, "--candidates", 1),
            "for the model, not in the file: ",
        ),
        (("vary", "song.mid"), ""),
        (("reconstruct", "song.mid"), ""),
        (("interpolate", "song.mid", "song.mid"), ""),
    ],
)
def test_every_command_tells_which_parts_a_model_leaves_out(
    run: Run, model: Path, command: tuple[object, ...], where: str
) -> None:
    write_lines(BAND, Path("song.mid"))
    result = run(*command, "--model", model)
    assert result.exit_code == 0, result.output
    assert f"song.mid: {where}tracks left out: 3 (Kit, Bass guitar, Strings)\n" in result.stderr


def test_an_output_is_named_after_its_song() -> None:
    assert name_beside(Path("songs/air.xml"), "-varied.mid") == Path("songs/air-varied.mid")
    with pytest.raises(typer.BadParameter, match="name the output too"):
        name_beside(STANDARD, "-varied.mid")
