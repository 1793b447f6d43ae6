from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.saving.notation.note_values import NoteValue, write_length


def written(start: str, length: str) -> str:
    """Return the values of a length as a text: "quarter. eighth3"."""

    def name(value: NoteValue) -> str:
        return f"{value.type}{'.' * value.is_dotted}{value.tuplet if value.tuplet > 1 else ''}"

    return " ".join(map(name, write_length(Fraction(start), Fraction(length))))


@pytest.mark.parametrize(
    ("start", "length", "values"),
    [
        ("0", "4", "whole"),
        ("0", "3", "half."),
        ("0", "5", "half. half"),
        ("1", "3/2", "quarter."),
        ("1/2", "1/2", "eighth"),
        ("1/2", "1", "eighth eighth"),
        ("3/4", "3/2", "16th quarter 16th"),
        ("1/4", "3/4", "eighth."),
        ("1/3", "2/3", "quarter3"),
        ("2/3", "2/3", "eighth3 eighth3"),
        ("0", "4/3", "quarter eighth3"),
        ("0", "5/12", "16th 16th3"),
        ("1/5", "1/5", "16th5"),
        ("2/7", "3/7", "eighth.7"),
        ("3/11", "3/11", "16th.11"),
        ("2/5", "4/5", "eighth.5 16th5"),
    ],
)
def test_lengths_are_written_as_people_write_them(start: str, length: str, values: str) -> None:
    assert written(start, length) == values


@given(st.fractions(0, 8, max_denominator=96), st.fractions(Fraction(1, 96), 8, max_denominator=96))
def test_the_values_sum_up_to_the_length(start: Fraction, length: Fraction) -> None:
    assert sum(value.beats for value in write_length(start, length)) == length
