from __future__ import annotations

from musicvae.core.training.fit import State
from musicvae.evaluate.card import Card, lay_card, name_sources
from musicvae.provenance import Provenance

MADE = Provenance("musicvae train a b", 7, "", ("a", "b"), "0.1.0")
CARD = Card("sound", "sounds", "It hums.", "wide.", "On 3 sounds.", [("hum", "0.5"), ("hiss", "2 dB")])


def test_a_card_begins_with_the_heading_that_the_hub_reads() -> None:
    laid = lay_card(CARD, MADE, State(2000, 90)).splitlines()
    assert laid[:4] == ["---", "library_name: musicvae", "tags: [sound]", "---"]
    assert "# A model of sounds, by musicvae" in laid


def test_a_card_says_by_which_command_and_how_long_a_model_was_trained() -> None:
    card = lay_card(CARD, MADE, State(2000, 90))
    assert "\n    musicvae train a b\n\nSeed 7; 2,000 steps in 1.5 minutes; wide.\n" in card


def test_a_card_has_a_row_for_each_figure() -> None:
    assert lay_card(CARD, MADE, State()).endswith("| | |\n|---|---|\n| hum | 0.5 |\n| hiss | 2 dB |\n")


def test_sources_are_named_as_code() -> None:
    assert name_sources(MADE) == "`a`, `b`"
