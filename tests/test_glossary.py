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
PACKAGES = (ROOT / "musicvae", ROOT / "cli" / "musicvae_cli")
TWINS = {"Compressed", "OpenModel", "Score", "TrainingSetup", "Validation"}  # of music and of pictures


def public_classes() -> dict[str, list[str]]:
    """Return the wings of the house in which each public class is defined, such as `measures`."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for file in sorted(package.rglob("*.py")):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].append(file.relative_to(package).parts[0])
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
    wings = HOMES[name]
    assert len(wings) == 1 or (name in TWINS and len(wings) == len(set(wings)))


def named_modules() -> list[tuple[str, str]]:
    """Return the modules that docstrings, comments and documents name, such as `core.paths`, and where."""
    files = [*(file for package in PACKAGES for file in package.rglob("*.py")), *ROOT.glob("docs/*.md")]
    wings = "midi|sound|core|measures|images|compose|evaluate"
    return [
        (name, str(file.relative_to(ROOT)))
        for file in sorted(files)
        for name in re.findall(rf"`(?:musicvae\.)?((?:{wings})(?:\.\w+)+)`", file.read_text(encoding="utf-8"))
    ]


def is_there(name: str) -> bool:
    """Say whether a module or folder of that name exists, or what it may be an attribute of."""
    place = ROOT / "musicvae" / name.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").is_file() or place.parent.with_suffix(".py").is_file()


def test_modules_that_are_named_are_there() -> None:
    assert [found for found in named_modules() if not is_there(found[0])] == []
