"""What a trained model's music is worth: whole pieces, and six ways to work with one.

    python benchmarks/pieces.py folk --model benchmarks/work/folk-model --out benchmarks/pieces-folk.json

and so for the chorales. The songs are those that `corpora.py` prepared, split by the same seed. Each figure
stands beside the same one for training songs, for other ways to do it or for chance, whichever says how good
it can be; `reached` says whether it is what a released model has to reach. `--only overlap,structure` takes
some of the figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from figures.accompanying import measure_accompany
from figures.bench import Bench
from figures.filling import measure_infill
from figures.hearing import measure_likelihood, measure_reconstruction
from figures.likeness import measure_memorisation, measure_overlap, measure_structure
from figures.moving import measure_interpolate, measure_vary
from figures.report import to_json
from figures.script import name_machine, numbers, write_result
from figures.songs import make_corpus_parser, open_corpus, split_by_use, take_songs

from musicvae.core.model_store.model_folder import load_model
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.training_plans import load_plan_model
from musicvae.measures.folder.training_tunes import load_tune_index
from musicvae.midi.likeness.tune_index import index_tunes

FIGURES: dict[str, Callable[[Bench], object]] = {
    "overlap": measure_overlap,
    "structure": measure_structure,
    "likelihood": measure_likelihood,
    "infill": measure_infill,
    "accompany": measure_accompany,
    "vary": measure_vary,
    "interpolate": measure_interpolate,
    "memorisation": measure_memorisation,
    "reconstruction": measure_reconstruction,
}


def main() -> None:
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    bench = _make_bench(arguments)
    figures, seconds = {}, {}
    for name in arguments.only:
        began = time.perf_counter()
        figure = FIGURES[name](bench)
        if figure is None:  # not of such a model
            continue
        figures[name] = to_json(figure)
        seconds[name] = round(time.perf_counter() - began, 1)
        print(json.dumps({name: figures[name]}, indent=2), flush=True)
    result = {
        "command": " ".join(sys.argv),
        "corpus": arguments.corpus,
        "seed": arguments.seed,
        "machine": name_machine(arguments.threads),
        "seconds": seconds,
        "songs": {"train": len(bench.train), "test": len(bench.test)},
        "pieces": bench.pieces,
        "plans": bench.plans is not None,
        "reached": {name: _is_reached(figure) for name, figure in figures.items()},
        "figures": figures,
    }
    write_result(result, arguments.out, show=False)


def _arguments() -> argparse.Namespace:
    parser = make_corpus_parser(__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=256, help="pieces of 16 measures of each kind")
    parser.add_argument("--songs", type=int, default=100, help="songs where each takes long, as infill")
    parser.add_argument("--only", type=_names, default=list(FIGURES), help="figures, such as overlap,vary")
    parser.add_argument(
        "--temperatures", type=numbers, default=(0.9, 1.0, 0.8), help="of pieces; the first one counts"
    )
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(FIGURES):
        raise argparse.ArgumentTypeError(f"no figures {unknown}: there are {', '.join(FIGURES)}")
    return names


def _make_bench(arguments: argparse.Namespace) -> Bench:
    model = load_model(arguments.model, MUSIC_MODELS)
    store = open_corpus(arguments)
    uses = split_by_use(store, arguments.seed)
    train, test = (take_songs(store, indexes, model.config) for indexes in (uses.train, uses.test))
    return Bench(
        model=model,
        plans=load_plan_model(arguments.model),
        tunes=load_tune_index(arguments.model) or index_tunes(train),
        train=train,
        test=test,
        pieces=arguments.pieces,
        songs=arguments.songs,
        temperatures=arguments.temperatures,
        seed=arguments.seed,
    )


def _is_reached(figure: Any) -> bool:
    """Say whether a figure is reached; of several the first one counts."""
    return bool((figure[0] if isinstance(figure, list) else figure)["reached"])


if __name__ == "__main__":
    main()
