"""What is told of music that was read: what was guessed, moved or left out, and how often.

Conventions
-----------
Whoever reads or lays out music says a `Notice` for each kind of thing, in a phrase that is the same in every
file. So notices of many files are counted by their phrases, and the sentence that people read is made of
them in one place, `Notice.__str__`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from musicvae.midi.songs.song import Song

MOST_NAMED = 8  # examples of a notice
DOUBLED = "notes of one pitch in several tracks became one"


@dataclass(frozen=True)
class Notice:
    """Something that was guessed, moved or left out.

    Parameters
    ----------
    what : str
        Such as "tracks left out"; it has no number or name of the file in it.
    count : int, optional
        How often, or how many of them; None where that says nothing.
    examples : tuple of str
        Such as the names of the tracks: see `name_some`.
    """

    what: str
    count: int | None = None
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as people read it, such as "tracks left out: 2 (kit, bass)"."""
        others = ", and others" if len(self.examples) > MOST_NAMED else ""
        named = ", ".join(self.examples[:MOST_NAMED]) + others
        if self.count is None:
            return f"{self.what}: {named}" if named else self.what
        return f"{self.what}: {self.count}" + (f" ({named})" if named else "")


class NoticedSong(NamedTuple):
    """A song, and what was guessed, moved or left out when it was made."""

    song: Song
    notices: tuple[Notice, ...] = ()


def count_notices(counts: Mapping[str, int]) -> tuple[Notice, ...]:
    """Return a notice of each kind of thing that came at all."""
    return tuple(Notice(what, count) for what, count in counts.items() if count)


def tell_damage(why: str) -> tuple[Notice, ...]:
    """Return the notice of a damaged file of which what could be read was read; none of a sound one, ""."""
    return (Notice("salvaged", None, (why,)),) if why else ()


def tell_others(songs: int) -> tuple[Notice, ...]:
    """Return the notice of a file of so many songs of which the first is taken; none where it is alone."""
    return (Notice("songs in the file, of which the first is taken", songs),) if songs > 1 else ()


def name_some(examples: Iterable[str]) -> tuple[str, ...]:
    """Return the first few examples, each once, and one more than are named if there are others."""
    return tuple(islice(dict.fromkeys(example for example in examples if example), MOST_NAMED + 1))


def sum_notices(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return each kind of notice once, in the order in which they come, with its sum and a few examples."""
    kinds: dict[str, list[Notice]] = {}
    for notice in notices:
        kinds.setdefault(notice.what, []).append(notice)
    return tuple(_sum(what, alike) for what, alike in kinds.items())


def _sum(what: str, alike: list[Notice]) -> Notice:
    counts = [notice.count for notice in alike if notice.count is not None]
    examples = name_some(example for notice in alike for example in notice.examples)
    return Notice(what, sum(counts) if counts else None, examples)
