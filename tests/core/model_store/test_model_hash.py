from __future__ import annotations

import torch

from musicvae.core.model_store.model_hash import hash_model

CONFIG = {"parts": 2, "meters": ["4/4", "3/4"]}
WEIGHTS = {"a": torch.tensor([1.0, 2.5]), "b": torch.tensor([[3]])}


def test_it_is_the_same_on_every_machine_and_in_every_version() -> None:
    assert hash_model(CONFIG, WEIGHTS).hex() == "ca88f3fd372c92ff"


def test_neither_order_nor_half_precision_nor_layout_changes_it() -> None:
    table = torch.arange(6.0).reshape(2, 3)
    assert hash_model({**CONFIG}, {"x": table, "y": table.half()}) == hash_model(
        dict(reversed(CONFIG.items())), {"y": table, "x": table.T.contiguous().T}
    )


def test_a_weight_a_name_a_shape_and_the_config_change_it() -> None:
    others = [
        hash_model(CONFIG, WEIGHTS),
        hash_model({**CONFIG, "parts": 3}, WEIGHTS),
        hash_model(CONFIG, {**WEIGHTS, "a": torch.tensor([1.0, 2.5000002])}),
        hash_model(CONFIG, {"c": WEIGHTS["a"], "b": WEIGHTS["b"]}),
        hash_model(CONFIG, {**WEIGHTS, "b": torch.tensor([3])}),
    ]
    assert len(set(others)) == len(others)
