from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from musicvae.compose.generate import (
    DRAWN_AGAIN,
    choose_outlines,
    count_measures,
    generate,
    parse_known_meters,
)
from musicvae.compose.options import PieceOptions
from musicvae.compose.performance.script import Script, perform
from musicvae.errors import ModelError, SongError
from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.form.plan_model import PlanModel, fit_plan_model
from musicvae.midi.form.plans import Plan
from musicvae.midi.songs.measure_notes import measure_key, split_measures
from musicvae.midi.songs.song import Meter, Song, Tempo

OPTIONS = PieceOptions(count=3, measures=4)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_pieces_have_the_number_and_length_asked_for(model: MeasureVAE) -> None:
    pieces = generate(model, OPTIONS, seeded())
    assert [piece.measures for piece in pieces] == [4] * 3
    assert all(len(piece.notes) for piece in pieces)
    assert all((piece.parts, piece.grid) == (model.config.parts, model.config.grid) for piece in pieces)


def test_the_same_seed_gives_the_same_pieces(model: MeasureVAE) -> None:
    first, again, other = (generate(model, OPTIONS, seeded(seed)) for seed in (0, 0, 1))
    assert first == again != other


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[int]]:
    """Return what takes the notes of the first piece away so many times, and tells how many were written."""

    def begin(times: int) -> list[int]:
        asked: list[int] = []

        def perform_silently(model: MeasureVAE, scripts: Sequence[Script], *how: Any) -> list[Song]:
            songs = perform(model, scripts, *how)
            asked.append(len(songs))
            silent = replace(songs[0], notes=songs[0].notes[:0])
            return [silent, *songs[1:]] if len(asked) <= times else songs

        monkeypatch.setattr("musicvae.compose.generate.perform", perform_silently)
        return asked

    return begin


def test_a_piece_without_notes_is_drawn_again_and_the_others_stay(
    model: MeasureVAE, silence: Callable[[int], list[int]]
) -> None:
    first, *others = generate(model, OPTIONS, seeded())
    asked = silence(2)
    again = generate(model, OPTIONS, seeded())
    assert asked == [3, 1, 1]
    assert len(again[0].notes)
    assert again[0] != first
    assert again[1:] == others


def test_a_piece_that_never_has_notes_is_left_without(
    model: MeasureVAE, silence: Callable[[int], list[int]]
) -> None:
    asked = silence(99)
    pieces = generate(model, OPTIONS, seeded())
    assert asked == [3, *[1] * DRAWN_AGAIN]
    assert [len(piece.notes) > 0 for piece in pieces] == [False, True, True]


def test_codes_from_the_prior_are_drawn_anew_too(
    model: MeasureVAE, silence: Callable[[int], list[int]]
) -> None:
    from_prior = replace(OPTIONS, count=1, from_prior=True)
    [first] = generate(model, from_prior, seeded())
    silence(1)
    assert generate(model, from_prior, seeded()) != [first]


def test_pieces_are_in_the_meter_asked_for(model: MeasureVAE) -> None:
    pieces = generate(model, replace(OPTIONS, meter="3/4"), seeded())
    assert [piece.meters for piece in pieces] == [(Meter(3, 4),) * 4] * 3


def test_a_meter_that_the_model_never_heard_is_refused(model: MeasureVAE) -> None:
    with pytest.raises(SongError, match="never heard 6/8: ask for one of 2/4, 3/4"):
        generate(model, replace(OPTIONS, meter="6/8"), seeded())


def test_meters_are_drawn_as_often_as_they_were_heard(model: MeasureVAE) -> None:
    outlines = choose_outlines(model.config, PieceOptions(count=4000), seeded())
    drawn = Counter(str(outline.meters[0]) for outline in outlines)
    assert drawn["2/4"] / 4000 == pytest.approx(0.75, abs=0.03)
    assert drawn.keys() == {"2/4", "3/4"}
    assert {(outline.key, outline.style) for outline in outlines} == {(0, 0)}


