"""What pieces share with the songs that a model learned from: told, and warned of where it is a copy.

Of a song with new measures, those alone are compared: what was given is no work of the model's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from musicvae_cli.shell.console import say

if TYPE_CHECKING:
    from musicvae.midi.likeness.tune_index import Repeat, TuneIndex
    from musicvae.midi.songs.song import Song
    from musicvae.provenance import Nearest

MOST_TOLD = 3  # pieces; the JSON tells all


class NewMeasures(NamedTuple):
    """The new measures of a song, counted from 0: from `first` up to `after`, which is not among them."""

    first: int
    after: int
    parts: tuple[int, ...] | None = None  # that are new there; None: all


class Likeness(NamedTuple):
    """The nearest training song, and the one of which there are eight measures or more in a row."""

    nearest: Nearest | None = None
    repeats: Repeat | None = None

    def to_json(self) -> dict[str, object]:
        """Return it as an object for JSON; measures are counted from 1."""
        near, copy = self
        return {
            "nearest": {"title": near.title, "share": round(near.share, 3)} if near else None,
            "repeats": {**copy._asdict(), "first": copy.first + 1} if copy else None,
        }


def compare(tunes: TuneIndex | None, song: Song, new: NewMeasures) -> Likeness:
    """Return what the new measures of a song share with training songs; nothing where none are known."""
    if tunes is None:
        return Likeness()
    part = song.cut(new.first, new.after)  # in all parts, as training songs are kept
    copy = tunes.repeats(part)
    return Likeness(tunes.nearest(part), copy._replace(first=copy.first + new.first) if copy else None)


def say_likeness(titles: Sequence[str], likenesses: Sequence[Likeness], known: Iterable[str] = ()) -> None:
    """Say which training songs pieces are nearest to, the nearest first, and warn of those that repeat one.

    Parameters
    ----------
    titles : sequence of str
        Of the pieces.
    likenesses : sequence of Likeness
        One for each.
    known : iterable of str
        Titles of training songs that were given: that a piece is near to one of them is no news.
    """
    pieces, known = list(zip(titles, likenesses, strict=True)), set(known)
    near = [(title, like.nearest) for title, like in pieces if like.nearest]
    others = [each for each in near if each[1].title not in known]
    others.sort(key=lambda each: -each[1].share)
    if told := [f"{near.title} ({near.share:.0%}), to {title}" for title, near in others[:MOST_TOLD]]:
        say(f"nearest of the songs learned from: {'; '.join(told)}")
    for title, like in pieces:
        if (copy := like.repeats) and copy.title not in known:
            last = copy.first + copy.measures
            say(f"warning: {title} repeats {copy.title} in its measures {copy.first + 1} to {last}")
