"""The import table: what each folder of the project may import.

An import goes down the table or sideways inside its own folder, never up. One that the table
forbids is a question of design: think about where the code belongs before growing the table.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Row:
    """What one folder or file may import.

    `project` names rows of the table; `libraries` are third parties; `deferred` are third parties
    that may be imported inside a function, or for type checkers, only. `planned` rows need not exist yet.
    """

    project: frozenset[str]
    libraries: frozenset[str]
    deferred: frozenset[str] = frozenset()
    planned: bool = False


def row(project: str, libraries: str, deferred: str = "", planned: bool = False) -> Row:
    return Row(frozenset(project.split()), frozenset(libraries.split()), frozenset(deferred.split()), planned)


TABLE = {
    "musicvae/errors.py": row("", ""),
    "musicvae/outputs.py": row("errors", ""),
    "musicvae/midi": row("errors outputs", "numpy symusic pretty_midi mido music21"),
    "musicvae/core": row("errors outputs", "torch numpy accelerate safetensors huggingface_hub constriction"),
    "musicvae/images": row("core errors outputs", "torch numpy PIL safetensors", deferred="sklearn"),
    "musicvae/measures": row("midi core errors outputs", "torch numpy safetensors"),
    "musicvae/compose": row("measures midi core errors outputs", "torch numpy", deferred="pretty_midi"),
    "musicvae/evaluate": row(
        "compose measures images midi core errors outputs", "torch numpy sklearn matplotlib PIL"
    ),
    "musicvae/studio": row("compose midi evaluate errors outputs", "fastapi uvicorn", planned=True),
    "musicvae/__init__.py": row("compose evaluate measures midi core errors outputs", ""),
    "cli/musicvae_cli": row(
        "musicvae studio evaluate compose images measures midi core errors outputs",
        "typer rich",
        deferred="torch accelerate",
    ),
}

# Where a class leads people, by a method, to a module that is built on it: (the class's module, that one).
DOORS = (("musicvae.midi.songs.song", "musicvae.midi.saving.pretty"),)

# What makes a command slow to start: none of it may be loaded by `musicvae --help`.
HEAVY = {
    *("torch", "accelerate", "safetensors", "huggingface_hub", "numpy", "scipy", "sklearn", "matplotlib"),
    *("symusic", "mido", "music21", "pretty_midi", "constriction", "PIL"),
}


class Import(NamedTuple):
    """One import of one module: where it stands, what it names, whether it waits for a call."""

    place: str
    module: str
    inside_function: bool
    relative: bool


def imports_of(file: Path) -> list[Import]:
    """Return every import of a file, wherever in it."""
    found: list[Import] = []

    def visit(node: ast.AST, inside: bool) -> None:
        place = f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            found.extend(Import(place, alias.name, inside, False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.extend(Import(place, module, inside, node.level > 0) for module in modules_named_by(node))
        inside = inside or is_deferred(node)
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(ast.parse(file.read_text(encoding="utf-8")), False)
    return found


def modules_named_by(node: ast.ImportFrom) -> list[str]:
    """Return the modules that a "from ... import" names: `from musicvae_cli import options` names options."""
    module = node.module or ""
    folder = (ROOT / "cli" if module.startswith("musicvae_cli") else ROOT) / module.replace(".", "/")
    submodules = [alias.name for alias in node.names if (folder / f"{alias.name}.py").exists()]
    return [f"{module}.{name}" for name in submodules] if len(submodules) == len(node.names) else [module]


def is_deferred(node: ast.AST) -> bool:
    """Say whether what stands within waits: for a call, or for a type checker."""
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def files_of(name: str) -> list[Path]:
    place = ROOT / name
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def all_files() -> list[Path]:
    return [*sorted((ROOT / "musicvae").rglob("*.py")), *sorted((ROOT / "cli").rglob("*.py"))]


def module_of(file: Path) -> str:
    """Return the dotted name under which a file is imported."""
    base = ROOT / "cli" if file.is_relative_to(ROOT / "cli") else ROOT
    parts = file.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_ours(module: str) -> bool:
    return module.split(".")[0] in {"musicvae", "musicvae_cli"}


def row_of(module: str) -> str:
    """Return the row of the table to which a module of the project belongs, by its short name."""
    parts = module.split(".")
    return parts[1] if parts[0] == "musicvae" and len(parts) > 1 else parts[0]


def short(name: str) -> str:
    """Return the short name of a row: `midi` for `musicvae/midi`, `errors` for `musicvae/errors.py`."""
    return Path(name).stem if Path(name).name != "__init__.py" else "musicvae"


def allowed(found: Import, name: str) -> bool:
    rules, library = TABLE[name], found.module.split(".")[0]
    if is_ours(found.module):
        return row_of(found.module) in {short(name), *rules.project}
    if library in sys.stdlib_module_names or library in rules.libraries:
        return True
    return found.inside_function and library in rules.deferred


@pytest.mark.parametrize("name", TABLE)
def test_a_folder_imports_only_what_its_row_allows(name: str) -> None:
    if not files_of(name):
        assert TABLE[name].planned, f"{name} stands in the table but not in the tree"
        pytest.skip(f"{name} is planned")
    refused = [
        f"{found.place} imports {found.module}"
        for file in files_of(name)
        for found in imports_of(file)
        if not found.relative and not allowed(found, name)
    ]
    assert not refused, "\n".join(refused)


def test_every_file_belongs_to_a_row_of_the_table() -> None:
    homeless = {
        str(file.relative_to(ROOT))
        for file in all_files()
        if not any(file == ROOT / name or file.is_relative_to(ROOT / name) for name in TABLE)
    }
    assert not homeless, f"give these a row in the table, or another home: {sorted(homeless)}"


def test_imports_are_absolute_and_name_the_exact_module() -> None:
    ours = {module_of(file): file for file in all_files()}
    vague = [
        f"{found.place} imports {'a relative' if found.relative else 'the folder'} {found.module}"
        for file in all_files()
        for found in imports_of(file)
        if found.relative or (is_ours(found.module) and is_folder(ours.get(found.module)))
    ]
    assert not vague, "\n".join(vague)


def is_folder(file: Path | None) -> bool:
    return file is None or file.name == "__init__.py"


def test_no_modules_need_each_other_in_a_circle() -> None:
    graph = {
        module_of(file): {found.module for found in imports_of(file) if is_ours(found.module)}
        for file in all_files()
    }
    for below, above in DOORS:
        graph[below].remove(above)
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_every_folder_of_code_is_a_package() -> None:
    folders = {file.parent for file in all_files()}
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def test_the_command_line_starts_without_loading_anything_heavy() -> None:
    look = "import sys, musicvae_cli.main; print(*{name.split('.')[0] for name in sys.modules})"
    result = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    loaded = HEAVY.intersection(result.stdout.split())
    assert not loaded, f"import these inside the commands that need them: {sorted(loaded)}"
