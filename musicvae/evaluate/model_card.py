"""A model's card: the README.md of its folder, which says what it learned from and how well.

Written as the Hugging Face hub has it: a heading of metadata, then Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass

from musicvae.evaluate.reconstruction import Evaluation
from musicvae.measures.config import MeasureVAEConfig

MOST_METERS = 8


@dataclass(frozen=True)
class CardFacts:
    """What a card says besides the model's config.

    Parameters
    ----------
    sources : tuple of str
        The folders and files of the songs.
    songs, measures, notes : int
        What was read from them.
    command : str
        That trained it.
    seed : int
    steps : int
        Of training.
    minutes : float
        Of training.
    scores : Evaluation
        On songs that training did not see.
    """

    sources: tuple[str, ...]
    songs: int
    measures: int
    notes: int
    command: str
    seed: int
    steps: int
    minutes: float
    scores: Evaluation


_CARD = """\
---
library_name: musicvae
tags: [music, midi, variational-autoencoder]
---

# A model of measures, by musicvae

Turns the measures of songs into codes and codes into measures, and writes new music.

    musicvae generate --model FOLDER out.mid

## Music

{songs:,} songs with {measures:,} measures and {notes:,} notes, from {sources}.
Parts: {parts} ({ensemble}). Grid: {steps_per_beat} steps a beat. Meters: {meters}.

The songs remain their authors', and what may be done with this model and its music depends on their
licences: whoever trained it knows them, and should say so here before passing it on.

## Training

    {command}

Seed {seed}; {steps:,} steps in {minutes:.1f} minutes; decoder: {decoder}; {latent} numbers a code.

## Scores

On {scores.songs} songs ({scores.measures:,} measures) that training did not see: codes are posterior means,
decoding is greedy and free-running.

| | |
|---|---|
| steps right | {scores.step_accuracy:.2%} |
| onset F1 | {scores.onset_f1:.4f} |
| note F1 (onset, pitch, part and length) | {scores.note_f1:.4f} |
| rate, nats a measure | {scores.rate_nats:.1f} |
| distortion, nats a measure | {scores.distortion_nats:.2f} |
| without codes, nats a measure | {scores.without_code_nats:.1f} |
| ELBO, nats a step | {scores.elbo_nats_per_step:.3f} |
| active units | {scores.active_units} of {latent} |
"""


def make_card(config: MeasureVAEConfig, facts: CardFacts) -> str:
    """Return the card of a model, in Markdown."""
    meters = list(config.meters[:MOST_METERS])
    if len(config.meters) > MOST_METERS:
        meters.append(f"and {len(config.meters) - MOST_METERS} more")
    return _CARD.format(
        **{**vars(facts), "sources": ", ".join(f"`{source}`" for source in facts.sources)},
        parts=", ".join(part.name for part in config.parts),
        ensemble=config.ensemble,
        steps_per_beat=config.steps_per_beat,
        meters=", ".join(meters),
        decoder=config.decoder,
        latent=config.latent,
    )
