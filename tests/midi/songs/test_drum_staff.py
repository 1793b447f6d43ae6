from __future__ import annotations

import pytest

from musicvae.midi.songs.drum_staff import drum_on_line, line_of_drum


@pytest.mark.parametrize(("line", "key"), [(65, 36), (72, 38), (79, 42), (60, 38)])
def test_a_drum_is_known_by_its_line_or_is_the_snare(line: int, key: int) -> None:
    assert drum_on_line(line) == key


@pytest.mark.parametrize("line", [62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 83])
def test_what_is_read_from_a_line_is_written_on_it(line: int) -> None:
    assert line_of_drum(drum_on_line(line)) == line


def test_what_no_kit_has_stands_in_the_middle() -> None:
    assert line_of_drum(81) == 71  # a triangle
