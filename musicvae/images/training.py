"""Train an autoencoder on pictures: the place where pictures, model and `fit` meet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import torch
from torch import nn

from musicvae.core.model_store.training_state import Session
from musicvae.core.objective import AutoencoderKind
from musicvae.core.training.devices import Accelerator
from musicvae.core.training.fit import Outcome, fit
from musicvae.core.training.report import Scores
from musicvae.core.training.train_config import TrainConfig
from musicvae.images.data.batches import BatchConfig, PictureBatches, in_batches
from musicvae.images.data.config import Binarising, LikelihoodName, Network, PictureConfig
from musicvae.images.data.read import Pictures
from musicvae.images.data.training_defaults import BLOCKS, FIT, LATENT, WIDTH
from musicvae.images.likelihoods import MSE_STD, binary_share, choose_likelihood
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS
from musicvae.images.scoring import mean_of, score_batches

FIGURES = ("mse", "psnr")  # of a validation, besides its loss and the terms of that
VALIDATION_PICTURES = 2000
VALIDATION_BATCH = 500


@dataclass(frozen=True)
class TrainingSetup:
    """What to train and how.

    Parameters
    ----------
    fit : TrainConfig
    batches : BatchConfig
    autoencoder, latent, network, width, blocks, noise, drop
        See PictureConfig.
    likelihood : str, optional
        None: what suits the pictures, by `likelihoods.choose_likelihood`.
    binarise : str, optional
        None: "dynamic", if the likelihood is a Bernoulli.
    std : float, optional
        None: fixed for AE and DAE, said by the network of a VAE.
    """

    fit: TrainConfig = FIT
    batches: BatchConfig = field(default_factory=BatchConfig)
    autoencoder: AutoencoderKind = "vae"
    latent: int = LATENT
    network: Network = "conv"
    likelihood: LikelihoodName | None = None
    binarise: Binarising | None = None
    std: float | None = None
    width: int = WIDTH
    blocks: int = BLOCKS
    noise: float = 0.0
    drop: float = 0.0


def make_config(pictures: Pictures, setup: TrainingSetup) -> PictureConfig:
    """Return the config of a model for some pictures.

    Raises
    ------
    ValueError
        If the choices do not go together.
    """
    share = binary_share(pictures.train.pictures)
    likelihood = setup.likelihood or choose_likelihood(setup.autoencoder, pictures.channels, share)
    fixed = MSE_STD if likelihood == "gaussian" and setup.autoencoder != "vae" else None
    return PictureConfig(
        autoencoder=setup.autoencoder,
        size=pictures.size,
        channels=pictures.channels,
        latent=setup.latent,
        network=setup.network,
        likelihood=likelihood,
        binarise=setup.binarise or ("dynamic" if likelihood == "bernoulli" else None),
        std=setup.std or fixed,
        width=setup.width,
        blocks=setup.blocks,
        noise=setup.noise,
        drop=setup.drop,
        split_seed=pictures.seed,
    )


def train(pictures: Pictures, setup: TrainingSetup, session: Session) -> Outcome:
    """Train a model into a folder; the folder always holds the best one so far.

    Raises
    ------
    TrainingError
        If the loss is no longer a number.
    ModelError
        If there is nothing to resume, or it is of another model.
    SupportError
        If the likelihood can give the pictures no probability.
    """
    torch.manual_seed(setup.fit.seed)  # initial weights take no generator
    config, accelerator = make_config(pictures, setup), session.accelerator
    model = PictureAutoencoder(config)
    held_back = np.ascontiguousarray(pictures.validation.pictures)
    session = session._replace(learned=hashlib.sha256(held_back.data).hexdigest())
    state = session.begin(model, PICTURE_MODELS)
    batches = setup.batches._replace(seed=setup.fit.seed)
    given = (pictures.train.pictures, batches, config.binarise)
    learned = PictureBatches(*given, accelerator.device, session.share)
    validate = Validation(pictures.validation.pictures, setup, accelerator)
    hooks = session.hooks(model, PICTURE_MODELS, validate)
    return fit(model, learned, setup.fit, accelerator, hooks, state)


class Validation:
    """Scores a model on pictures that training does not see; always with the same noise and draws."""

    def __init__(self, pictures: np.ndarray, setup: TrainingSetup, accelerator: Accelerator) -> None:
        self.pictures = pictures[:VALIDATION_PICTURES]
        self.beta = setup.fit.kl.beta
        self.seed = setup.fit.seed
        self.accelerator = accelerator

    def __call__(self, model: nn.Module) -> Scores:
        """Return the scores of a PictureAutoencoder."""
        generator = torch.Generator().manual_seed(self.seed)
        batches = in_batches(self.pictures, VALIDATION_BATCH, self.accelerator.device)
        with self.accelerator.autocast():
            score = mean_of(score_batches(cast(PictureAutoencoder, model), batches, generator))
        figures = dict(zip(FIGURES, (score.squared_error, score.decibels), strict=True))
        return Scores(score.distortion + self.beta * score.rate, score.rate, score.distortion, figures)
