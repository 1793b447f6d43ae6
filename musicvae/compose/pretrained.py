"""A trained model of music and what is kept beside it: loaded by its name, written, put into the hub."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import torch

from musicvae.core.model_store.hub import download_model, upload_model
from musicvae.core.model_store.model_folder import load_model, save_model
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.shipped import find_model
from musicvae.measures.folder.training_plans import PLANS, load_plan_model, save_plan_model
from musicvae.measures.folder.training_tunes import TUNES, load_tune_index, save_tune_index
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.form.plan_model import PlanModel
from musicvae.midi.likeness.tune_index import TuneIndex
from musicvae.outputs import make_folder


class Pretrained:
    """What a model folder holds.

    Parameters
    ----------
    network : MeasureVAE
    plans : PlanModel, optional
        How the training songs repeat themselves: without it pieces have no plan of repetition.
    tunes : TuneIndex, optional
        What the training songs share with others.
    """

    def __init__(
        self, network: MeasureVAE, plans: PlanModel | None = None, tunes: TuneIndex | None = None
    ) -> None:
        self.network = network
        self.plans = plans
        self.tunes = tunes

    @classmethod
    def from_pretrained(cls, name: str | Path, device: torch.device | str = "cpu") -> Self:
        """Return a model from a folder, by a name that comes with musicvae, or from the hub ("user/model").

        Raises
        ------
        ModelError
            If there is none, or it is damaged or made by a newer musicvae.
        """
        folder = find_model(str(name))
        if not folder.exists() and str(name).count("/") == 1 and not str(name).startswith((".", "/")):
            folder = download_model(str(name), MUSIC_MODELS)
        return cls(load_model(folder, MUSIC_MODELS, device), load_plan_model(folder), load_tune_index(folder))

    def save_pretrained(self, folder: Path | str) -> None:
        """Write the model to a folder, made if it is not there. Inverse of `from_pretrained`."""
        folder = Path(folder)
        make_folder(folder)
        save_model(self.network, folder, MUSIC_MODELS)
        for name in (PLANS, TUNES):  # of a model that was there before
            (folder / name).unlink(missing_ok=True)
        if self.plans is not None:
            save_plan_model(self.plans, folder)
        if self.tunes is not None:
            save_tune_index(self.tunes, folder)

    @staticmethod
    def push_to_hub(folder: Path | str, repository: str) -> None:
        """Put a model folder, its card included, into a repository of the Hugging Face hub."""
        upload_model(Path(folder), repository, MUSIC_MODELS)
