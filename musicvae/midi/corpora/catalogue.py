"""The public-domain music inside the package music21: what there is.

The music is old and free; the encodings were typed in by volunteers, whom each Corpus names, and
come with music21 by their permission. `corpora.export` writes them as MIDI files.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Corpus:
    """A collection of pieces, or several together.

    Parameters
    ----------
    name : str
        As the command line has it.
    about : str
        One line: what it is.
    years : str
        When the music was written or printed.
    pieces : int
        How many an export writes: each tune once, unreadable ones left out.
    licence : str
        Of the music, and who encoded it.
    collections : tuple of str
        Names of the corpora in it, each exported to a sub-folder of its name; empty for a collection of
        its own.
    """

    name: str
    about: str
    years: str
    pieces: int
    licence: str
    collections: tuple[str, ...] = ()


_ALL = (
    Corpus(
        name="bach-chorales",
        about="Chorales by Johann Sebastian Bach, in four voices",
        years="1707-1750",
        pieces=353,
        licence="public domain; encoded by Margaret Greentree",
    ),
    Corpus(
        name="ryan",
        about="Ryan's Mammoth Collection: reels, jigs, hornpipes and clogs for the fiddle, Boston",
        years="1883",
        pieces=961,
        licence="public domain; encoded by Ray Davies, John Chambers and others",
    ),
    Corpus(
        name="oneill",
        about="O'Neill's Music of Ireland, 1,850 melodies: airs and dances, Chicago",
        years="1903",
        pieces=1782,
        licence="public domain; encoded by the O'Neill project of John Walsh, John Chambers and others",
    ),
    Corpus(
        name="aird",
        about="Aird's Airs: Scotch, English, Irish and foreign tunes for fife, violin or flute, Glasgow",
        years="1778-1801",
        pieces=1125,
        licence="public domain; encoded by Jack Campin",
    ),
    Corpus(
        name="folk",
        about="Ryan, O'Neill and Aird together: fiddle and folk tunes, each once",
        years="1778-1903",
        pieces=3585,
        licence="public domain; encoded by those named for each",
        collections=("ryan", "oneill", "aird"),
    ),
)

CORPORA = {corpus.name: corpus for corpus in _ALL}
