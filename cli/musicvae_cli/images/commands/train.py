"""`musicvae images train`: pictures -> a model folder."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import musicvae_cli.images.options as options
import musicvae_cli.shell.options as common
import musicvae_cli.training.train_options as learning
from musicvae.core.objective import AutoencoderKind
from musicvae.images.data.training_defaults import BATCH, BLOCKS, FIT, LATENT, NOISE, VALIDATION, WIDTH
from musicvae.outputs import make_folder
from musicvae_cli.images.reading import read_and_say
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.outputs.model_folder import require_free_folder
from musicvae_cli.shell.console import say
from musicvae_cli.shell.errors import to_command
from musicvae_cli.training.run import TrainingRun, resuming, run

if TYPE_CHECKING:
    from musicvae.core.training.fit import Outcome
    from musicvae.evaluate.training import Training
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae.images.data.read import Pictures
    from musicvae.images.training import TrainingSetup
    from musicvae.provenance import Provenance

_CHANNELS = {"auto": None, "grey": 1, "colour": 3}

Size = Annotated[
    int | None,
    typer.Option(
        min=8,
        max=512,
        help="Pixels a side; other sizes are scaled, and the middle is kept.",
        show_default="64 for files, or as arrays have it",
    ),
]
Colours = Annotated[
    Literal["auto", "grey", "colour"], typer.Option(help="Grey or in colour; auto looks at the pictures.")
]
KindOf = Annotated[
    AutoencoderKind,
    typer.Option("--kind", help="ae compresses, dae undoes noise, vae also makes new pictures."),
]
NetworkOf = Annotated[Literal["conv", "dense"], typer.Option("--network", help="Encoder and decoder.")]
LikelihoodOf = Annotated[
    Literal["auto", "bernoulli", "continuous", "gaussian", "logistic"],
    typer.Option(
        "--likelihood",
        help="What is said of each pixel; auto: gaussian for ae and dae (least squared error), bernoulli for"
        " a vae of pictures nearly black and white, else logistic.",
    ),
]
Binarise = Annotated[
    Literal["dynamic", "threshold"] | None,
    typer.Option(
        help="How pixels become 0 or 1 for a bernoulli: drawn anew each time, or cut at a half.",
        show_default="dynamic",
    ),
]
Std = Annotated[
    float | None,
    typer.Option(
        min=1e-4,
        max=10,
        callback=common.finite,
        help="Standard deviation of a gaussian.",
        show_default="0.1 for ae and dae, told by the network of a vae",
    ),
]
Width = Annotated[int, typer.Option(min=1, max=1024, help="Channels at the finer of both resolutions.")]
Blocks = Annotated[int, typer.Option(min=0, max=64, help="Residual blocks at the coarser resolution.")]
Noise = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=10,
        callback=common.finite,
        help="Of a dae: standard deviation of the noise on its input, clipped to [0, 1].",
        show_default=f"{NOISE}, unless --drop is given",
    ),
]
Drop = Annotated[
    float, typer.Option(min=0, max=0.99, callback=common.finite, help="Of a dae: share of pixels set to 0.")
]
Beta = Annotated[
    float, typer.Option(min=0, callback=common.finite, help="Weight of a vae's rate; 1 gives the ELBO.")
]
Batch = Annotated[int, typer.Option(min=1, max=65_536, help="Pictures learned from at once.")]
Mirror = Annotated[
    bool, typer.Option("--mirror", help="Turn pictures left to right every other time: for photographs.")
]


def train(
    context: typer.Context,
    data: options.Data = "digits",
    out: learning.ModelOut = options.TRAINED_HERE,
    kind: KindOf = "vae",
    latent: Annotated[int, learning.latent_of("picture")] = LATENT,
    size: Size = None,
    colours: Colours = "auto",
    labels: options.Labels = None,
    network: NetworkOf = "conv",
    width: Width = WIDTH,
    blocks: Blocks = BLOCKS,
    likelihood: LikelihoodOf = "auto",
    binarise: Binarise = None,
    std: Std = None,
    noise: Noise = None,
    drop: Drop = 0.0,
    beta: Beta = FIT.kl.beta,
    epochs: Annotated[int | None, learning.epochs_over("pictures")] = None,
    minutes: Annotated[float | None, learning.minutes_or(FIT)] = None,
    batch: Batch = BATCH,
    mirror: Mirror = False,
    learning_rate: learning.LearningRate = FIT.learning_rate,
    validation: Annotated[float, learning.validation_of("pictures")] = VALIDATION,
    seed: common.Seed = FIT.seed,
    device: common.OnDevice = "auto",
    resume: learning.Resume = False,
    force: learning.ForceModel = False,
) -> None:
    """Learn from the pictures of DATA, and write a model folder."""
    require_free_folder(out, resume, force)
    noise = _choose_noise(kind, noise, drop)
    if kind != "vae" and common.is_given(context, "beta"):
        raise typer.BadParameter(learning.BETA_OF_OTHERS)

    from musicvae.images.data.read import ReadOptions

    pictures = read_and_say(data, ReadOptions(size, _CHANNELS[colours], labels, validation, seed))

    from musicvae.core.model_store.training_state import Session  # heavy, like all that follows
    from musicvae.core.training.devices import make_accelerator
    from musicvae.images.training import TrainingSetup

    accelerator = make_accelerator(device, one_size=True)
    fit = learning.choose_fit(FIT, minutes, epochs, beta, learning_rate=learning_rate, seed=seed)
    setup = TrainingSetup(
        fit=fit,
        autoencoder=kind,
        latent=latent,
        network=network,
        likelihood=None if likelihood == "auto" else likelihood,
        binarise=binarise,
        std=std,
        width=width,
        blocks=blocks,
        noise=noise,
        drop=drop,
    )
    setup = replace(setup, batches=setup.batches._replace(size=batch, mirror=mirror))
    provenance = make_provenance(context, None, str(out), seed, [data])
    training = _prepare(pictures, setup, out, provenance)
    session = Session(out, accelerator, resume=resume)
    run(_make_run(training, resume), session, resuming(context))


def _prepare(
    pictures: Pictures, setup: TrainingSetup, out: Path, provenance: Provenance
) -> Training[Pictures, TrainingSetup]:
    """Say what is learned from pictures by what, and make the model folder."""
    from musicvae.evaluate.training import Training
    from musicvae.images.training import make_config

    try:
        config = make_config(pictures, setup)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    how = f" ({config.binarise} binarisation)" if config.binarise else ""
    what = f"{config.autoencoder}, {config.latent} numbers a code, {config.network}"
    say(f"model: {what}; {config.likelihood}{how}")
    make_folder(out)
    return Training(pictures, setup, out, provenance)


def _choose_noise(kind: AutoencoderKind, noise: float | None, drop: float) -> float:
    """Return the noise of a DAE's input; the other kinds have none."""
    if kind != "dae" and (noise or drop):
        raise typer.BadParameter("--noise and --drop are what a denoising autoencoder undoes: add --kind dae")
    if kind == "dae" and noise == 0 and not drop:
        raise typer.BadParameter("a denoising autoencoder needs something to undo: give --noise or --drop")
    if noise is None:
        return NOISE if kind == "dae" and not drop else 0.0
    return noise


