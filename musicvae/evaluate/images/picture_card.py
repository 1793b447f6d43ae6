"""The card of a model of pictures, which says what it learned from and how well."""

from __future__ import annotations

from musicvae.core.training.fit import State
from musicvae.evaluate.card import Card, lay_card, name_sources
from musicvae.evaluate.images.picture_scores import PictureEvaluation
from musicvae.images.data.config import GREY, PictureConfig
from musicvae.provenance import Provenance

_KINDS = {"ae": "An autoencoder", "dae": "A denoising autoencoder", "vae": "A variational autoencoder"}

_ABOUT = """\
{kind}: turns pictures of {config.size} x {config.size} in {colours} into codes of {config.latent}
numbers, and codes into pictures.

## Pictures

{pictures:,} from {sources}. They remain their authors', and what may be done with this model depends
on their licences: whoever trained it knows them, and should say so here before passing it on."""

_NETWORK = """\
musicvae {version}.
Network: {config.network}, width {config.width}, {config.blocks} block(s).
Likelihood: {config.likelihood}{details}."""


def make_picture_card(
    config: PictureConfig, provenance: Provenance, state: State, pictures: int, scores: PictureEvaluation
) -> str:
    """Return the card of a model of pictures, in Markdown.

    Parameters
    ----------
    config : PictureConfig
    provenance : Provenance
    state : State
        Where its training ended.
    pictures : int
        That it learned from.
    scores : PictureEvaluation
        On pictures that training did not see.
    """
    kind, colours = _KINDS[config.autoencoder], "grey" if config.channels == GREY else "colour"
    sources = name_sources(provenance)
    card = Card(
        tags=f"images, {kind.partition(' ')[2].replace(' ', '-')}",
        subject="pictures",
        about=_ABOUT.format(config=config, kind=kind, colours=colours, pictures=pictures, sources=sources),
        network=_NETWORK.format(config=config, version=provenance.version, details=_details(config)),
        scored_on=f"On {scores.pictures:,} pictures that training did not see.",
        figures=name_picture_scores(scores),
    )
    return lay_card(card, provenance, state)


def _details(config: PictureConfig) -> str:
    told = [
        f"{config.binarise} binarisation" if config.binarise else "",
        f"standard deviation {config.std:g}" if config.std else "",
        f"noise {config.noise:g} on the input, clipped to [0, 1]" if config.noise else "",
        f"{config.drop:.0%} of the input's pixels dropped" if config.drop else "",
    ]
    return "".join(f", {each}" for each in told if each)


def name_picture_scores(scores: PictureEvaluation) -> list[tuple[str, str]]:
    """Return the figures of an evaluation as people read them, each with its name and unit."""
    named: list[tuple[str, float | int | None, str]] = [
        ("pictures", scores.pictures, ",d"),
        ("squared error a pixel", scores.mse, ".5f"),
        ("PSNR, dB", scores.psnr, ".2f"),
        ("PSNR of the corrupted pictures, dB", scores.corrupted_psnr, ".2f"),
        ("distortion, nats a picture", scores.distortion_nats, ".2f"),
        ("rate, nats a picture", scores.rate_nats, ".2f"),
        ("ELBO, nats a picture", scores.elbo_nats, ".2f"),
        (f"-log p(x) by {scores.importance_samples:,} samples, nats a picture", scores.nll_nats, ".2f"),
        ("bits a dimension", scores.bits_per_dimension, ".4f"),
        ("active units", scores.active_units, "d"),
    ]
    return [(name, format(value, how)) for name, value, how in named if value is not None]
