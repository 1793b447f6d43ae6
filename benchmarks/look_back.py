"""What looking back is worth: the decoder without codes, trained with it and without, on the same batches.

    python benchmarks/look_back.py folk --steps 1000 --out benchmarks/look-back-folk.json
    python benchmarks/look_back.py chorales --steps 1000 --out benchmarks/look-back-chorales.json

Only the decoder learns, as a language model of songs: no measure has a code. Both have one seed, one order of
batches and one number of steps, and are scored on windows of up to 16 measures of the test songs.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import torch
from corpora import SETUPS
from figures.script import name_machine, write_result
from figures.songs import MUSIC, make_corpus_parser, open_corpus, split_by_use
from torch import nn

from musicvae.core.training.precision import bf16_is_faster_here
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import absent
from musicvae.measures.data.store import MeasureStore
from musicvae.measures.data.windows import WindowBatches
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.song import Grid

WARMUP, GRADIENT_NORM = 100, 1.0


@dataclass(frozen=True)
class Learned:
    """Nats a measure of the test songs after so many steps, and how long it took."""

    reach: int
    parameters: int
    nats: dict[int, float]
    seconds: float


def main() -> None:
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    store = open_corpus(arguments)
    own = SETUPS[arguments.corpus].network.reach
    without, with_it = (_learn(store, arguments, reach) for reach in (0, own))
    last = arguments.steps
    result = {
        "command": " ".join(sys.argv),
        "corpus": arguments.corpus,
        "seed": arguments.seed,
        "machine": name_machine(arguments.threads),
        "steps": last,
        "without": asdict(without),
        "with": asdict(with_it),
        "lower_by": round(1 - with_it.nats[last] / without.nats[last], 4),
    }
    write_result(result, arguments.out)


def _arguments() -> argparse.Namespace:
    parser = make_corpus_parser(__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--every", type=int, default=200, help="steps between two scores")
    parser.add_argument(
        "--test-batches", type=int, default=32, help="batches of test songs to score, at most"
    )
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _learn(store: MeasureStore, arguments: argparse.Namespace, reach: int) -> Learned:
    config = _config(store, arguments.corpus, reach)
    torch.manual_seed(arguments.seed)
    decoder = NoteDecoder(config)
    uses = split_by_use(store, arguments.seed)
    # Neither key nor style is told: notes alone say what comes next.
    windows = SETUPS[arguments.corpus].windows._replace(forget=1.0, seed=arguments.seed)
    batches = WindowBatches(store, uses.train, config, windows)
    unseen = WindowBatches(store, uses.test, config, windows._replace(transpose=False))
    tests = [unseen.at(step) for step in range(min(len(unseen), arguments.test_batches))]
    nats, began = {}, time.perf_counter()
    for step in _train(decoder, batches, arguments):
        if step % arguments.every == 0 or step == arguments.steps:
            nats[step] = round(_score(decoder, tests), 4)
            print(f"{arguments.corpus}, reach {reach}, step {step}: {nats[step]:.3f} nats", flush=True)
    parameters = sum(parameter.numel() for parameter in decoder.parameters())
    return Learned(reach, parameters, nats, round(time.perf_counter() - began, 1))


def _config(store: MeasureStore, corpus: str, reach: int) -> MeasureVAEConfig:
    """Return the config of the model that `corpora.py` trains, with this reach."""
    ensemble, network, meters = MUSIC[corpus][1], SETUPS[corpus].network, store.meters()
    return MeasureVAEConfig(
        ensemble=ensemble,
        parts=ENSEMBLES[ensemble],
        steps_per_beat=4,
        meters=tuple(meters),
        meter_shares=tuple(meters.values()),
        steps=int(store.measure_steps(Grid(4)).max()),
        styles=store.styles,
        hidden=network.hidden,
        layers=network.layers,
        reach=reach,
        dropout=network.dropout,
    )


def _train(decoder: NoteDecoder, batches: WindowBatches, arguments: argparse.Namespace) -> Iterator[int]:
    """Train, yielding the number of steps after each."""
    rate = SETUPS[arguments.corpus].fit.learning_rate
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    for step in range(arguments.steps):
        falling = 0.5 + 0.5 * math.cos(math.pi * step / arguments.steps)
        optimizer.param_groups[0]["lr"] = rate * min(1, (step + 1) / WARMUP) * falling
        decoder.train()
        _nats(decoder, batches.at(step)).mean().backward()
        nn.utils.clip_grad_norm_(decoder.parameters(), GRADIENT_NORM)
        optimizer.step()
        optimizer.zero_grad()
        yield step + 1


@torch.inference_mode()
def _score(decoder: NoteDecoder, batches: list[MeasureBatch]) -> float:
    decoder.eval()
    return float(torch.cat([_nats(decoder, batch) for batch in batches]).mean())


def _nats(decoder: NoteDecoder, batch: MeasureBatch) -> torch.Tensor:
    """Return how unlikely the measures of a batch are without codes, shape (measures that exist,)."""
    exists = batch.layout.exists
    nothing = absent(torch.zeros(len(exists), decoder.code.spread.in_features))
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16_is_faster_here(one_size=False)):
        return -decoder.log_prob(batch, nothing)[exists]


if __name__ == "__main__":
    main()
