"""Train on one of music21's corpora and score the model on pieces that it never saw.

    python benchmarks/corpora.py folk      --minutes 112 --threads 1 --out benchmarks/folk.json
    python benchmarks/corpora.py chorales  --minutes 117 --threads 1 --out benchmarks/chorales.json

The corpus is exported, prepared, split by piece 80/10/10 by the seed, and trained on with the same
`train` that the command uses. The test pieces are then said back from their codes (posterior mean,
greedy, free-running), and scored with and without codes. What the model writes is for `pieces.py`.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from figures.script import name_device, name_machine, write_result
from figures.songs import MUSIC, make_corpus_parser, prepared_folder, split_by_use, take_songs

from musicvae.core.model_store.model_folder import load_model
from musicvae.core.model_store.training_state import Session, load_training
from musicvae.core.objective import KLWeight
from musicvae.core.training.devices import make_accelerator
from musicvae.core.training.report import Report
from musicvae.core.training.train_config import TrainConfig
from musicvae.evaluate.music.reconstruction import evaluate
from musicvae.measures.data.config import NetworkConfig
from musicvae.measures.data.windows import WindowConfig
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.preparing.prepare import PrepareOptions, prepare
from musicvae.measures.preparing.prepared import Prepared
from musicvae.measures.training import Split, TrainingSetup, train
from musicvae.midi.corpora.export import export_corpus

SETUPS = {
    "folk": TrainingSetup(
        fit=TrainConfig(minutes=60, learning_rate=7e-4, kl=KLWeight(0.12)),
        windows=WindowConfig(rows=1024, steps=2048),
        network=NetworkConfig(latent=64),
    ),
    "chorales": TrainingSetup(
        # 282 chorales are few: a decoder that hears them soon knows them by heart.
        fit=TrainConfig(minutes=90, learning_rate=7e-4, kl=KLWeight(0.4), patience=20),
        windows=WindowConfig(rows=1024, steps=2048),
        network=NetworkConfig(latent=128, dropout=0.2, hiding=2.0),
    ),
}


def main() -> None:
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    prepared = _prepare(arguments)
    uses = split_by_use(prepared.store, arguments.seed)
    folder = arguments.work / f"{arguments.corpus}-model"
    folder.mkdir(parents=True, exist_ok=True)
    setup = SETUPS[arguments.corpus]
    setup = replace(setup, fit=replace(setup.fit, minutes=arguments.minutes, seed=arguments.seed))
    if arguments.device == "cuda":
        setup = plan_for_gpu(setup)
    if not arguments.score_only:
        split = Split(uses.train, uses.validation)
        session = Session(folder, make_accelerator(arguments.device), print_report, arguments.resume)
        print(train(prepared, setup, session, split))
    result = {
        "corpus": arguments.corpus,
        "seed": arguments.seed,
        "machine": name_machine(arguments.threads),
        "device": name_device(arguments.device),
        "minutes": round(load_training(folder)["state"]["seconds"] / 60, 1),
        "songs": {name: len(songs) for name, songs in uses._asdict().items()},
        "plan": asdict(setup),
        **_score(folder, prepared, uses.test),
    }
    write_result(result, arguments.out)


def _arguments() -> argparse.Namespace:
    parser = make_corpus_parser(__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--score-only", action="store_true", help="score the model that is there")
    return parser.parse_args()


def plan_for_gpu(setup: TrainingSetup) -> TrainingSetup:
    """Return a setup of larger batches, which take a GPU no longer than small ones."""
    windows = setup.windows._replace(rows=4 * setup.windows.rows, steps=4 * setup.windows.steps)
    return replace(setup, windows=windows, fit=replace(setup.fit, learning_rate=1e-3))


def _prepare(arguments: argparse.Namespace) -> Prepared:
    name, ensemble = MUSIC[arguments.corpus]
    songs = arguments.work / name
    if not songs.exists():
        with ProcessPoolExecutor() as executor:
            export_corpus(name, songs, executor=executor)
    return prepare([songs], PrepareOptions(ensemble), prepared_folder(arguments))


def print_report(report: Report) -> None:
    if report.scores is not None or report.step % 200 == 0:
        print(f"{report.seconds / 60:.1f} min, {report}", flush=True)


def _score(folder: Path, prepared: Prepared, test: np.ndarray) -> dict[str, object]:
    model = load_model(folder, MUSIC_MODELS)
    return {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "test": evaluate(model, take_songs(prepared.store, test, model.config))._asdict(),
    }


if __name__ == "__main__":
    main()
