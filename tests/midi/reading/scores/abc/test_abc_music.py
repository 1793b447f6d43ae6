from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.abc.abc_music import place_syllables
from musicvae.midi.reading.scores.abc.abc_sheet import Place
from musicvae.midi.reading.scores.abc.abc_voice import SungNote

HEADS = [SungNote(Place(*at), at[0]) for at in ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1))]


@pytest.mark.parametrize(
    ("text", "sung"),
    [
        ("one two three", "one two three . ."),
        ("syl-la-ble here", "syl- la- ble here ."),
        ("syl- la- ble here", "syl- la- ble here ."),
        ("time__ flies", "time . . flies ."),
        ("time_ _ flies", "time . . flies ."),
        ("* one * two", ". one . two ."),
        ("of~the day", "of_the day . . ."),
        (r"well\-known song", "well-known song . . ."),
        ("o--ver it", "o- . ver it ."),
        ("o - ver it", "o- . ver it ."),
        ("one | two", "one . . two ."),
        ("a b c d | e", "a b c d e"),
        ("| one", ". . . one ."),
        ("a b c d e f g", "a b c d e"),
        ("1.~A- bide", "A- bide . . ."),
        ("2.Fast falls", "Fast falls . . ."),
        ("", ". . . . ."),
    ],
)
def test_syllables_stand_at_their_notes(text: str, sung: str) -> None:
    placed = dict(place_syllables(text, HEADS))
    assert " ".join(placed.get(head.place, ".").replace(" ", "_") for head in HEADS) == sung


def test_without_notes_nothing_is_sung() -> None:
    assert place_syllables("one | two", []) == []
