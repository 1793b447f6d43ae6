"""The import table: what each folder of the project may import.

The rows stand in the order of the house, the lowest first. A folder imports from itself and from those that
its row names, as far as they stand above it in the table: so nothing is imported upwards, and no two folders
need each other. An import that the table forbids is a question of design: think about where the
code belongs before growing the table.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Row:
    """What the modules of one folder (not those of its subfolders), or one file, may import.

    `project` names rows of the table, or whole wings: `midi` is all rows whose names begin with `midi/`, and
    `midi` itself. `libraries` are third parties; `deferred` are third parties that may be imported inside a
    function, or for type checkers, only. `planned` rows need not exist yet.
    """

    project: frozenset[str]
    libraries: frozenset[str]
    deferred: frozenset[str] = frozenset()
    planned: bool = False


def row(project: str, libraries: str = "", deferred: str = "", planned: bool = False) -> Row:
    return Row(frozenset(project.split()), frozenset(libraries.split()), frozenset(deferred.split()), planned)


GROUND = "errors outputs provenance"
CLI = "cli/shell cli/inputs cli/outputs cli/training"

TABLE = {
    "errors": row(""),
    "outputs": row("errors"),
    "provenance": row("errors outputs"),
    # Music without torch.
    "midi/songs": row("errors", "numpy"),
    "midi/arranging": row("midi/songs errors", "numpy"),
    "midi/likeness": row("midi/songs errors provenance", "numpy"),
    "midi/form": row("midi/songs errors", "numpy"),
    "midi/reading/smf": row("midi/songs errors", "numpy symusic charset_normalizer"),
    "midi/reading/scores": row("midi/songs errors", "numpy"),
    "midi/reading/scores/abc": row("midi/reading/scores midi/songs errors"),
    "midi/reading/scores/humdrum": row("midi/reading/scores midi/songs errors"),
    "midi/reading/scores/musicxml/document": row("midi/reading/scores midi/songs errors"),
    "midi/reading/scores/musicxml": row(
        "midi/reading/scores midi/reading/scores/musicxml/document midi/songs errors"
    ),
    "midi/reading": row(
        "midi/reading/smf midi/reading/scores midi/reading/scores/abc midi/reading/scores/humdrum "
        "midi/reading/scores/musicxml midi/arranging midi/songs errors provenance",
        "numpy",
    ),
    "midi/saving/notation": row("midi/songs errors", "numpy"),
    "midi/saving": row(
        f"midi/saving/notation midi/reading/smf midi/reading midi/arranging midi/songs {GROUND}",
        "numpy pretty_midi",
    ),
    "midi/editing": row(
        "midi/saving midi/reading/smf midi/reading midi/arranging midi/songs errors provenance", "numpy"
    ),
    "midi/corpora": row(f"midi {GROUND}", "numpy music21"),
    # Songs made audible, without torch.
    "sound": row(
        f"midi {GROUND}",
        "numpy mido symusic",
        deferred="midirenderer soundfile sounddevice",
    ),
    # torch without music.
    "core": row("errors", "torch"),
    "core/training": row("core errors", "torch accelerate"),
    "core/model_store": row("core errors outputs", "torch numpy safetensors", deferred="huggingface_hub"),
    "core/compression": row("core core/model_store errors outputs", "torch numpy constriction"),
    # Two models on both.
    "images/data": row("core errors outputs", "torch numpy PIL", deferred="sklearn"),
    "images": row("images/data core errors outputs", "torch numpy safetensors"),
    "measures/data": row("core midi errors outputs", "torch numpy safetensors"),
    "measures/preparing": row("measures/data midi errors outputs", "numpy"),
    "measures/rolls": row("measures/data core midi/songs", "torch"),
    "measures/network": row("measures/rolls measures/data core midi/songs errors", "torch"),
    "measures/writing": row("measures/network measures/data core midi errors", "torch numpy"),
    "measures/folder": row(
        "measures/network measures/data core midi errors outputs", "torch numpy safetensors"
    ),
    "measures": row("measures core midi errors outputs", "torch numpy"),
    # What they are for.
    "compose/performance": row("measures core midi errors", "torch numpy", deferred="pretty_midi"),
    "compose/repair": row("measures core midi errors", "torch numpy"),
    "compose/compression": row("compose/performance measures core midi errors", "torch numpy"),
    "compose": row(f"compose measures core midi {GROUND}", "torch numpy", deferred="pretty_midi"),
    "evaluate": row(f"core {GROUND}", deferred="torch"),
    "evaluate/drawing": row(f"images/data midi {GROUND}", "numpy matplotlib PIL"),
    "evaluate/images": row(f"evaluate images core {GROUND}", "torch numpy sklearn"),
    "evaluate/music": row(f"evaluate compose measures core midi {GROUND}", "torch numpy"),
    "studio": row(f"evaluate compose midi {GROUND}", "fastapi uvicorn", planned=True),
    "musicvae": row(f"evaluate/drawing compose measures sound midi {GROUND}"),
    # The command line.
    "cli/shell": row("musicvae errors outputs", "typer", deferred="rich torch"),
    "cli/inputs": row(f"cli/shell compose measures core sound midi {GROUND}", "typer"),
    "cli/outputs": row(f"cli/shell cli/inputs evaluate core sound midi {GROUND}", "typer"),
    "cli/training": row(f"cli/shell cli/inputs evaluate measures core {GROUND}", "typer rich"),
    "cli/images": row(f"{CLI} evaluate images core {GROUND}", "typer"),
    "cli/images/commands": row(
        f"{CLI} cli/images evaluate images core {GROUND}", "typer", deferred="torch accelerate"
    ),
    "cli/commands/sound": row(f"cli/shell cli/inputs cli/outputs sound {GROUND}", "typer"),
    "cli/commands/editing": row(f"cli/shell cli/inputs cli/outputs compose measures midi {GROUND}", "typer"),
    "cli/commands": row(
        f"{CLI} studio evaluate compose measures core sound midi {GROUND}",
        "typer",
        deferred="torch accelerate",
    ),
    "cli": row("cli errors", "typer"),
}

# What makes a command slow to start: none of it may be loaded by `musicvae --help`.
HEAVY = {
    *("torch", "accelerate", "safetensors", "huggingface_hub", "numpy", "scipy", "sklearn", "matplotlib"),
    *("symusic", "mido", "music21", "pretty_midi", "constriction", "PIL", "charset_normalizer"),
    *("midirenderer", "soundfile", "sounddevice", "rtmidi"),
}


class Import(NamedTuple):
    """One import of one module: where it stands, what it names, whether it waits for a call."""

    place: str
    module: str
    inside_function: bool
    relative: bool


@cache
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


def all_files() -> list[Path]:
    return [*sorted((ROOT / "musicvae").rglob("*.py")), *sorted((ROOT / "cli").rglob("*.py"))]


def module_of(file: Path) -> str:
    """Return the dotted name under which a file is imported."""
    base = ROOT / "cli" if file.is_relative_to(ROOT / "cli") else ROOT
    parts = file.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): file for file in all_files()}


def is_ours(module: str) -> bool:
    return module.split(".")[0] in {"musicvae", "musicvae_cli"}


def row_of(module: str) -> str:
    """Return the row of the table to which a module of the project belongs: its folder, or its own."""
    parts = ["cli" if part == "musicvae_cli" else part for part in module.split(".")]
    parts = parts[1:] if parts[0] == "musicvae" and len(parts) > 1 else parts
    is_package = module in MODULES and is_folder(MODULES[module])
    folder = parts if is_package or len(parts) == 1 else parts[:-1]
    return "/".join(folder)


def named_by(name: str) -> set[str]:
    """Return the rows that a word of the table stands for: the row itself, and those of its wing."""
    return {other for other in TABLE if other == name or other.startswith(f"{name}/")}


def rows_below(name: str) -> set[str]:
    """Return the rows from which a row may import: those that it names, as far as they stand above it."""
    order = list(TABLE)
    named = set[str]().union(*(named_by(word) for word in TABLE[name].project))
    return named.intersection(order[: order.index(name)])


def allowed(found: Import, name: str) -> bool:
    rules, library = TABLE[name], found.module.split(".")[0]
    if is_ours(found.module):
        return row_of(found.module) in {name, *rows_below(name)}
    if library in sys.stdlib_module_names or library in rules.libraries:
        return True
    return found.inside_function and library in rules.deferred


@pytest.mark.parametrize("name", TABLE)
def test_a_folder_imports_only_what_its_row_allows(name: str) -> None:
    files = [file for module, file in MODULES.items() if row_of(module) == name]
    if not files:
        assert TABLE[name].planned, f"{name} stands in the table but not in the tree"
        pytest.skip(f"{name} is planned")
    refused = [
        f"{found.place} imports {found.module}"
        for file in files
        for found in imports_of(file)
        if not found.relative and not allowed(found, name)
    ]
    assert not refused, "\n".join(refused)


def test_every_word_of_a_row_names_rows_that_stand_above_it() -> None:
    idle = [
        f"{name}: {word}" for name in TABLE for word in TABLE[name].project if not stands_above(word, name)
    ]
    assert not idle, "\n".join(idle)


def stands_above(word: str, name: str) -> bool:
    order = list(TABLE)
    return bool(named_by(word).intersection(order[: order.index(name)]))


def test_every_file_belongs_to_a_row_of_the_table() -> None:
    homeless = {module for module in MODULES if row_of(module) not in {*TABLE, "midi"}}
    assert not homeless, f"give these a row in the table, or another home: {sorted(homeless)}"


def test_imports_are_absolute_and_name_the_exact_module() -> None:
    vague = [
        f"{found.place} imports {'a relative' if found.relative else 'the folder'} {found.module}"
        for file in all_files()
        for found in imports_of(file)
        if found.relative or (is_ours(found.module) and is_folder(MODULES.get(found.module)))
    ]
    assert not vague, "\n".join(vague)


def is_folder(file: Path | None) -> bool:
    return file is None or file.name == "__init__.py"


def test_no_modules_need_each_other_in_a_circle() -> None:
    graph = {
        module: {found.module for found in imports_of(file) if is_ours(found.module)}
        for module, file in MODULES.items()
    }
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
