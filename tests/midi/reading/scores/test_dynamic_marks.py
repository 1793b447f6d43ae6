from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.dynamic_marks import dynamic_velocity


def test_the_louder_the_mark_the_greater_the_velocity() -> None:
    marks = ["pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff"]
    velocities = [dynamic_velocity(mark) or 0 for mark in marks]
    assert velocities == sorted(set(velocities))
    assert dynamic_velocity("f") == 89


@pytest.mark.parametrize("mark", ["sf", "sfz", "fz", "fp", "rf", "n", "", "loud"])
def test_what_lasts_for_one_note_or_is_no_dynamic_asks_for_nothing(mark: str) -> None:
    assert dynamic_velocity(mark) is None
