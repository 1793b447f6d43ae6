"""What every test may ask for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

# The same examples on every run, and no verdict on how fast the machine is.
settings.register_profile("musicvae", derandomize=True, deadline=None)
settings.load_profile("musicvae")

# typer looks at these once, when it is imported.
for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"):
    os.environ.pop(name, None)

# Tests run side by side, a process for each core: threads of torch would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

CHECKOUT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest tests first, so that no process is left waiting for them."""
    items.sort(key=lambda item: item.path.name != "test_readme.py")


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """Return the folder of corpora beside the checkout, or skip the test."""
    folder = CHECKOUT.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip(f"no corpora at {folder}")
    return folder


@pytest.fixture(autouse=True)
def forget_accelerators() -> None:
    """Let each test have an accelerator of its own: the first of a process decides for all after it."""
    if state := sys.modules.get("accelerate.state"):
        state.AcceleratorState._reset_state(reset_partial_state=True)


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a terminal 100 columns wide and without colours, whoever runs it."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what makes libraries seem not to be installed."""

    def hide(*libraries: str) -> None:
        for library in libraries:
            monkeypatch.setitem(sys.modules, library, None)

    return hide


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Return what puts a module with some contents in the place of a library."""

    def put(library: str, **contents: object) -> ModuleType:
        module = ModuleType(library)
        module.__spec__ = ModuleSpec(library, None)
        vars(module).update(contents)
        monkeypatch.setitem(sys.modules, library, module)
        return module

    return put
