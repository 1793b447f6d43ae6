"""Train on the music of two free games, and say back songs that the model never saw: all parts, and drums.

    python benchmarks/bands.py --corpora ../shared/corpora --minutes 60 --out benchmarks/bands.json
    python benchmarks/bands.py --corpora ../shared/corpora --parts band --out benchmarks/bands-arranged.json

Songs of Freedoom and Simutrans, split 80/10/10 by the seed, in their own instruments unless an arrangement is
asked for. The test songs are said back whole from their codes (posterior mean, greedy, free-running).
"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from corpora import plan_for_gpu, print_report
from figures.script import make_parser, name_device, name_machine, write_result
from figures.songs import split_by_use, take_songs

from musicvae.core.model_store.model_folder import load_model
from musicvae.core.model_store.training_state import Session, load_training
from musicvae.core.training.devices import make_accelerator
from musicvae.core.training.train_config import TrainConfig
from musicvae.evaluate.music.reconstruction import evaluate
from musicvae.measures.data.config import NetworkConfig
from musicvae.measures.data.windows import WindowConfig
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.preparing.prepare import AUTO, PrepareOptions, prepare
from musicvae.measures.training import Split, TrainingSetup, train
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import Song

GAMES = ("freedoom", "simutrans")
SETUP = TrainingSetup(
    # Some 130 bands are few: a decoder that hears them soon knows them by heart.
    fit=TrainConfig(minutes=60, learning_rate=1e-3, patience=20),
    windows=WindowConfig(rows=1024, steps=2048),
    network=NetworkConfig(latent=128, dropout=0.1, hiding=1.5),
)


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--parts", choices=(AUTO, *ENSEMBLES), default=AUTO)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--score-only", action="store_true", help="score the model that is there")
    parser.add_argument(
        "--work", type=Path, default=Path("benchmarks/work"), help="where what is prepared and the model lie"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    games = [arguments.corpora / game for game in GAMES]
    name = f"bands-{arguments.parts}"
    prepared = prepare(games, PrepareOptions(arguments.parts), arguments.work / f"{name}-prepared")
    uses = split_by_use(prepared.store, arguments.seed)
    folder = arguments.work / f"{name}-model"
    folder.mkdir(parents=True, exist_ok=True)
    setup = replace(SETUP, fit=replace(SETUP.fit, minutes=arguments.minutes, seed=arguments.seed))
    if arguments.device == "cuda":
        setup = plan_for_gpu(setup)
    if not arguments.score_only:
        session = Session(folder, make_accelerator(arguments.device), print_report, arguments.resume)
        print(train(prepared, setup, session, Split(uses.train, uses.validation)))
    model = load_model(folder, MUSIC_MODELS)
    result = {
        "parts": [asdict(part) for part in prepared.choice.ensemble.parts],
        "seed": arguments.seed,
        "machine": name_machine(arguments.threads),
        "device": name_device(arguments.device),
        "minutes": round(load_training(folder)["state"]["seconds"] / 60, 1),
        "songs": {use: len(songs) for use, songs in uses._asdict().items()},
        "plan": asdict(setup),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        **score(model, take_songs(prepared.store, uses.test, model.config)),
    }
    write_result(result, arguments.out)


def score(model: MeasureVAE, songs: list[Song]) -> dict[str, object]:
    """Return how songs come back, all parts and drums alone, and what a note of them costs."""
    copies: dict[int, Song] = {}
    scores = evaluate(model, songs, on_copy=copies.__setitem__)
    drums = sum(
        (compare(_take_drums(song), _take_drums(copies[n])) for n, song in enumerate(songs)), Agreement()
    )
    notes = sum(len(song.notes) for song in songs)
    without = scores.without_code_nats or 0.0
    return {
        "test": scores._asdict(),
        "drums": {"onset_f1": drums.onset_f1, "note_f1": drums.note_f1},
        "notes": notes,
        "nats_a_note": {
            "with_codes": (scores.rate_nats + scores.distortion_nats) * scores.measures / notes,
            "given_codes": scores.distortion_nats * scores.measures / notes,
            "without_codes": without * scores.measures / notes,
        },
    }


def _take_drums(song: Song) -> Song:
    """Return the drums of a song."""
    is_drums = np.array([part.is_drums for part in song.parts], bool)
    return replace(song, notes=song.notes[is_drums[song.notes["part"]]])


if __name__ == "__main__":
    main()
