"""What looking back is worth: the decoder without codes, trained with it and without, on the same batches.

    python benchmarks/look_back.py folk --steps 1000 --out benchmarks/look-back-folk.json
    python benchmarks/look_back.py chorales --steps 1000 --out benchmarks/look-back-chorales.json

Only the decoder learns, as a language model of songs: no measure has a code. Both have one seed, one order of
batches and one number of steps, and are scored on windows of up to 16 measures of the test songs.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from corpora import MUSIC, PLANS
from torch import nn

from musicvae.core.training.precision import bf16_is_faster_here
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import absent
from musicvae.measures.data.store import MeasureStore, open_store
from musicvae.measures.data.windows import WindowBatches, split_songs
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.midi.songs.ensembles import ENSEMBLES
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
    store = open_store(arguments.work / f"{arguments.corpus}-prepared" / "measures.safetensors")
    without, with_it = (_learn(store, arguments, reach) for reach in (0, PLANS[arguments.corpus].reach))
    last = arguments.steps
    result = {
        "command": " ".join(sys.argv),
        "corpus": arguments.corpus,
        "seed": arguments.seed,
        "machine": f"{platform.machine()}, {arguments.threads} thread(s), torch {torch.__version__}",
        "steps": last,
        "without": asdict(without),
        "with": asdict(with_it),
        "lower_by": round(1 - with_it.nats[last] / without.nats[last], 4),
    }
    arguments.out.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", choices=MUSIC)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--every", type=int, default=200, help="steps between two scores")
    parser.add_argument(
        "--test-batches", type=int, default=32, help="batches of test songs to score, at most"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--work", type=Path, default=Path("benchmarks/work"), help="where the prepared songs lie"
    )
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def _learn(store: MeasureStore, arguments: argparse.Namespace, reach: int) -> Learned:
    config = _config(store, arguments.corpus, reach)
    torch.manual_seed(arguments.seed)
    decoder = NoteDecoder(config)
    train, _, test = split_songs(store.songs, (0.8, 0.1, 0.1), arguments.seed)
    # Neither key nor style is told: notes alone say what comes next.
    windows = PLANS[arguments.corpus].windows._replace(forget=1.0, seed=arguments.seed)
    batches = WindowBatches(store, train, config, windows)
    unseen = WindowBatches(store, test, config, windows._replace(transpose=False))
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
    ensemble, plan, meters = MUSIC[corpus][1], PLANS[corpus], store.meters()
    return MeasureVAEConfig(
        ensemble=ensemble,
        parts=ENSEMBLES[ensemble],
        steps_per_beat=4,
        meters=tuple(meters),
        meter_shares=tuple(meters.values()),
        steps=int(store.measure_steps(Grid(4)).max()),
        styles=store.styles,
        hidden=plan.hidden,
        layers=plan.layers,
        reach=reach,
        dropout=plan.dropout,
    )


def _train(decoder: NoteDecoder, batches: WindowBatches, arguments: argparse.Namespace) -> Iterator[int]:
    """Train, yielding the number of steps after each."""
    rate = PLANS[arguments.corpus].fit.learning_rate
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
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16_is_faster_here()):
        return -decoder.log_prob(batch, nothing)[exists]


if __name__ == "__main__":
    main()
