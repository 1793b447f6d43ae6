"""Put a trained model into the package: weights in half precision, config, card, tunes and plans.

python benchmarks/ship.py benchmarks/work/folk-model musicvae/pretrained/folk --card benchmarks/folk.md
"""

from __future__ import annotations

import argparse
import re
import shutil
from dataclasses import asdict
from pathlib import Path

from musicvae.core.model_store.model_folder import load_model, save_card, save_config, save_weights
from musicvae.measures.folder.music_family import MUSIC_MODELS


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--card", type=Path, required=True)
    arguments = parser.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    arguments.folder.mkdir(parents=True)
    model = load_model(arguments.model, MUSIC_MODELS)
    save_weights(arguments.folder, {name: tensor.half() for name, tensor in model.state_dict().items()})
    save_config(arguments.folder, MUSIC_MODELS, asdict(model.config))
    for name in MUSIC_MODELS.files:
        if not (arguments.model / name).is_file():
            continue  # such as scores, which were not always kept
        shutil.copy(arguments.model / name, arguments.folder / name)
    card = arguments.card.read_text(encoding="utf-8")
    save_card(arguments.folder, re.sub(r"<!-- .* -->\n", "", card))  # where `tell.py` puts its figures


if __name__ == "__main__":
    main()
