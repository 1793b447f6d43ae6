"""Numbers and texts in the elements of a score.

Conventions
-----------
What is not there or not what it should be raises ValueError: whoever walks leaves such an element out.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from fractions import Fraction

_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?")
_DIGITS = 18  # a number with more before its point counts as one with so many


def read_number(text: str | None) -> Fraction:
    """Return the exact value of a decimal number.

    Raises
    ------
    ValueError
        If it is none.
    """
    if text is None or not (written := _NUMBER.fullmatch(text.strip())):
        raise ValueError(f"not a number: {(text or '')[:_DIGITS]!r}")
    sign, whole, part = written[1], written[2].lstrip("0"), (written[3] or "")[:_DIGITS]
    if not written[2] and not part:
        raise ValueError(f"not a number: {text[:_DIGITS]!r}")
    whole = whole if len(whole) <= _DIGITS else "1" + _DIGITS * "0"
    return Fraction(f"{sign}{whole or '0'}.{part or '0'}")


def number_in(element: ET.Element, path: str, default: int | None = None, limit: int = 1000) -> int:
    """Return the nearest whole number to that of a child.

    Parameters
    ----------
    element : xml.etree.ElementTree.Element
    path : str
        Of the child.
    default : int, optional
        What counts where there is no such child.
    limit : int
        The largest size that makes sense.

    Raises
    ------
    ValueError
        If there is none and no default, or one beyond the limit.
    """
    child = element.find(path)
    if child is None and default is not None:
        return default
    number = read_number(None if child is None else child.text)
    if abs(number) > limit:
        raise ValueError(f"too large for a <{path}>: {number}")
    return round(number)


def text_in(element: ET.Element, path: str) -> str:
    """Return the text of a child with single spaces, "" if there is none."""
    return " ".join((element.findtext(path) or "").split())
