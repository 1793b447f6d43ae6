"""What is counted over the pieces of a corpus: who read them, who heard the same, and why others did not."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from figures.reading.heard import Difference, Heard, compare_all, compare_measures
from figures.reading.reader_process import Refusal

NOT_LOOKED_AT = "not looked at"
_LOOKED_AT = Path(__file__).with_name("looked_at.toml")


@dataclass
class Beside:
    """Another reader on the pieces that musicvae has read, and why it could not read some.

    `same_in_measures` are pieces in which measures alone begin elsewhere: one that is too long moves all
    that follow. `seconds` are those of pieces that both have read. `remarks`, such as errors or what was
    changed in a piece before it could be read, are counted by piece.
    """

    version: str
    pieces: int = 0
    same: int = 0
    same_in_measures: int = 0
    other: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    notes_of_another_length: int = 0
    notes_less: int = 0
    notes_more: int = 0
    seconds: float = 0.0
    seconds_of_musicvae: float = 0.0
    remarks: Counter[str] = field(default_factory=Counter)

    def add(self, ours: Heard, theirs: Heard | Refusal) -> str:
        """Count a piece; return how it is heard otherwise, "" if it is not."""
        self.pieces += 1
        if isinstance(theirs, Refusal):
            self.refused[theirs.why] += 1
            return f"does not read it ({theirs.why})"
        self.seconds += theirs.seconds
        self.seconds_of_musicvae += ours.seconds
        self.remarks.update({remark.split(":")[0] for remark in theirs.remarks})
        if compare_all(ours, theirs).is_none:
            self.same += 1
        elif (difference := compare_measures(ours, theirs)).is_none:
            self.same_in_measures += 1
        else:
            self._add_notes(difference)
            return ", ".join([f"hears {difference}", *theirs.remarks])
        return ""

    def _add_notes(self, difference: Difference) -> None:
        self.other += 1
        self.notes_of_another_length += difference.other_length
        self.notes_less += difference.only_ours
        self.notes_more += difference.only_theirs


@dataclass
class Tally:
    """A corpus as musicvae reads it, and beside other readers.

    `confirmed` are those of the `compared` pieces of which one other reader at least hears the same; each of
    the others is listed with what the others hear, and the reason if somebody has looked for it.
    """

    files: int
    readers: dict[str, Beside]
    pieces: int = 0
    read: int = 0
    damaged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    notes: int = 0
    seconds: float = 0.0
    compared: int = 0
    confirmed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    not_confirmed: list[str] = field(default_factory=list)

    def add(self, name: str, ours: Heard | Refusal) -> None:
        """Count a piece as musicvae reads it."""
        self.pieces += 1
        if isinstance(ours, Refusal):
            self.refused.append(f"{name}: {ours.why}")
            return
        self.read += 1
        self.damaged += [f"{name}: {damage}" for damage in ours.remarks]
        self.notes += len(ours.notes)
        self.seconds += ours.seconds

    def compare(self, name: str, ours: Heard, theirs: dict[str, Heard | Refusal]) -> None:
        """Count a piece that others have read too."""
        otherwise = {reader: self.readers[reader].add(ours, heard) for reader, heard in theirs.items()}
        self.compared += 1
        if not all(otherwise.values()):
            self.confirmed += 1
            return
        reason = find_reason(name)
        self.reasons[reason] += 1
        told = "; ".join(f"{reader} {heard}" for reader, heard in otherwise.items())
        self.not_confirmed.append(f"{name}: {told}. Reason: {reason}")


def find_reason(name: str) -> str:
    """Return why others hear a piece otherwise, as whoever has looked at it found."""
    return _reasons().get(name, NOT_LOOKED_AT)


@cache
def _reasons() -> dict[str, str]:
    found = tomllib.loads(_LOOKED_AT.read_text(encoding="utf-8"))
    return {name: reason for reason, names in found.items() for name in names}
