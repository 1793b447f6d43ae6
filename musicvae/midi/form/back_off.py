"""Chances of a choice under ever closer conditions, counted in a corpus.

Conventions
-----------
A choice is a whole number from 0. Its *contexts* are tuples of whole numbers, one for each level,
the widest first. The chances in a context are its counts, and as if `WEIGHT` choices more had been
seen that went by the chances in the wider one (MacKay & Peto 1995, A hierarchical Dirichlet language
model): a context counts for as much as was seen of it, and one that was never seen for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

Context = tuple[int, ...]


class Seen(NamedTuple):
    """A choice that was made, and its contexts by level."""

    contexts: tuple[Context, ...]
    choice: int


WEIGHT = 20.0
FEWEST = 3  # a context that was seen less often is forgotten, so that a table stays small


@dataclass(frozen=True)
class BackOffTable:
    """How often each choice was seen in each context.

    Parameters
    ----------
    choices : int
        How many there are.
    levels : tuple of dict
        The counts of the choices seen in each context, by level.

    Raises
    ------
    ValueError
        If a count is below 1, or for no choice that there is.
    """

    choices: int
    levels: tuple[dict[Context, dict[int, int]], ...]

    def __post_init__(self) -> None:
        rows = [row for level in self.levels for row in level.values()]
        if any(not 0 <= choice < self.choices or count < 1 for row in rows for choice, count in row.items()):
            raise ValueError(f"every count must be 1 or more, for a choice below {self.choices}")

    def chances(self, contexts: Sequence[Context], allowed: np.ndarray) -> np.ndarray:
        """Return the chance of each choice, shape (choices,).

        Parameters
        ----------
        contexts : sequence of tuple of int
            One for each level.
        allowed : np.ndarray of bool, shape (choices,)
            Which choices there are this time, one at least.
        """
        chances: np.ndarray = allowed / allowed.sum()
        for level, context in zip(self.levels, contexts, strict=True):
            if row := level.get(context):
                counts = np.zeros(self.choices)
                counts[list(row)] = list(row.values())
                counts *= allowed
                chances = (counts + WEIGHT * chances) / (counts.sum() + WEIGHT)
        return chances

    def to_json(self) -> list[dict[str, list[int]]]:
        """Return the table as JSON has it: contexts as text, choices and their counts in turn."""
        return [
            {
                " ".join(map(str, context)): [number for pair in sorted(row.items()) for number in pair]
                for context, row in sorted(level.items())
            }
            for level in self.levels
        ]


def count_choices(choices: int, levels: int, seen: Iterable[Seen]) -> BackOffTable:
    """Return the table of what was seen."""
    rows: list[dict[Context, Counter[int]]] = [{} for _ in range(levels)]
    for contexts, choice in seen:
        for level, context in zip(rows, contexts, strict=True):
            level.setdefault(context, Counter())[choice] += 1
    kept = [{at: dict(row) for at, row in level.items() if row.total() >= FEWEST} for level in rows]
    return BackOffTable(choices, tuple(kept))


def json_to_table(choices: int, levels: int, rows: list[dict[str, list[int]]]) -> BackOffTable:
    """Return a table from JSON. Inverse of `BackOffTable.to_json`.

    Raises
    ------
    ValueError, TypeError, AttributeError
        If it is no such table.
    """
    if len(rows) != levels:
        raise ValueError(f"{levels} levels are wanted, there are {len(rows)}")
    counts = (
        {
            tuple(map(int, at.split())): dict(zip(row[::2], row[1::2], strict=True))
            for at, row in level.items()
        }
        for level in rows
    )
    return BackOffTable(choices, tuple(counts))
