from __future__ import annotations

from musicvae.core.training.fit import State
from musicvae.evaluate.images.picture_card import make_picture_card, name_picture_scores
from musicvae.evaluate.images.picture_scores import PictureEvaluation
from musicvae.images.data.config import PictureConfig
from musicvae.provenance import Provenance

VAE = PictureEvaluation(10_000, 0.01, 20.5, None, 61.25, 25.5, -86.75, 83.125, 0.2, 1000, 0.153, 21)
DAE = VAE._replace(
    corrupted_psnr=12.25,
    rate_nats=None,
    elbo_nats=None,
    nll_nats=None,
    bits_per_dimension=None,
    active_units=None,
)
MADE = Provenance("musicvae images train x.npz", 7, "", ("x.npz",), "0.1.0")


def test_a_card_says_what_the_model_learned_from_how_and_how_well() -> None:
    config = PictureConfig("vae", 28, latent=32, likelihood="bernoulli", binarise="dynamic")
    card = make_picture_card(config, MADE, State(4000, 60 * 59.96), 57_000, VAE)
    assert card.startswith("---\nlibrary_name: musicvae\n")
    for fact in (
        "A variational autoencoder: turns pictures of 28 x 28 in grey into codes of 32\nnumbers",
        "tags: [images, variational-autoencoder]\n",
        "57,000 from `x.npz`.",
        "    musicvae images train x.npz\n",
        "Seed 7; 4,000 steps in 60.0 minutes; musicvae 0.1.0.",
        "Network: conv, width 24, 1 block(s).\nLikelihood: bernoulli, dynamic binarisation.",
        "On 10,000 pictures that training did not see.",
        "| -log p(x) by 1,000 samples, nats a picture | 83.12 |",
        "| bits a dimension | 0.1530 |",
        "| active units | 21 |",
    ):
        assert fact in card, fact
    assert "{" not in card


def test_a_card_of_a_dae_says_what_it_undoes() -> None:
    config = PictureConfig("dae", 32, channels=3, std=0.1, noise=0.3, drop=0.25)
    card = make_picture_card(config, MADE, State(10, 6), 99, DAE)
    assert "tags: [images, denoising-autoencoder]" in card
    assert "standard deviation 0.1, noise 0.3 on the input, clipped to [0, 1], 25% of the input's" in card
    assert "A denoising autoencoder: turns pictures of 32 x 32 in colour" in card


def test_figures_that_a_kind_does_not_have_are_left_out() -> None:
    assert [name for name, _ in name_picture_scores(DAE)] == [
        "pictures",
        "squared error a pixel",
        "PSNR, dB",
        "PSNR of the corrupted pictures, dB",
        "distortion, nats a picture",
    ]
