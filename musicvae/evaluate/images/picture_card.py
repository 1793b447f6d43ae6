"""A picture model's card: the README.md of its folder, which says what it learned from and how well."""

from __future__ import annotations

from dataclasses import dataclass

from musicvae.evaluate.images.picture_scores import PictureEvaluation
from musicvae.images.data.config import GREY, PictureConfig
from musicvae.provenance import Provenance

_KINDS = {"ae": "autoencoder", "dae": "denoising autoencoder", "vae": "variational autoencoder"}


@dataclass(frozen=True)
class PictureCardFacts:
    """What a card says besides the model's config and provenance.

    Parameters
    ----------
    pictures : int
        That it learned from.
    steps : int
        Of training.
    minutes : float
        Of training.
    scores : PictureEvaluation
        On pictures that training did not see.
    """

    pictures: int
    steps: int
    minutes: float
    scores: PictureEvaluation


_CARD = """\
---
library_name: musicvae
tags: [images, {kind}]
---

# A model of pictures, by musicvae

A {kind}: turns pictures of {config.size} x {config.size} in {colours} into codes of {config.latent}
numbers, and codes into pictures.

## Pictures

{facts.pictures:,} from {sources}. They remain their authors', and what may be done with this model depends
on their licences: whoever trained it knows them, and should say so here before passing it on.

## Training

    {provenance.command}

Seed {provenance.seed}; {facts.steps:,} steps in {facts.minutes:.1f} minutes; musicvae {provenance.version}.
Network: {config.network}, width {config.width}, {config.blocks} block(s).
Likelihood: {config.likelihood}{details}.

## Scores

On {facts.scores.pictures:,} pictures that training did not see.

| | |
|---|---|
{table}
"""


def make_picture_card(config: PictureConfig, provenance: Provenance, facts: PictureCardFacts) -> str:
    """Return the card of a model of pictures, in Markdown."""
    kind = _KINDS[config.autoencoder]
    return _CARD.format(
        config=config,
        provenance=provenance,
        facts=facts,
        kind=kind.replace(" ", "-") if config.autoencoder == "dae" else kind,
        colours="grey" if config.channels == GREY else "colour",
        sources=", ".join(f"`{source}`" for source in provenance.sources),
        details=_details(config),
        table="\n".join(f"| {name} | {figure} |" for name, figure in name_picture_scores(facts.scores)),
    )


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