def test_a_piece_keeps_its_meter(model: MeasureVAE) -> None:
    assert all(
        len(set(piece.meters)) == 1 for piece in generate(model, PieceOptions(count=8, measures=3), seeded())
    )


def test_pieces_have_the_usual_tempo_or_the_one_asked_for(model: MeasureVAE) -> None:
    assert generate(model, OPTIONS, seeded())[0].tempi == (Tempo(0, 96.0),)
    assert generate(model, replace(OPTIONS, bpm=60.0), seeded())[0].tempi == (Tempo(0, 60.0),)


def test_at_a_temperature_of_zero_the_seed_does_not_matter(model: MeasureVAE) -> None:
    safe = replace(OPTIONS, temperature=0.0, meter="2/4")
    assert generate(model, safe, seeded(0)) == generate(model, safe, seeded(1))


def test_codes_from_the_prior_give_each_piece_its_own_music(model: MeasureVAE) -> None:
    from_prior = replace(OPTIONS, temperature=0.0, meter="2/4", from_prior=True)
    first, again, other = (generate(model, from_prior, seeded(seed)) for seed in (0, 0, 1))
    assert first == again != other
    assert first != generate(model, replace(from_prior, from_prior=False), seeded())


def test_notes_for_codes_from_the_prior_are_the_likeliest_ones(model: MeasureVAE) -> None:
    cold, warm = (replace(OPTIONS, meter="2/4", from_prior=True, temperature=t) for t in (0.0, 1.0))
    assert generate(model, cold, seeded()) == generate(model, warm, seeded())


def test_a_decoder_that_does_not_hear_the_song_draws_codes_unasked(conv: MeasureVAE) -> None:
    asked_for = replace(OPTIONS, from_prior=True)
    assert generate(conv, OPTIONS, seeded()) == generate(conv, asked_for, seeded())


@pytest.mark.parametrize("nonsense", [{"count": 0}, {"measures": 0}, {"count": -1}, {"temperature": -0.1}])
def test_nonsense_is_refused(nonsense: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least one piece of one measure|cannot be negative"):
        PieceOptions(**nonsense)  # type: ignore[arg-type]


def test_progress_is_told(model: MeasureVAE) -> None:
    told: list[tuple[int, int]] = []
    generate(model, OPTIONS, seeded(), on_progress=lambda measures, of: told.append((measures, of)))
    assert told[-1] == (4, 4)


# ---- what the model knows of songs: meters, keys and styles together

JIG, REEL = 1, 2
IN_TWO, IN_THREE = 0, 1
C, G, D_MINOR = 1, 8, 15


@pytest.fixture
def known(model: MeasureVAE) -> MeasureVAEConfig:
    """Return the config of a model of jigs in 3/4 and reels in 2/4."""
    kinds = (
        SongKind(JIG, IN_THREE, C, 0.5),
        SongKind(REEL, IN_TWO, G, 0.3),
        SongKind(REEL, IN_TWO, D_MINOR, 0.2),
    )
    return replace(model.config, kinds=kinds)


def drawn_kinds(config: MeasureVAEConfig, **wanted: str) -> Counter[tuple[str, int, int]]:
    """Return how often of 1,000 pieces each meter, key and style came together."""
    outlines = choose_outlines(config, PieceOptions(count=1000, **wanted), seeded())  # type: ignore[arg-type]
    return Counter((str(outline.meters[0]), outline.key, outline.style) for outline in outlines)


def test_meter_key_and_style_come_as_they_came_together(known: MeasureVAEConfig) -> None:
    drawn = drawn_kinds(known)
    assert drawn.keys() == {("3/4", C, JIG), ("2/4", G, REEL), ("2/4", D_MINOR, REEL)}
    assert drawn["2/4", G, REEL] == pytest.approx(300, abs=50)


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ({"style": "jigs"}, {("3/4", C, JIG)}),
        ({"style": "reels"}, {("2/4", G, REEL), ("2/4", D_MINOR, REEL)}),
        ({"meter": "3/4"}, {("3/4", C, JIG)}),
        ({"key": "d minor"}, {("2/4", D_MINOR, REEL)}),
        ({"meter": "2/4", "key": "G"}, {("2/4", G, REEL)}),
    ],
)
def test_what_is_asked_for_brings_what_goes_with_it(
    known: MeasureVAEConfig, wanted: dict[str, str], kinds: set[tuple[str, int, int]]
) -> None:
    assert drawn_kinds(known, **wanted).keys() == kinds


