from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from musicvae.measures.folder.identity import identify
from musicvae.measures.folder.model_folder import load_model, save_model
from musicvae.measures.network.model import MeasureVAE


def test_a_model_is_the_same_wherever_it_was_saved(
    make_model: Callable[..., MeasureVAE], tmp_path: Path
) -> None:
    model = make_model()
    save_model(model, tmp_path)
    assert identify(load_model(tmp_path)) == identify(model)


def test_how_it_was_trained_makes_no_other_model(make_model: Callable[..., MeasureVAE]) -> None:
    assert identify(make_model(dropout=0.5, hiding=2.0, bpm=80.0)) == identify(make_model())


def test_other_weights_and_other_meters_make_another_model(make_model: Callable[..., MeasureVAE]) -> None:
    changed = make_model()
    with torch.no_grad():
        next(changed.parameters())[0] += 1e-6
    others = [make_model(), changed, make_model(meters=("3/4", "2/4", "1/8"))]
    assert len({identify(model) for model in others}) == 3
