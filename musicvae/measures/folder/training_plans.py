"""How the songs that a model was trained on repeat themselves, in its folder: `plans.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from musicvae.errors import ModelError
from musicvae.measures.data.store import MeasureStore, store_to_song
from musicvae.midi.form.plan_model import PlanModel, fit_plan_model, json_to_plan_model
from musicvae.midi.form.plans import find_plan
from musicvae.midi.songs.song import Grid, Part
from musicvae.outputs import new_file

PLANS = "plans.json"


def build_plan_model(store: MeasureStore, songs: np.ndarray, parts: Sequence[Part], grid: Grid) -> PlanModel:
    """Return the model of the plans of some songs of a store."""
    return fit_plan_model([find_plan(store_to_song(store, index, parts, grid)) for index in songs.tolist()])


def save_plan_model(plans: PlanModel, folder: Path) -> None:
    """Write a plan model into a model folder. Inverse of `load_plan_model`."""
    with new_file(folder / PLANS) as temporary:
        temporary.write_text(json.dumps(plans.to_json()) + "\n", encoding="utf-8")


def load_plan_model(folder: Path) -> PlanModel | None:
    """Return the plan model of a model folder, or None if it has none.

    Raises
    ------
    ModelError
        If it is damaged.
    """
    try:
        return json_to_plan_model(json.loads((folder / PLANS).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{folder / PLANS} is damaged: copy the folder anew, or train again") from error
