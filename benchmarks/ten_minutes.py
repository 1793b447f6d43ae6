"""What `musicvae train` makes of a folder in ten minutes: how well songs that it did not see come back.

python benchmarks/ten_minutes.py starter --out benchmarks/ten-minutes-starter.json
python benchmarks/ten_minutes.py piano --corpora ../shared/corpora --out benchmarks/ten-minutes-piano.json

Files are dealt out by the seed: some are kept, the command learns from the others as it would from any
folder (but of no styles, which are sub-folders), and the openings of the songs in those kept are said back.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from figures.report import to_json
from figures.script import make_parser, name_machine, write_result

from musicvae.core.model_store.model_folder import load_model
from musicvae.evaluate.music.reconstruction import evaluate
from musicvae.evaluate.music.training_results import store_to_openings
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import MeasureStore
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.preparing.prepare import PrepareOptions, prepare
from musicvae.midi.reading.song_files import find_songs

ROOT = Path(__file__).parents[1]


class Folder(NamedTuple):
    """Music to learn from: where it lies, files to learn from and to keep, and options of the command."""

    where: str
    learned: int
    kept: int
    options: tuple[str, ...] = ()


FOLDERS = {
    "starter": Folder("midi_data", 234, 26),
    "piano": Folder("mutopia", 160, 24),
    "lieder": Folder("lieder", 160, 24, ("--parts", "piano")),
    "bands": Folder("freedoom", 100, 12),
    "leads": Folder("openewld", 400, 40, ("--parts", "melody")),
}


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("folder", choices=FOLDERS)
    parser.add_argument("--corpora", type=Path, default=ROOT, help="where the folder lies")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=10)
    arguments = parser.parse_args()
    folder = FOLDERS[arguments.folder]
    learned, kept = deal(arguments.corpora / folder.where, folder, arguments.seed)
    with tempfile.TemporaryDirectory() as work:
        model = Path(work) / "model"
        options = (*folder.options, "--minutes", str(arguments.minutes), "--seed", str(arguments.seed))
        began = time.perf_counter()
        said = train(learned, model, options)
        minutes = (time.perf_counter() - began) / 60
        scores, choice = score(model, kept)
    result = {
        "folder": arguments.folder,
        "seed": arguments.seed,
        "files": {"learned": len(learned), "kept": len(kept)},
        "parts": choice,
        "minutes": round(minutes, 2),
        "machine": name_machine(os.cpu_count() or 1),
        "unseen": to_json(scores),
        "said": said,
    }
    write_result(result, arguments.out)


def deal(folder: Path, wanted: Folder, seed: int) -> tuple[list[Path], list[Path]]:
    """Return the files to learn from and those that are kept."""
    files = find_songs(folder)
    order = np.random.default_rng(seed).permutation(len(files))
    drawn = [files[index] for index in order[: wanted.learned + wanted.kept]]
    return drawn[wanted.kept :], drawn[: wanted.kept]


def train(files: list[Path], model: Path, options: tuple[str, ...]) -> list[str]:
    """Train by the command, and return what it said."""
    command = [str(Path(sys.executable).with_name("musicvae")), "train", *map(str, files)]
    ended = subprocess.run(
        [*command, "--out", str(model), *options], capture_output=True, text=True, check=True
    )
    return ended.stderr.splitlines()


def score(folder: Path, files: list[Path]) -> tuple[dict[str, object], str]:
    """Return how the openings of the songs in some files come back, and in what parts."""
    model = load_model(folder, MUSIC_MODELS)
    config = model.config
    prepared = prepare(files, PrepareOptions(config.arrangement, config.grid))
    store = prepared.store
    songs = [song for song in range(store.songs) if _longest(store, song, config) <= config.steps]
    scores = evaluate(model, store_to_openings(store, songs, config))
    without = scores.without_code_nats
    worth = None if without is None else without - scores.distortion_nats
    return {
        **scores._asdict(),
        "worth_nats": worth,
    }, f"{config.ensemble}, {config.steps_per_beat} steps a beat"


def _longest(store: MeasureStore, song: int, config: MeasureVAEConfig) -> int:
    """Return the steps of the longest measure of a song."""
    measures = slice(store.song_offsets[song], store.song_offsets[song + 1])
    return int(store.measure_steps(config.grid)[measures].max())


if __name__ == "__main__":
    main()