def _make_run(training: Training[Pictures, TrainingSetup], resume: bool) -> TrainingRun:
    from musicvae.core.model_store.model_files import CARD
    from musicvae.evaluate.training_log import TrainingLog
    from musicvae.images.training import FIGURES
    from musicvae.images.training import train as learn
    from musicvae_cli.training.progress import Words

    use = to_command(("images", "evaluate", training.data.source, "--model", str(training.folder)))
    return TrainingRun(
        learn=partial(learn, training.data, training.setup),
        leave_results=partial(_leave_results, training),
        log=TrainingLog(training.folder, resume, FIGURES),
        words=Words("picture", _name_figures),
        use=f"score it by: {use}",
        results=(CARD,),
    )


def _leave_results(training: Training[Pictures, TrainingSetup], outcome: Outcome, log: TrainingLog) -> None:
    """Write what a training leaves beside its model, and say what the model is worth."""
    from musicvae.evaluate.images.picture_results import write_picture_results

    scores = write_picture_results(training, outcome, log.history())
    if scores is not None:
        say(f"on pictures it has not seen: {_name_figures({'mse': scores.mse, 'psnr': scores.psnr})}")


def _name_figures(figures: Mapping[str, float]) -> str:
    return f"squared error {figures.get('mse', math.nan):.4f}, PSNR {figures.get('psnr', math.nan):.2f} dB"
