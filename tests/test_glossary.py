"""The glossary in docs/design.md has every public class, and one word means one thing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
WORDS = DESIGN[DESIGN.index("## Words") : DESIGN.index("## Decisions")]
TWINS = {"Compressed", "Score", "TrainingSetup", "Validation"}  # of music and of pictures


def public_classes() -> dict[str, list[str]]:
    """Return the modules in which each public class is defined."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "musicvae").rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(file.relative_to(ROOT)))
    return homes


HOMES = public_classes()


def test_every_public_class_is_in_the_glossary() -> None:
    known = set(re.findall(r"`(\w+)`", WORDS))
    assert sorted(set(HOMES) - known) == []


def test_the_glossary_names_no_class_that_there_is_not() -> None:
    named = {word for word in re.findall(r"`([A-Z]\w+)`", WORDS) if word != "Capitals"}
    assert sorted(named - set(HOMES)) == []


@pytest.mark.parametrize("name", sorted(HOMES))
def test_no_two_classes_have_one_name(name: str) -> None:
    wings = {home.split("/")[1] for home in HOMES[name]}
    assert len(HOMES[name]) == 1 or (name in TWINS and len(wings) == len(HOMES[name]))
