from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from musicvae.errors import SongError
from musicvae_cli.shell.errors import ARGUMENTS, Commands, to_command

app = typer.Typer(cls=Commands)


@app.command()
def fail() -> None:
    raise SongError("the song is out of tune: tune it")


@app.command()
def wait() -> None:
    raise KeyboardInterrupt


@app.command()
def echo(context: typer.Context, words: list[str]) -> None:
    typer.echo(to_command(context.meta[ARGUMENTS]))


def test_an_error_is_one_sentence_on_standard_error_and_exit_code_1() -> None:
    result = CliRunner().invoke(app, ["fail"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "musicvae: the song is out of tune: tune it\n"


def test_ctrl_c_is_a_sentence_and_exit_code_130() -> None:
    result = CliRunner().invoke(app, ["wait"])
    assert result.exit_code == 130
    assert result.stderr.startswith("musicvae: interrupted")
    assert len(result.stderr.splitlines()) == 1


def test_the_command_line_can_be_typed_again() -> None:
    assert CliRunner().invoke(app, ["echo", "a b", "c"]).stdout == "musicvae echo 'a b' c\n"


def test_a_fault_of_the_program_is_not_hidden() -> None:
    broken = typer.Typer(cls=Commands)

    @broken.command()
    def divide() -> None:
        raise ZeroDivisionError

    @broken.command()
    def other() -> None: ...

    with pytest.raises(ZeroDivisionError):
        CliRunner().invoke(broken, ["divide"], catch_exceptions=False)
