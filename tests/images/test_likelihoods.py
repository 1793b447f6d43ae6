from __future__ import annotations

import pytest

from musicvae.core.discretised import DiscretisedLogistic
from musicvae.core.likelihood import Bernoulli, ContinuousBernoulli, Gaussian
from musicvae.core.objective import AutoencoderKind
from musicvae.images.data.config import Binarising, LikelihoodName, PictureConfig
from musicvae.images.likelihoods import choose_likelihood, make_likelihood


@pytest.mark.parametrize(
    ("name", "how", "kind"),
    [
        ("bernoulli", "dynamic", Bernoulli),
        ("continuous", None, ContinuousBernoulli),
        ("gaussian", None, Gaussian),
        ("logistic", None, DiscretisedLogistic),
    ],
)
def test_a_name_is_a_likelihood(name: LikelihoodName, how: Binarising | None, kind: type) -> None:
    config = PictureConfig("vae", 8, likelihood=name, binarise=how)
    assert type(make_likelihood(config)) is kind


def test_a_gaussian_has_a_spread_of_its_own_unless_it_is_told_one() -> None:
    assert make_likelihood(PictureConfig("ae", 8, std=0.2)).parameters == 1
    assert make_likelihood(PictureConfig("ae", 8)).parameters == 2


@pytest.mark.parametrize(
    ("autoencoder", "channels", "share", "name"),
    [
        ("ae", 1, 0.9, "gaussian"),
        ("dae", 3, 0.2, "gaussian"),
        ("vae", 1, 0.9, "bernoulli"),
        ("vae", 1, 0.3, "logistic"),
        ("vae", 3, 0.9, "logistic"),
    ],
)
def test_the_likelihood_suits_kind_and_pictures(
    autoencoder: AutoencoderKind, channels: int, share: float, name: str
) -> None:
    assert choose_likelihood(autoencoder, channels, share) == name
