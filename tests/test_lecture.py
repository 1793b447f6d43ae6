"""The lecture is true: its lines of code stand where it says, and what it points to is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from musicvae_cli.main import app

ROOT = Path(__file__).parents[1]
LECTURE = (ROOT / "docs" / "autoencoders.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^musicvae .*$", LECTURE, re.MULTILINE)


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", LECTURE, re.DOTALL))
def test_the_lines_of_code_are_those_of_the_core(block: str) -> None:
    place, _, lines = block.partition("\n")
    source = (ROOT / place.removeprefix("# ")).read_text(encoding="utf-8")
    assert squeezed(lines) in squeezed(source)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_have_the_options_that_are_named(command: str) -> None:
    found: Any = typer.main.get_command(app)
    words = shlex.split(command)[1:]
    while hasattr(found, "commands"):
        found = found.commands[words.pop(0)]
    known = {option for parameter in found.loaded.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("target", re.findall(r"\]\(((?!http)[^)#]+)\)", LECTURE))
def test_what_the_lecture_points_to_is_there(target: str) -> None:
    assert (ROOT / "docs" / target).exists()
