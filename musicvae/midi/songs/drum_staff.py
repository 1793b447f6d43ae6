"""Where drums stand on their staff, for those who read scores and those who write them."""

from __future__ import annotations

SNARE = 38

# The keys of General MIDI on each line and space of the staff of a drum kit, as it is usually written, from
# D4 (62, as in the treble clef) up to B5; the first of each is what stands there where nothing else is said.
_KEYS_ON_LINE = {
    **{62: (44,), 64: (35,), 65: (36,), 67: (41,), 69: (43,), 71: (45,), 72: (SNARE, 37, 39, 40)},
    **{74: (47,), 76: (50, 48), 77: (51, 53, 59), 79: (42, 46), 81: (49,), 83: (57, 52, 55)},
}
_LINE_OF_KEY = {key: line for line, keys in _KEYS_ON_LINE.items() for key in keys}
_OTHER_LINE = 71


def drum_on_line(line: int) -> int:
    """Return the key of what a drum kit has on a line of the staff, the snare where it has nothing.

    Parameters
    ----------
    line : int
        The pitch that stands there in the treble clef.
    """
    return _KEYS_ON_LINE.get(line, (SNARE,))[0]


def line_of_drum(key: int) -> int:
    """Return the line on which a drum is written, the middle one for what no kit has."""
    return _LINE_OF_KEY.get(key, _OTHER_LINE)
