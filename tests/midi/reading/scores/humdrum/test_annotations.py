from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.annotations import (
    annotate,
    find_staves,
    parse_harmony,
    parse_syllable,
)
from musicvae.midi.reading.scores.humdrum.spines import Spine
from musicvae.midi.reading.scores.score_walk import PartWalk
from musicvae.midi.songs.song import Part


def staves_of(index: int, *kinds: str) -> list[int]:
    """Return the columns that the column `index` is meant for; a kind may have a part, as in "kern 1"."""
    said = [kind.split() for kind in kinds]
    spines = [Spine(f"**{kind}", part[0] if part else "") for kind, *part in said]
    return [spines.index(staff) for staff in find_staves(spines[index], spines)]


def test_lyrics_are_of_the_staff_on_their_left() -> None:
    assert staves_of(2, "kern", "kern", "text", "kern", "text") == [1]
    assert staves_of(4, "kern", "kern", "text", "kern", "text") == [3]


def test_of_several_verses_the_first_is_read() -> None:
    assert staves_of(2, "kern", "dynam", "text", "text") == [0]
    assert staves_of(3, "kern", "dynam", "text", "text") == []


def test_dynamics_are_of_all_staves_of_their_part() -> None:
    assert staves_of(2, "kern 2", "kern 2", "dynam 2", "kern 1", "dynam 1") == [0, 1]
    assert staves_of(4, "kern 2", "kern 2", "dynam 2", "kern 1", "dynam 1") == [3]


def test_each_staff_of_a_part_has_the_dynamics_nearest_to_it() -> None:
    assert staves_of(1, "kern 1", "dynam 1", "kern 1", "dynam 1") == [0]
    assert staves_of(3, "kern 1", "dynam 1", "kern 1", "dynam 1") == [2]


def test_without_parts_dynamics_are_of_both_staves_or_of_the_nearest_of_more() -> None:
    assert staves_of(2, "kern", "kern", "dynam") == [0, 1]
    assert staves_of(3, "kern", "kern", "kern", "dynam") == [2]
    assert staves_of(1, "kern", "dynam", "kern", "dynam") == [0]


def test_other_spines_are_for_nobody() -> None:
    assert staves_of(1, "kern", "fing") == []
    assert staves_of(0, "text", "kern") == []


@pytest.mark.parametrize(
    ("token", "syllable"),
    [
        *[
            ("wie-", "wie-"),
            ("-li-", "li-"),
            ("-ły,", "ły,"),
            ("na", "na"),
            ("lo_", "lo"),
            ("f&uuml;r", "für"),
        ],
        *[("|", ""), ("_", ""), ("-", ""), ("", "")],
    ],
)
def test_syllables_end_in_a_hyphen_where_their_word_goes_on(token: str, syllable: str) -> None:
    assert parse_syllable(token) == syllable


@pytest.mark.parametrize(
    ("token", "pitches"),
    [
        ("C major", (48, 52, 55)),
        ("B- minor-seventh", (58, 61, 65, 68)),
        ("D major/F#", (42, 50, 57)),
        ("?", None),
    ],
)
def test_chords_in_words_are_pitches(token: str, pitches: tuple[int, ...] | None) -> None:
    assert parse_harmony(token) == pitches


def annotated(kind: str, *tokens: str) -> PartWalk:
    walk = PartWalk(Part(""))
    for tick, token in enumerate(tokens):
        annotate(walk, kind, token, tick)
    return walk


def test_dynamics_are_told_from_hairpins_and_accents() -> None:
    assert annotated("**dynam", "p", "<", "[", "sf", "ff>").dynamics == [(0, 44), (4, 108)]


def test_lyrics_are_gathered_with_their_ticks() -> None:
    assert annotated("**text", "A-", "-ve").lyrics == [(0, "A-"), (1, "ve")]


def test_chords_that_are_not_understood_are_left_out() -> None:
    assert annotated("**mxhm", "C major", "?").chords == [(0, (48, 52, 55))]
