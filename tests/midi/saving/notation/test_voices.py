from __future__ import annotations

import pytest

from musicvae.midi.saving.notation.voices import share_graces, split_hands
from musicvae.midi.songs.notes import make_notes

WIDE = [(step, 4, pitch, 80, 0) for step in range(0, 40, 4) for pitch in (48, 72)]


def test_two_hands_play_what_lies_far_apart() -> None:
    notes = make_notes(WIDE)
    assert split_hands(notes).tolist() == (notes["pitch"] == 72).tolist()


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(4 * beat, 4, 55 + beat, 80, 0) for beat in range(10)], id="a line across C4"),
        pytest.param(
            [(4 * beat, 4, pitch, 80, 0) for beat in range(4) for pitch in (57, 64)], id="narrow chords"
        ),
        pytest.param([*WIDE[1::2], (0, 4, 58, 80, 0)], id="a right hand that once goes low"),
    ],
)
def test_what_one_hand_can_play_stays_on_one_staff(rows: list[tuple[int, int, int, int, int]]) -> None:
    assert split_hands(make_notes(rows)).all()


def test_graces_go_to_the_hand_that_strikes_the_nearest_note() -> None:
    hands = [make_notes([(0, 4, 72, 80, 0)]), make_notes([(0, 4, 48, 80, 0)])]
    assert share_graces({0: (50, 74, 47)}, hands) == [{0: [74]}, {0: [50, 47]}]
