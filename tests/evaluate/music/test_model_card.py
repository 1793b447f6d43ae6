from __future__ import annotations

from dataclasses import replace

from musicvae.core.objective import AutoencoderKind
from musicvae.core.training.fit import State
from musicvae.evaluate.music.model_card import Learned, make_card, name_scores
from musicvae.evaluate.music.reconstruction import Evaluation
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.provenance import Provenance

SCORES = Evaluation(24, 384, 0.9971, 0.998, 0.993, 41.2, 0.31, 16.8, -2.6, 40)


def test_a_card_says_what_the_model_learned_from_how_and_how_well() -> None:
    meters = ("6/8", "2/4", "3/4", "4/4", "9/8", "2/2", "3/8", "5/4", "7/8", "1/8")
    config = MeasureVAEConfig("band", ENSEMBLES["band"], 12, meters, (0.1,) * 10, steps=54, latent=48)
    made = Provenance("musicvae train songs", 7, "folk", ("songs", "more"), "0.1.0")
    card = make_card(config, made, State(4000, 60 * 59.96), Learned(1234, 56789, SCORES))
    assert card.startswith("---\nlibrary_name: musicvae\n")
    for fact in (
        "1,234 songs with 56,789 measures, from `songs`, `more`.",
        "Parts: drums, bass, chords, melody (band). Grid: 12 steps a beat.",
        "6/8, 2/4, 3/4, 4/4, 9/8, 2/2, 3/8, 5/4, and 2 more",
        "    musicvae train songs\n",
        "Seed 7; 4,000 steps in 60.0 minutes; decoder: recurrent;",
        "48 numbers a code; kind: vae; musicvae 0.1.0.",
        "the names (titles, or else files) and hashes of their\nn-grams",
        "`tunes.safetensors`",
        "`plans.json`",
        "| steps right | 99.71% |",
        "| without codes, nats a measure | 16.8 |",
    ):
        assert fact in card, fact
    assert "{" not in card
    assert "Styles" not in card


def test_a_card_says_what_kind_its_model_is_of_and_what_that_is_for() -> None:
    plain = MeasureVAEConfig("melody", ENSEMBLES["melody"], 4, ("2/4",), (1.0,), 8)
    kinds: tuple[tuple[AutoencoderKind, str], ...] = (
        ("ae", "compress SONG OUT.mvz"),
        ("dae", "reconstruct SONG"),
        ("vae", "generate out.mid"),
    )
    for kind, use in kinds:
        config = replace(plain, autoencoder=kind)
        card = make_card(config, Provenance("musicvae train songs"), State(10, 6), Learned(9, 99, SCORES))
        assert f"musicvae {use} --model FOLDER" in card
        assert f"kind: {kind};" in card
        assert ("posterior" in card) == (kind == "vae")


def test_a_card_names_the_styles_that_the_model_knows() -> None:
    config = MeasureVAEConfig("melody", ENSEMBLES["melody"], 4, ("2/4",), (1.0,), 8, styles=("airs", "jigs"))
    card = make_card(config, Provenance("musicvae train songs"), State(10, 6), Learned(9, 99, SCORES))
    assert "Meters: 2/4. Styles: airs, jigs.\n" in card


def test_a_decoder_that_needs_codes_has_no_figure_without_them() -> None:
    names = [name for name, _ in name_scores(SCORES._replace(without_code_nats=None))]
    assert "rate, nats a measure" in names
    assert "without codes, nats a measure" not in names
