"""Train an autoencoder on pictures: the place where pictures, model and `fit` meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from musicvae.core.bottleneck import AutoencoderKind
from musicvae.core.model_store.model_folder import load_training_of, save_training
from musicvae.core.training.devices import Accelerator
from musicvae.core.training.fit import Hooks, Outcome, Report, Scores, fit
from musicvae.core.training.train_config import TrainConfig
from musicvae.images.data.batches import BatchPlan, PictureBatches, in_batches
from musicvae.images.data.config import Binarising, LikelihoodName, Network, PictureConfig
from musicvae.images.data.read import Pictures
from musicvae.images.data.training_defaults import BLOCKS, FIT, LATENT, WIDTH
from musicvae.images.likelihoods import MSE_STD, binary_share, choose_likelihood
from musicvae.images.model import PictureAutoencoder
from musicvae.images.model_folder import save_model
from musicvae.images.scoring import mean_of, score_batches

FIGURES = ("mse", "psnr")  # of a validation, besides its loss and the terms of that
VALIDATION_PICTURES = 2000
VALIDATION_BATCH = 500


@dataclass(frozen=True)
class Plan:
    """What to train and how.

    Parameters
    ----------
    fit : TrainConfig
    batches : BatchPlan
    kind, latent, network, width, blocks, noise, drop
        See PictureConfig.
    likelihood : str, optional
        None: what suits the pictures, by `likelihoods.choose_likelihood`.
    binarise : str, optional
        None: "dynamic", if the likelihood is a Bernoulli.
    std : float, optional
        None: fixed for AE and DAE, said by the network of a VAE.
    """

    fit: TrainConfig = FIT
    batches: BatchPlan = field(default_factory=BatchPlan)
    kind: AutoencoderKind = "vae"
    latent: int = LATENT
    network: Network = "conv"
    likelihood: LikelihoodName | None = None
    binarise: Binarising | None = None
    std: float | None = None
    width: int = WIDTH
    blocks: int = BLOCKS
    noise: float = 0.0
    drop: float = 0.0


def make_config(pictures: Pictures, plan: Plan) -> PictureConfig:
    """Return the config of a model for some pictures.

    Raises
    ------
    ValueError
        If the plan's choices do not go together.
    """
    share = binary_share(pictures.train.pictures)
    likelihood = plan.likelihood or choose_likelihood(plan.kind, pictures.channels, share)
    fixed = MSE_STD if likelihood == "gaussian" and plan.kind != "vae" else None
    return PictureConfig(
        kind=plan.kind,
        size=pictures.size,
        channels=pictures.channels,
        latent=plan.latent,
        network=plan.network,
        likelihood=likelihood,
        binarise=plan.binarise or ("dynamic" if likelihood == "bernoulli" else None),
        std=plan.std or fixed,
        width=plan.width,
        blocks=plan.blocks,
        noise=plan.noise,
        drop=plan.drop,
        split_seed=pictures.seed,
    )


def train(
    pictures: Pictures,
    folder: Path,
    plan: Plan,
    accelerator: Accelerator,
    on_report: Callable[[Report], None] = lambda report: None,
    resume: bool = False,
) -> Outcome:
    """Train a model into a folder; the folder always holds the best one so far.

    Parameters
    ----------
    pictures : Pictures
    folder : Path
        Must exist.
    plan : Plan
    accelerator : Accelerator
    on_report : callable
    resume : bool
        Go on with the training that the folder holds.

    Raises
    ------
    TrainingError
        If the loss is no longer a number.
    ModelError
        If there is nothing to resume, or it is of another model.
    SupportError
        If the likelihood can give the pictures no probability.
    """
    torch.manual_seed(plan.fit.seed)  # initial weights take no generator
    config = make_config(pictures, plan)
    model = PictureAutoencoder(config)
    state = _state_to_resume(folder, config) if resume else None
    share = (accelerator.process_index, accelerator.num_processes)
    batches = plan.batches._replace(seed=plan.fit.seed)
    learned = PictureBatches(pictures.train.pictures, batches, config.binarise, accelerator.device, share)
    hooks = Hooks(
        validate=Validation(pictures.validation.pictures, plan, accelerator),
        on_report=on_report,
        keep_best=lambda best: save_model(cast(PictureAutoencoder, best), folder),
        save=lambda state: save_training(folder, state, config),
    )
    return fit(model, learned, plan.fit, accelerator, hooks, state)


def _state_to_resume(folder: Path, config: PictureConfig) -> dict[str, Any]:
    refusal = (
        f"{folder} was trained on other pictures or with other sizes: resume with the same data and options"
    )
    return load_training_of(folder, config, refusal)


class Validation:
    """Scores a model on pictures that training does not see; always with the same noise and draws."""

    def __init__(self, pictures: np.ndarray, plan: Plan, accelerator: Accelerator) -> None:
        self.pictures = pictures[:VALIDATION_PICTURES]
        self.beta = plan.fit.kl.beta
        self.seed = plan.fit.seed
        self.accelerator = accelerator

    def __call__(self, model: nn.Module) -> Scores:
        """Return the scores of a PictureAutoencoder."""
        generator = torch.Generator().manual_seed(self.seed)
        batches = in_batches(self.pictures, VALIDATION_BATCH, self.accelerator.device)
        with self.accelerator.autocast():
            score = mean_of(score_batches(cast(PictureAutoencoder, model), batches, generator))
        figures = dict(zip(FIGURES, (score.squared_error, score.decibels), strict=True))
        return Scores(score.distortion + self.beta * score.rate, score.rate, score.distortion, figures)