@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ({"style": "jigs", "key": "G"}, {("3/4", G, JIG)}),
        ({"style": "jigs", "meter": "2/4"}, {("2/4", C, JIG)}),
        ({"key": "F# major"}, {("3/4", 7, JIG), ("2/4", 7, REEL)}),
    ],
)
def test_what_no_song_has_is_written_all_the_same(
    known: MeasureVAEConfig, wanted: dict[str, str], kinds: set[tuple[str, int, int]]
) -> None:
    assert drawn_kinds(known, **wanted).keys() == kinds


def test_a_style_that_the_model_does_not_know_is_refused(known: MeasureVAEConfig) -> None:
    with pytest.raises(SongError, match="no style 'waltzes': ask for one of jigs, reels"):
        drawn_kinds(known, style="waltzes")
    with pytest.raises(SongError, match="its songs all came from one folder"):
        drawn_kinds(replace(known, styles=(), kinds=()), style="waltzes")


def test_a_key_that_cannot_be_read_is_refused(known: MeasureVAEConfig) -> None:
    with pytest.raises(SongError, match="'H dur' is not a key"):
        drawn_kinds(known, key="H dur")


# ---- lengths, lists of meters and forms


@pytest.mark.parametrize(
    ("wanted", "measures"),
    [
        (PieceOptions(), 16),
        (PieceOptions(measures=5), 5),
        (PieceOptions(form="A8 B4"), 12),
        (PieceOptions(form="AABA"), 16),
        (PieceOptions(form="AB"), 16),
        (PieceOptions(form="ABA"), 24),
        (PieceOptions(form="ABACA"), 20),
        (PieceOptions(form="ABA", measures=12), 12),
    ],
)
def test_a_piece_is_as_long_as_is_asked_for_or_as_its_form_needs(wanted: PieceOptions, measures: int) -> None:
    assert count_measures(wanted) == measures


def test_a_list_of_meters_says_each_measures_meter_and_how_many_there_are(model: MeasureVAE) -> None:
    pieces = generate(model, PieceOptions(count=2, meter="2/4x2,3/4,2/4"), seeded())
    assert [piece.meters for piece in pieces] == [(Meter(2, 4), Meter(2, 4), Meter(3, 4), Meter(2, 4))] * 2


@pytest.mark.parametrize(
    ("text", "asked", "usual", "lengths"),
    [
        ("3/4", None, 8, {"3/4": 8}),
        ("3/4", 5, 8, {"3/4": 5}),
        ("2/4,3/4", None, 8, {"2/4": 1, "3/4": 1}),
        ("2/4x3, 3/4 x 2", None, 8, {"2/4": 3, "3/4": 2}),
        ("2/4×3", 3, 8, {"2/4": 3}),
    ],
)
def test_meters_are_read_for_new_measures(
    model: MeasureVAE, text: str, asked: int | None, usual: int, lengths: dict[str, int]
) -> None:
    assert Counter(map(str, parse_known_meters(model.config, text, asked, usual))) == lengths


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"meter": "2/4x2,6/8x2"}, "never heard 6/8"),
        ({"meter": "2/4x2,3/4x2", "measures": 5}, "has 4 measures, not 5"),
        ({"meter": "two four"}, "not a meter"),
        ({"form": "A?"}, "not a form"),
        ({"form": "AAB", "measures": 8}, "cannot be cut into 3 sections"),
        ({"form": "A4 B4", "measures": 16}, "has 8 measures, not 16"),
        ({"form": "A4 B4", "meter": "2/4x6"}, "has 8 measures, not 6"),
        ({"form": "AB A", "meter": "2/4x4,3/4x2"}, "measure 5, in 3/4, takes up measure 1, in 2/4"),
    ],
)
def test_what_cannot_be_read_or_followed_is_refused(
    model: MeasureVAE, options: dict[str, int | str], message: str
) -> None:
    with pytest.raises(SongError, match=message):
        generate(model, PieceOptions(count=1, **options), seeded())  # type: ignore[arg-type]


