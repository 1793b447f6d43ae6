"""The files of every model folder, by name: see `core.model_store.model_folder`.

Apart from it, and without torch, so that a command can look for a model before it loads any.
"""

from __future__ import annotations

from pathlib import Path

CONFIG, WEIGHTS, CARD, TRAINING = "config.json", "model.safetensors", "README.md", "training.pt"
SCORES = "scores.json"


def is_model_folder(folder: Path) -> bool:
    """Say whether there is a model, or the beginning of one."""
    return any((folder / name).exists() for name in (CONFIG, WEIGHTS, TRAINING))
