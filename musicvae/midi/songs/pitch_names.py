"""Pitches as people write them."""

from __future__ import annotations

_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def pitch_name(pitch: int) -> str:
    """Return the name of a pitch, such as "C4" for 60."""
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"
