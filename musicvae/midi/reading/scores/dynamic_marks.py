"""Dynamic marks, "pp" to "ff", as velocities."""

from __future__ import annotations

# As music21 has them: parts of the greatest velocity.
_LOUDNESS = {
    **{"pppp": 0.1, "ppp": 0.15, "pp": 0.25, "p": 0.35, "mp": 0.45},
    **{"mf": 0.55, "f": 0.7, "ff": 0.85, "fff": 0.9, "ffff": 0.95},
}


def dynamic_velocity(mark: str) -> int | None:
    """Return the velocity that a dynamic mark asks for from now on, None if it asks for none.

    Parameters
    ----------
    mark : str
        Such as "mf". An accent ("sf", "fp") is of one note alone, and so asks for none.
    """
    loudness = _LOUDNESS.get(mark)
    return None if loudness is None else round(127 * loudness)
