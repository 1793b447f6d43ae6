"""How fast musicvae starts, writes and prepares, each beside what it is measured against.

    python benchmarks/speed.py --model musicvae-model --corpora ../shared/corpora --out benchmarks/speed.json

Commands are timed as whole processes, alternating with `python -c "import torch"`; medians are kept.
Preparing reads 1,000 MIDI files on one core, and a `pretty_midi` piano-roll loop reads the same files.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pretty_midi
import torch
from figures.script import make_parser, write_result

from musicvae.compose.generate import generate
from musicvae.compose.options import PieceOptions
from musicvae.core.model_store.model_folder import load_model
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.preparing.prepare import PrepareOptions, prepare
from musicvae.midi.reading.song_files import find_songs

CORPORA = ("groove", "freedoom", "mutopia", "simutrans")
FILES = 1000


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    result = {
        **_time_commands(arguments.model.resolve(), arguments.rounds),
        **_time_sampling(arguments.model),
        **_time_preparing(arguments.corpora),
    }
    write_result(result, arguments.out)


def _time_commands(model: Path, rounds: int) -> dict[str, float]:
    musicvae = str(Path(sys.executable).with_name("musicvae"))
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out.mid")
        generate = [musicvae, "generate", "--n", "5", "--seed", "1", "--model", str(model)]
        commands = {
            "help_s": [musicvae, "--help"],
            "import_torch_s": [sys.executable, "-c", "import torch"],
            "generate_5_s": [*generate, out],
            "generate_5_of_32_s": [*generate, "--measures", "32", out],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for index in range(rounds + 1):
            for name, command in commands.items():
                began = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                if index:  # the first round warms the disk's cache
                    times[name].append(time.perf_counter() - began)
    medians = {name: round(statistics.median(own), 3) for name, own in times.items()}
    pairs = zip(times["generate_5_s"], times["import_torch_s"], strict=True)
    longer = zip(times["generate_5_of_32_s"], times["import_torch_s"], strict=True)
    return {
        **medians,
        "generate_5_over_import_torch": round(statistics.median(a / b for a, b in pairs), 2),
        "generate_5_of_32_after_import_torch_s": round(statistics.median(a - b for a, b in longer), 3),
    }


def _time_sampling(folder: Path) -> dict[str, float]:
    model = load_model(folder, MUSIC_MODELS)
    options = PieceOptions(count=1000, measures=1, temperature=1.0)
    seconds = _best(lambda: generate(model, options, torch.Generator().manual_seed(0)))
    return {"measures_sampled_per_s": round(1000 / seconds)}


def _time_preparing(corpora: Path) -> dict[str, float]:
    files = [file for name in CORPORA for file in find_songs(corpora / name)]
    files = [file for file in files if file.suffix in {".mid", ".midi"}]
    chosen = files[:: max(1, len(files) // FILES)][:FILES]
    ours = _seconds(lambda: prepare(chosen, PrepareOptions(free_timing=True)))
    theirs = _seconds(lambda: _pretty_midi_rolls(chosen))
    return {
        "files_prepared": len(chosen),
        "musicvae_files_per_s": round(len(chosen) / ours, 1),
        "pretty_midi_files_per_s": round(len(chosen) / theirs, 1),
        "times_as_fast": round(theirs / ours, 1),
    }


def _pretty_midi_rolls(files: Sequence[Path]) -> None:
    for file in files:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                pretty_midi.PrettyMIDI(str(file)).get_piano_roll()
            except Exception as error:  # noqa: BLE001 (pretty_midi raises whatever its parser meets)
                print(f"pretty_midi: {file.name}: {error}", file=sys.stderr)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _best(work: Callable[[], object], rounds: int = 5) -> float:
    return min(_seconds(work) for _ in range(rounds))


if __name__ == "__main__":
    main()
