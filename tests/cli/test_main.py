from __future__ import annotations

import importlib.metadata

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from musicvae_cli.main import app

COMMANDS = [
    *("train", "generate", "continue", "infill", "vary", "interpolate", "reconstruct", "denoise"),
    *("inspect", "plot", "evaluate", "models", "corpus"),
]


def test_help_lists_every_command() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0, result.output
    assert all(command in result.stdout for command in COMMANDS)


def test_the_version_is_that_of_the_package() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0, result.output
    assert result.stdout == f"musicvae {importlib.metadata.version('musicvae')}\n"


@pytest.mark.parametrize(
    "arguments", [["sing"], ["generate"], ["generate", "--n", "0", "out.mid"], ["--loud"]]
)
def test_a_command_line_that_cannot_be_understood_is_a_usage_error(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_says_what_it_is(name: str) -> None:
    group = get_command(app)
    command = group.commands[name]  # type: ignore[attr-defined]
    for each in [command, *getattr(command, "commands", {}).values()]:
        assert each.help
        assert all(option.help for option in each.params), [option.name for option in each.params]
