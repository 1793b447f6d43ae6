"""A model's card: the README.md of its folder, which says what it learned from and how well.

Written as the Hugging Face hub has it: a heading of metadata, then Markdown. Here is what cards have in
common; what they say of music and of pictures is in `evaluate.music.model_card` and
`evaluate.images.picture_card`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from musicvae.core.training.fit import State
from musicvae.provenance import Provenance

Figures = Sequence[tuple[str, str]]  # as people read them, each with its name and unit


class Card(NamedTuple):
    """What a card says by the kind of its model: `about` it and its data, of its network, and how it did."""

    tags: str
    subject: str
    about: str
    network: str
    scored_on: str
    figures: Figures


_CARD = """\
---
library_name: musicvae
tags: [{card.tags}]
---

# A model of {card.subject}, by musicvae

{card.about}

## Training

    {provenance.command}

Seed {provenance.seed}; {state.step:,} steps in {minutes:.1f} minutes; {card.network}

## Scores

{card.scored_on}

| | |
|---|---|
{table}
"""


def lay_card(card: Card, provenance: Provenance, state: State) -> str:
    """Return a card in Markdown, given where its training ended."""
    table = "\n".join(f"| {name} | {figure} |" for name, figure in card.figures)
    return _CARD.format(
        card=card, provenance=provenance, state=state, minutes=state.seconds / 60, table=table
    )


def name_sources(provenance: Provenance) -> str:
    """Return what a model learned from, as code."""
    return ", ".join(f"`{source}`" for source in provenance.sources)
