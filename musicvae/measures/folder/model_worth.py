"""What a model of music is worth, as its folder says it: `scores.json`, an evaluation and how it was trained.

The file has all figures of an evaluation for whoever wants them; here are those that commands act upon.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from musicvae.core.model_store.model_files import SCORES
from musicvae.core.model_store.model_folder import load_scores, save_scores
from musicvae.errors import ModelError

HARDLY_LEARNED = 0.5  # note F1 on unseen songs, below which codes mean little to a model


class ModelWorth(NamedTuple):
    """How well a model says back songs that training did not see, and what it took to train it.

    Parameters
    ----------
    note_f1 : float
    command : str
        That trained it, as it was typed.
    minutes : float
        Of its training, those of earlier sessions counted in.
    """

    note_f1: float
    command: str
    minutes: float

    @property
    def has_hardly_learned(self) -> bool:
        """Whether codes mean little to the model."""
        return self.note_f1 < HARDLY_LEARNED


def save_model_worth(figures: Mapping[str, Any], command: str, minutes: float, folder: Path) -> None:
    """Write what a model is worth into its folder; `figures` are those of an evaluation, by their names."""
    save_scores(folder, {**figures, "command": command, "minutes": round(minutes, 2)})


def load_model_worth(folder: Path) -> ModelWorth | None:
    """Return what a model is worth, or None if its folder does not say it, as those of older models.

    Raises
    ------
    ModelError
        If that is damaged.
    """
    scores = load_scores(folder)
    if scores is None:
        return None
    try:
        return ModelWorth(float(scores["note_f1"]), str(scores["command"]), float(scores["minutes"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / SCORES} is damaged: copy the folder anew, or train again") from error
