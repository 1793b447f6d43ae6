"""What a training on pictures leaves beside its model: its scores on a card, curves, and reconstructions.

::

    README.md              the model's card
    curves.png             how the training went
    reconstructions.png    test pictures above what the model makes of them; of a DAE, what it was given too
    codes.safetensors      where the codes of the training pictures lie

Importing this module imports matplotlib: do so only when there is something to draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from musicvae.core.model_store.model_folder import load_model, save_card
from musicvae.core.model_store.model_hash import identify
from musicvae.core.training.fit import Outcome
from musicvae.evaluate.drawing.curves import write_curves
from musicvae.evaluate.drawing.sheet import Line, draw_sheet
from musicvae.evaluate.images.picture_card import make_picture_card
from musicvae.evaluate.images.picture_scores import PictureEvaluation, evaluate_pictures
from musicvae.evaluate.training import Training
from musicvae.images.code_statistics import locate_codes, save_cloud
from musicvae.images.data.batches import to_floats, to_levels
from musicvae.images.data.read import Pictures
from musicvae.images.model import PictureAutoencoder
from musicvae.images.picture_family import PICTURE_MODELS
from musicvae.images.training import TrainingSetup

PICTURE = "reconstructions.png"
SCORED, SHOWN = 2000, 12  # pictures


def write_picture_results(
    training: Training[Pictures, TrainingSetup], outcome: Outcome, history: Mapping[str, Sequence[float]]
) -> PictureEvaluation | None:
    """Write everything, and return how the best model does on test pictures, the first 2,000.

    None if there is no model yet: then there are only curves.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    if any(history.values()):
        write_curves(history, training.folder)
    if not outcome.has_model:
        return None
    model, tested = load_model(training.folder, PICTURE_MODELS), training.data.test.pictures
    save_cloud(locate_codes(model, training.data), training.folder, identify(model, PICTURE_MODELS))
    lines = reconstruction_lines(model, tested[:SHOWN], training.setup.fit.seed)
    draw_sheet(lines, training.folder / PICTURE, overwrite=True)
    scores = evaluate_pictures(model, tested[:SCORED], seed=training.setup.fit.seed)
    learned = len(training.data.train.pictures)
    card = make_picture_card(model.config, training.provenance, outcome.state, learned, scores)
    save_card(training.folder, card)
    return scores


@torch.inference_mode()
def reconstruction_lines(model: PictureAutoencoder, pictures: np.ndarray, seed: int) -> list[Line]:
    """Return pictures above what the model makes of them: a DAE is given them corrupted, which is shown too.

    Parameters
    ----------
    model : PictureAutoencoder
    pictures : np.ndarray of uint8, shape (N, C, H, W)
    seed : int
        Of the corruption.
    """
    x = to_floats(pictures, next(model.parameters()).device)
    if model.config.autoencoder != "dae":
        return [Line("original", pictures), Line("reconstruction", to_levels(model.decode(model.encode(x))))]
    noisy = model.corruption(x, torch.Generator().manual_seed(seed))
    denoised = model.decode(model.encode(noisy))
    return [
        Line("original", pictures),
        Line("noisy", to_levels(noisy)),
        Line("denoised", to_levels(denoised)),
    ]
