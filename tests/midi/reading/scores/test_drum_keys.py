from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.drum_keys import drum_of


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Snare Drum", 38),
        ("closed  Hi-Hat", 42),
        ("Triangle", 81),
        ("pedal hat", 44),
        ("Flute", None),
        ("", None),
    ],
)
def test_a_drum_is_known_by_its_name(name: str, key: int | None) -> None:
    assert drum_of(name) == key
