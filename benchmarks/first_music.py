"""From a fresh clone to music of one's own: clone, install, train on the starter songs, generate; each timed.

python benchmarks/first_music.py --out benchmarks/first_music.json
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures.script import make_parser, write_result

ROOT = Path(__file__).parents[1]


def main() -> None:
    arguments = make_parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "musicvae"
        musicvae = str(clone / ".venv/bin/musicvae")
        steps = {
            "clone": (["git", "clone", "--quiet", str(ROOT), str(clone)], Path(folder)),
            "environment": ([sys.executable, "-m", "venv", ".venv"], clone),
            "install": ([".venv/bin/pip", "install", "--quiet", "."], clone),
            "train": ([musicvae, "train", "midi_data/"], clone),
            "generate": ([musicvae, "generate", "--n", "5", "out.mid", "--seed", "1"], clone),
        }
        minutes = {name: _minutes(command, place) for name, (command, place) in steps.items()}
        evaluated = subprocess.run(
            [musicvae, "evaluate", "midi_data/", "--json"],
            cwd=clone,
            capture_output=True,
            text=True,
            check=True,
        )
        card = (clone / "musicvae-model/README.md").read_text()
    result = {
        "cores": os.cpu_count(),
        "minutes": minutes,
        "minutes_in_all": round(sum(minutes.values()), 2),
        "all_starter_songs": json.loads(evaluated.stdout),
        "card": card,
    }
    write_result(result, arguments.out)


def _minutes(command: list[str], place: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=place, check=True)
    return round((time.perf_counter() - began) / 60, 2)


if __name__ == "__main__":
    main()
