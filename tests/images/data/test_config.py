from __future__ import annotations

from typing import Any

import pytest

from musicvae.images.data.config import PictureConfig


def test_a_config_knows_the_shape_of_its_pictures() -> None:
    config = PictureConfig("ae", 28, channels=3)
    assert (config.shape, config.pixels) == ((3, 28, 28), 2352)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"autoencoder": "gan"}, "kind must be one of ae, dae, vae"),
        ({"network": "transformer"}, "network must be one of conv, dense"),
        ({"likelihood": "poisson"}, "likelihood must be one of"),
        ({"channels": 2}, "channels must be one of 1, 3"),
        ({"size": 7}, "between 8 and 512 pixels, got 7"),
        ({"latent": 0}, "latent and width must be 1 or more"),
        ({"likelihood": "bernoulli"}, "a Bernoulli says how pixels are binarised"),
        ({"binarise": "dynamic"}, "no other likelihood does"),
        ({"likelihood": "logistic", "std": 0.1}, "is a Gaussian's"),
        ({"noise": 0.3}, "the other kinds take none"),
        ({"autoencoder": "dae"}, "a DAE needs noise or drop"),
        ({"autoencoder": "dae", "noise": 0.1, "drop": 1.0}, r"drop must lie in \[0, 1\)"),
    ],
)
def test_what_cannot_be_a_model_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        PictureConfig(**{"autoencoder": "vae", "size": 28, **fields})
