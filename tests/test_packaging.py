"""The package can be used wherever a program stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_folder_of_the_same_name_is_not_taken_for_the_package(tmp_path: Path) -> None:
    (tmp_path / "musicvae" / "tests").mkdir(parents=True)  # as the folder of a clone is called
    code = "import musicvae; print(musicvae.read_song.__module__)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "musicvae.midi.reading.reader", done.stderr
