from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from musicvae_cli.main import app
from musicvae_cli.shell.lazy_commands import LazyCommand


def all_commands() -> dict[str, LazyCommand]:
    """Return every command by what is typed after `musicvae`."""
    program = get_command(app)
    found = {}
    for name, command in program.commands.items():  # type: ignore[attr-defined]
        for inner, each in getattr(command, "commands", {"": command}).items():
            found[f"{name} {inner}".strip()] = each
    return found


COMMANDS = all_commands()


def test_help_lists_every_command() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0, result.output
    assert all(command.split()[0] in result.stdout for command in COMMANDS)


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


@pytest.mark.parametrize(
    "command", ["inspect {}", "continue {} -o out.mid", "generate --model {} out.mid", "images train {}"]
)
def test_a_name_that_is_too_long_for_a_file_is_told_in_a_sentence(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, command.format("x" * 300).split())
    assert result.exit_code == 1
    assert result.stderr.startswith("musicvae: x")
    assert "File name too long" in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_says_what_it_is(name: str) -> None:
    command = COMMANDS[name].loaded
    assert command.help
    assert all(option.help for option in command.params), [option.name for option in command.params]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_list_of_commands_says_the_first_sentence_of_their_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.get_short_help_str(1000) == command.loaded.get_short_help_str(1000)
    assert (command.help or "").rstrip(".") == command.get_short_help_str(1000).rstrip(".")


def modules_after(*statements: str) -> set[str]:
    """Return the modules that a new Python has loaded after some statements."""
    script = "; ".join(("import sys", *statements, "print(*sys.modules)"))
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_no_command_loads_anything_heavy_before_it_begins() -> None:
    modules = {command.loaded.callback.__module__ for command in COMMANDS.values()}
    loaded = modules_after(f"import {', '.join(modules)}")
    assert not {"torch", "numpy", "matplotlib", "symusic", "music21", "PIL"} & loaded


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "empty"),
        ("evaluate", "empty"),
        ("continue", "none.mid"),
        ("interpolate", "none.mid", "none.mid"),
    ],
    ids=" ".join,
)
def test_songs_that_are_not_there_are_told_before_anything_heavy_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    loaded = modules_after("from musicvae_cli.main import app", f"app({[*arguments]}, standalone_mode=False)")
    assert not {"torch", "symusic"} & loaded


def test_the_list_of_commands_imports_none_of_them() -> None:
    loaded = modules_after("from musicvae_cli.main import app", "app(['--help'], standalone_mode=False)")
    assert not [name for name in loaded if name.startswith("musicvae_cli") and ".commands" in name]
    assert "rich" not in loaded
