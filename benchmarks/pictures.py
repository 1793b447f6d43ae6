"""Autoencoders of pictures: compression, generation and denoising of MNIST, and generated dogs.

    python benchmarks/pictures.py mnist-ae       --out benchmarks/mnist-ae.json
    python benchmarks/pictures.py mnist-vae      --out benchmarks/mnist-vae.json
    python benchmarks/pictures.py mnist-dae-0.3  --out benchmarks/mnist-dae-0.3.json
    python benchmarks/pictures.py mnist-dae-0.5  --out benchmarks/mnist-dae-0.5.json
    python benchmarks/pictures.py dogs-vae       --out benchmarks/dogs-vae.json

Each trains by the command of `TRAININGS`, unless its model is there already, and scores the model on the
published test pictures. Trainings end after epochs, but for the long one, so that a busy machine gives the
same figures; what they took of a processor is told. `--data` is the folder that holds `mnist/mnist.npz` and
`dogs/cifar10-dogs.npz`.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from figures.filters import apply, decibels, tune
from figures.histograms import colour_distance, independent_pixels
from figures.script import make_parser, name_machine, write_result

from musicvae.core.model_store.model_folder import load_model
from musicvae.core.model_store.training_state import load_training
from musicvae.evaluate.drawing.sheet import Line, draw_sheet
from musicvae.evaluate.images.picture_scores import evaluate_pictures
from musicvae.images.code_statistics import draw_codes, fit_gaussian, locate_codes, standard_gaussian
from musicvae.images.coding import decode_codes, draw_pictures, say_back
from musicvae.images.data.batches import to_floats, to_levels
from musicvae.images.data.read import Pictures, options_for, read_pictures
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS
from musicvae_cli.main import app

MNIST, DOGS = "mnist/mnist.npz", "dogs/cifar10-dogs.npz"
TRAININGS = {
    "mnist-ae": (MNIST, "--kind ae --latent 4 --width 16 --batch 64 --epochs 12 --seed 1"),
    "mnist-vae": (MNIST, "--kind vae --latent 32 --width 16 --batch 64 --minutes 70 --seed 1"),
    "mnist-dae-0.3": (MNIST, "--kind dae --noise 0.3 --latent 64 --width 16 --batch 64 --epochs 6 --seed 1"),
    "mnist-dae-0.5": (MNIST, "--kind dae --noise 0.5 --latent 64 --width 16 --batch 64 --epochs 6 --seed 1"),
    "dogs-vae": (DOGS, "--kind vae --latent 64 --width 24 --batch 64 --epochs 90 --mirror --seed 1"),
}
IMPORTANCE_SAMPLES = 1000
TUNED_ON = 100  # training pictures that the filters' settings are chosen by
SAMPLES, SHOWN = 2000, 12
BATCH = 250


def main() -> None:
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    data, options = TRAININGS[arguments.name]
    source = str(arguments.data / data)
    folder = arguments.work / arguments.name
    arguments.work.mkdir(parents=True, exist_ok=True)
    command = ["images", "train", source, *options.split(), "--device", "cpu", "--out", str(folder)]
    cpu_minutes = _known_minutes(arguments.out) if _is_trained(folder) else _train(command)
    model, began = load_model(folder, PICTURE_MODELS), time.perf_counter()
    pictures = read_pictures(source, options_for(model.config))
    tested = pictures.test.pictures[: arguments.most]
    samples = arguments.samples if model.config.autoencoder == "vae" else 0
    scores = evaluate_pictures(model, tested, samples, arguments.seed, _show)
    result: dict[str, Any] = {
        "train": shlex.join(["musicvae", *command]),
        "score": shlex.join(["python", *sys.argv]),
        "seed": arguments.seed,
        "machine": name_machine(arguments.threads),
        **_training(folder),
        "cpu_minutes": cpu_minutes,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "scores": scores._asdict(),
    }
    if model.config.autoencoder == "dae":
        result["denoising"] = _denoise(model, pictures, tested, arguments.seed)
    if arguments.name == "dogs-vae":
        result["samples"] = _sample(model, pictures, arguments)
    result["seconds_to_score"] = round(time.perf_counter() - began)
    write_result(result, arguments.out)


def _arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument("name", choices=TRAININGS)
    parser.add_argument("--data", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/work"), help="where the models lie")
    parser.add_argument(
        "--samples", type=int, default=IMPORTANCE_SAMPLES, help="codes drawn for each picture"
    )
    parser.add_argument("--most", type=int, default=None, help="test pictures, the first; all if left out")
    parser.add_argument("--seed", type=int, default=0, help="of the scoring")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def _is_trained(folder: Path) -> bool:
    return (folder / "README.md").is_file()


def _known_minutes(out: Path) -> float | None:
    """Return what the training took, if a result that is to be replaced says so."""
    return json.loads(out.read_text())["cpu_minutes"] if out.is_file() else None


def _train(command: list[str]) -> float:
    """Train by a command; return the processor's time it took, whatever else the machine was doing."""
    began = time.process_time()
    app(command, standalone_mode=False)
    return round((time.process_time() - began) / 60, 2)


