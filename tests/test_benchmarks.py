"""The benchmarks' own files: what documents tell is what was measured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_documents_tell_the_figures_that_were_measured() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "benchmarks/tell.py", "--check"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
