"""The card of a model of measures.

It says what kind of model it is and how to use it, of which songs it learned, and its scores.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from musicvae.core.objective import AutoencoderKind
from musicvae.core.training.fit import State
from musicvae.evaluate.card import Card, lay_card, name_sources
from musicvae.evaluate.music.reconstruction import Evaluation
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.folder.training_plans import PLANS
from musicvae.measures.folder.training_tunes import TUNES
from musicvae.midi.arranging.seats import are_seats
from musicvae.midi.songs.instruments import KINDS
from musicvae.provenance import Provenance

MOST_NAMED = 8  # meters, styles
# What a model of each kind is for: what to type after `musicvae`.
USES: Mapping[AutoencoderKind, tuple[str, ...]] = {
    "ae": ("compress", "SONG", "OUT.mvz"),
    "dae": ("reconstruct", "SONG"),
    "vae": ("generate", "out.mid"),
}


class Learned(NamedTuple):
    """How much music a model learned from, and how it does on songs that training did not see."""

    songs: int
    measures: int
    scores: Evaluation


_ABOUT = """\
{what}

    musicvae {use} --model FOLDER

## Music

{learned.songs:,} songs with {learned.measures:,} measures, from {sources}.
Parts: {parts}. Grid: {config.steps_per_beat} steps a beat. Meters: {meters}.{styles}

The songs remain their authors', and what may be done with this model and its music depends on their
licences: whoever trained it knows them, and should say so here before passing it on.

Of the songs that were trained on, the folder keeps the names (titles, or else files) and hashes of their
n-grams, by which new music is compared with them (`{tunes}`), and how they repeat their measures, in counts
over all of them, from which new music has its form (`{plans}`)."""

_NETWORK = """\
decoder: {config.decoder};
{codes}; kind: {config.autoencoder}; musicvae {version}."""

_SCORED_ON = """\
On the openings of {scores.songs} songs that training did not see ({scores.measures:,} measures);
{codes}, decoding is greedy and free-running."""


class _Words(NamedTuple):
    """What a card says by the kind of its model."""

    tag: str
    what: str
    codes: str


_BY_KIND: Mapping[AutoencoderKind, _Words] = {
    "ae": _Words(
        "autoencoder",
        "Turns the measures of songs into codes, which are points, and codes into measures.",
        "codes are points",
    ),
    "dae": _Words(
        "denoising-autoencoder",
        "Turns measures with wrong notes into codes, which are points, and codes into clean measures.",
        "codes are points",
    ),
    "vae": _Words(
        "variational-autoencoder",
        "Turns the measures of songs into codes and codes into measures, and writes new music.",
        "codes are posterior means",
    ),
}


def make_card(config: MeasureVAEConfig, provenance: Provenance, state: State, learned: Learned) -> str:
    """Return the card of a model, in Markdown, given where its training ended."""
    words = _BY_KIND[config.autoencoder]
    card = Card(
        tags=f"music, midi, {words.tag}",
        subject="measures",
        about=_about(config, provenance, learned),
        network=_NETWORK.format(config=config, codes=_count_numbers(config), version=provenance.version),
        scored_on=_SCORED_ON.format(scores=learned.scores, codes=words.codes),
        figures=name_scores(learned.scores),
    )
    return lay_card(card, provenance, state)


def _about(config: MeasureVAEConfig, provenance: Provenance, learned: Learned) -> str:
    """Say what the model is for and what it learned from."""
    return _ABOUT.format(
        config=config,
        learned=learned,
        what=_BY_KIND[config.autoencoder].what,
        use=shlex.join(USES[config.autoencoder]),
        sources=name_sources(provenance),
        parts=_name_parts(config),
        meters=_name_first(config.meters),
        styles=f" Styles: {_name_first(config.styles)}." if config.styles else "",
        tunes=TUNES,
        plans=PLANS,
    )


def _name_parts(config: MeasureVAEConfig) -> str:
    """Return the parts that the model speaks, and of seats which instruments it has heard there."""
    if not are_seats(config.parts):
        return f"{', '.join(part.name for part in config.parts)} ({config.ensemble})"
    heard = [name for name, pitch in zip(KINDS, config.registers, strict=True) if pitch]
    return f"as the songs have them, at {len(config.parts)} seats: {_name_first(heard)}"


def _count_numbers(config: MeasureVAEConfig) -> str:
    """Return how many numbers a code has."""
    each = f"{config.latent} numbers a code"
    return f"{each}, and a code for each of {config.codes_a_measure} seats" if config.has_bands else each


def _name_first(names: Sequence[str]) -> str:
    """Name the first, and count the others."""
    others = len(names) - MOST_NAMED
    return ", ".join([*names[:MOST_NAMED], *([f"and {others} more"] if others > 0 else [])])


def name_scores(scores: Evaluation) -> list[tuple[str, str]]:
    """Return the figures of an evaluation as people read them, each with its name and unit."""
    figures = [
        ("steps right", f"{scores.step_accuracy:.2%}"),
        ("onset F1", f"{scores.onset_f1:.4f}"),
        ("note F1 (onset, pitch, part and length)", f"{scores.note_f1:.4f}"),
        ("rate, nats a measure", f"{scores.rate_nats:.1f}"),
        ("distortion, nats a measure", f"{scores.distortion_nats:.2f}"),
        ("ELBO, nats a step", f"{scores.elbo_nats_per_step:.3f}"),
        ("active units", f"{scores.active_units}"),
    ]
    if scores.without_code_nats is not None:
        figures.append(("without codes, nats a measure", f"{scores.without_code_nats:.1f}"))
    return figures