def sections(piece: Song, lengths: list[int]) -> list[tuple[bytes, ...]]:
    """Return what there is to compare of each section: its notes, held over from another one or not."""
    keys = [measure_key(measure) for measure in split_measures(piece)]
    ends = np.cumsum(lengths).tolist()
    return [tuple(keys[end - length : end]) for end, length in zip(ends, lengths, strict=True)]


def test_sections_of_one_letter_are_the_same_note_for_note(model: MeasureVAE) -> None:
    for piece in generate(model, PieceOptions(form="AABA", measures=12), seeded()):
        a, again, b, last = sections(piece, [3, 3, 3, 3])
        assert a == again == last
        assert not set(a) & set(b)


def test_a_primed_section_takes_up_its_letter_with_changes(model: MeasureVAE) -> None:
    [piece] = generate(model, PieceOptions(count=1, form="A3 A'3 B2 A'3"), seeded())
    a, varied, _, again = sections(piece, [3, 3, 2, 3])
    assert varied == again
    assert not set(a) & set(varied)


def test_a_form_goes_with_a_list_of_meters(model: MeasureVAE) -> None:
    [piece] = generate(model, PieceOptions(count=1, form="ABAB", meter="2/4x2,3/4x2,2/4x2,3/4x2"), seeded())
    a, b, a_again, b_again = sections(piece, [2, 2, 2, 2])
    assert (a, b) == (a_again, b_again)


def test_a_form_goes_with_codes_from_the_prior(model: MeasureVAE) -> None:
    [piece] = generate(model, PieceOptions(count=1, form="AA", measures=4, from_prior=True), seeded())
    a, again = sections(piece, [2, 2])
    assert a == again


def test_a_decoder_that_does_not_hear_the_song_follows_no_form(conv: MeasureVAE) -> None:
    with pytest.raises(ModelError, match="trained with a recurrent decoder"):
        generate(conv, PieceOptions(count=1, form="AA", measures=4), seeded())


@pytest.fixture
def twice() -> PlanModel:
    """Return the plans of songs of four measures whose second half is the first one again."""
    return fit_plan_model([Plan(np.array([-1, -1, 0, 1]), np.zeros(4, bool))] * 1000)


def test_without_a_form_pieces_repeat_themselves_as_songs_do(model: MeasureVAE, twice: PlanModel) -> None:
    for piece in generate(model, OPTIONS, seeded(), twice):
        first, again = sections(piece, [2, 2])
        assert first == again
        assert piece.notes["start"].min() == 0  # and begin without an upbeat


def test_the_form_goes_before_the_plans_of_songs(model: MeasureVAE, twice: PlanModel) -> None:
    for piece in generate(model, replace(OPTIONS, form="ABCD"), seeded(), twice):
        assert len(set(sections(piece, [1] * 4))) == 4


def test_codes_from_the_prior_have_no_plan(model: MeasureVAE, twice: PlanModel) -> None:
    prior = replace(OPTIONS, from_prior=True)
    assert generate(model, prior, seeded(), twice) == generate(model, prior, seeded())