def _show(done: int, total: int) -> None:
    if done % 1000 < 50 or done == total:
        print(f"scored {done:,} of {total:,}", file=sys.stderr, flush=True)


def _training(folder: Path) -> dict[str, Any]:
    state = load_training(folder)["state"]
    return {"minutes": round(state["seconds"] / 60, 2), "steps": state["step"]}


def _denoise(model: PictureAutoencoder, pictures: Pictures, tested: np.ndarray, seed: int) -> dict[str, Any]:
    """Return the mean PSNR of what the model and the filters make of the same noisy pictures."""
    clean, noisy = _corrupt(model, tested, seed)
    known, known_noisy = _corrupt(model, pictures.train.pictures[:TUNED_ON], seed + 1)
    with torch.inference_mode():
        batches = torch.from_numpy(noisy)[:, None].float().split(BATCH)
        denoised = torch.cat([model.decode(model.encode(batch)) for batch in batches])
    found: dict[str, Any] = {
        "noisy_db": decibels(clean, noisy),
        "model_db": decibels(clean, denoised[:, 0].numpy()),
    }
    for tuned in tune(model.config.noise, known, known_noisy):
        found[f"{tuned.name}_db"] = decibels(clean, apply(tuned.apply, noisy))
        found[f"{tuned.name}_settings"] = tuned.settings
    best = max(found["median_db"], found["non-local means_db"])
    return found | {"better_by_db": found["model_db"] - best}


def _corrupt(model: PictureAutoencoder, pictures: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures (N, H, W) in [0, 1], clean and as a DAE is given them."""
    x, generator = to_floats(pictures), torch.Generator().manual_seed(seed)
    return x[:, 0].numpy().astype(np.float64), model.corruption(x, generator)[:, 0].numpy().astype(np.float64)


@torch.inference_mode()
def _sample(model: PictureAutoencoder, pictures: Pictures, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return how far samples are from test pictures in their colours, and draw some."""
    tested, train = pictures.test.pictures, pictures.train.pictures
    generator = torch.Generator().manual_seed(arguments.seed)
    fitted = draw_codes(fit_gaussian(locate_codes(model, pictures)), SAMPLES, generator)
    prior = draw_codes(standard_gaussian(model.config.latent), SAMPLES, generator)
    samples = {
        "samples": decode_codes(model, fitted),
        "samples, pixels drawn": draw_pictures(model, fitted, generator),
        "samples from the prior": decode_codes(model, prior),
    }
    levels = {name: to_levels(drawn) for name, drawn in samples.items()}
    said_back = to_levels(say_back(model, tested).copies)
    lines = {"test": tested, "said back": said_back, **levels}
    draw_sheet(
        [Line(caption, rows[:SHOWN]) for caption, rows in lines.items()],
        arguments.out.with_suffix(".png"),
        overwrite=True,
    )
    mixed = independent_pixels(train, SAMPLES, np.random.default_rng(arguments.seed))
    measured = {**levels, "independent pixels": mixed, "training pictures": train[:SAMPLES]}
    apart = {name: colour_distance(drawn, tested) for name, drawn in measured.items()}
    return {
        "count": SAMPLES,
        "colour_distance": apart,
        "share_of_independent_pixels": apart["samples"] / apart["independent pixels"],
        "contrast": {name: float(rows.std((2, 3)).mean()) for name, rows in lines.items()},
    }


if __name__ == "__main__":
    main()
