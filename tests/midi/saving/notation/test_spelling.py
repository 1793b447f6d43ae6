from __future__ import annotations

import pytest

from musicvae.midi.saving.notation.spelling import SpeltPitch, spell_pitch


@pytest.mark.parametrize(
    ("pitch", "fifths", "mode", "spelt"),
    [
        (60, 0, "major", ("C", 0, 4)),
        (61, 0, "major", ("C", 1, 4)),
        (68, 0, "major", ("A", -1, 4)),
        (68, 0, "minor", ("G", 1, 4)),
        (66, -3, "major", ("G", -1, 4)),
        (59, -6, "major", ("C", -1, 4)),
        (60, 7, "major", ("B", 1, 3)),
        (127, 1, "dorian", ("G", 0, 9)),
    ],
)
def test_a_pitch_is_spelt_by_its_key(pitch: int, fifths: int, mode: str, spelt: tuple[str, int, int]) -> None:
    assert spell_pitch(pitch, fifths, mode) == SpeltPitch(*spelt)
