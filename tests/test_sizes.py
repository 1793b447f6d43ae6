"""The limits of the house: how large a folder, a module and a function may be.

A function's lines are counted from its `def` to its end, without its docstring and with its signature as
one line, however many arguments it names; decorators are not counted, blank lines and comments are. A
function within another counts for itself and for the one around it. A module's lines are all of them.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from statistics import median_low, quantiles
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*(ROOT / "musicvae").rglob("*.py"), *(ROOT / "cli").rglob("*.py")])

MOST_MODULES = 14  # of a folder, `__init__` apart
MOST_LINES_OF_A_MODULE = 260
MOST_LINES_OF_A_FUNCTION = 45
MEDIAN, NINE_IN_TEN = 8, 18  # lines of functions


class Function(NamedTuple):
    """A function by its place, and its lines."""

    place: str
    lines: int


def functions_of(file: Path) -> list[Function]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return [
        Function(f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", count_lines(node))
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def count_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring, its signature being one line."""
    docstring = _lines(function.body[0]) if ast.get_docstring(function) is not None else 0
    arrow = function.returns.end_lineno if function.returns else None  # ends the signature
    return _lines(function) - docstring - ((arrow or function.lineno) - function.lineno)


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


FUNCTIONS = [function for file in FILES for function in functions_of(file)]


def test_lines_are_counted_without_docstring_and_with_one_line_of_signature() -> None:
    lines = ("def f(", " a: int,", ") -> int:", ' """Say.', "", ' More."""', " # why", " return a")
    [function] = ast.parse("\n".join(lines)).body
    assert isinstance(function, ast.FunctionDef)
    assert count_lines(function) == 3


def test_no_folder_has_too_many_modules() -> None:
    modules = Counter(file.parent for file in FILES if file.name != "__init__.py")
    large = [f"{folder.relative_to(ROOT)}: {n} modules" for folder, n in modules.items() if n > MOST_MODULES]
    assert not large, "\n".join(large)


def test_no_module_is_too_long() -> None:
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    long = [f"{file.relative_to(ROOT)}: {n} lines" for file, n in lines.items() if n > MOST_LINES_OF_A_MODULE]
    assert not long, "\n".join(long)


def test_no_function_is_too_long() -> None:
    long = [f"{place}: {n} lines" for place, n in FUNCTIONS if n > MOST_LINES_OF_A_FUNCTION]
    assert not long, "\n".join(long)


def test_most_functions_are_short() -> None:
    lines = [function.lines for function in FUNCTIONS]
    longest = sorted(FUNCTIONS, key=lambda function: -function.lines)[:20]
    told = "\n".join(f"{place}: {n} lines" for place, n in longest)
    assert median_low(lines) <= MEDIAN, told
    assert quantiles(lines, n=10)[-1] <= NINE_IN_TEN, told
