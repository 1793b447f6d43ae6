from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.chord_symbols import (
    KINDS,
    alter_degree,
    chord_pitches,
    parse_chord,
    read_quality,
)


@pytest.mark.parametrize(
    ("symbol", "pitches"),
    [
        ("C", (48, 52, 55)),
        ("Am", (57, 60, 64)),
        ("C-7", (48, 51, 55, 58)),
        ("Cmaj", (48, 52, 55)),
        ("Cmaj7", (48, 52, 55, 59)),
        ("CM7", (48, 52, 55, 59)),
        ("CΔ", (48, 52, 55, 59)),
        ("Cm(maj7)", (48, 51, 55, 59)),
        ("F#m7b5", (54, 57, 60, 64)),
        ("Bø", (59, 62, 65, 69)),
        ("Bb7(#9)", (58, 62, 65, 68, 73)),
        ("C°", (48, 51, 54)),
        ("Ebdim7", (51, 54, 57, 60)),
        ("C+", (48, 52, 56)),
        ("C6/9", (48, 52, 55, 57, 62)),
        ("Gsus", (55, 60, 62)),
        ("G7sus4", (55, 60, 62, 65)),
        ("Gadd9", (55, 59, 62, 69)),
        ("C7no5", (48, 52, 58)),
    ],
)
def test_a_chord_stands_on_its_root_from_c3_on(symbol: str, pitches: tuple[int, ...]) -> None:
    assert parse_chord(symbol) == pitches


def test_a_bass_note_lies_below_and_is_not_doubled() -> None:
    assert parse_chord("D/F#") == (42, 50, 57)
    assert parse_chord("Dm/C") == (36, 50, 53, 57)


@pytest.mark.parametrize("symbol", ["N.C.", "NC", "no chord"])
def test_no_chord_is_a_chord_without_pitches(symbol: str) -> None:
    assert parse_chord(symbol) == ()


@pytest.mark.parametrize("text", ["Allegro", "Fine", "D.C.", "Coda", "Bass", "slow", "", "1.", "(Ab"])
def test_words_are_no_chords(text: str) -> None:
    assert parse_chord(text) is None


def test_every_kind_of_musicxml_is_a_quality() -> None:
    assert all(read_quality(quality) for quality in KINDS.values())


def test_degrees_are_added_altered_and_left_out() -> None:
    degrees = {3: 4, 5: 7, 7: 10}
    alter_degree(degrees, 9, -1, "add")
    alter_degree(degrees, 5, 1, "alter")
    alter_degree(degrees, 3, 0, "subtract")
    alter_degree(degrees, 77, 0, "add")
    assert degrees == {5: 8, 7: 10, 9: 13}
    assert chord_pitches(14, degrees) == (50, 58, 60, 63)
