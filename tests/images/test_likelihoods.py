from __future__ import annotations

import pytest
import torch

from musicvae.core.bottleneck import AutoencoderKind
from musicvae.core.discretised import DiscretisedLogistic
from musicvae.core.likelihood import Bernoulli, ContinuousBernoulli, Gaussian
from musicvae.images.data.config import Binarising, LikelihoodName, PictureConfig
from musicvae.images.likelihoods import binarise, choose_likelihood, make_likelihood


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
    ("kind", "channels", "share", "name"),
    [
        ("ae", 1, 0.9, "gaussian"),
        ("dae", 3, 0.2, "gaussian"),
        ("vae", 1, 0.9, "bernoulli"),
        ("vae", 1, 0.3, "logistic"),
        ("vae", 3, 0.9, "logistic"),
    ],
)
def test_the_likelihood_suits_kind_and_pictures(
    kind: AutoencoderKind, channels: int, share: float, name: str
) -> None:
    assert choose_likelihood(kind, channels, share) == name


def test_dynamic_binarisation_draws_each_pixel_with_its_grey_as_the_probability() -> None:
    grey = torch.tensor([0.0, 0.2, 0.7, 1.0]).expand(20_000, 4)
    drawn = binarise(grey, "dynamic", torch.Generator().manual_seed(0))
    assert set(drawn.unique().tolist()) == {0, 1}
    torch.testing.assert_close(drawn.mean(0), grey[0], atol=0.02, rtol=0)
    assert drawn[:, 0].max() == 0
    assert drawn[:, 3].min() == 1


def test_a_threshold_cuts_at_a_half_and_no_binarisation_changes_nothing() -> None:
    grey = torch.tensor([0.0, 0.49, 0.5, 1.0])
    assert binarise(grey, "threshold").tolist() == [0, 0, 1, 1]
    assert binarise(grey, None) is grey
