"""The pieces of music21's corpora as Songs, in batches that a process can read by itself.

Conventions
-----------
A tune is one part, its first voice; a chorale is four. Ornaments written as grace notes are left
out, so that a melody is one line. The grid is the coarsest that holds every note exactly.

A piece is at fault, and then has no song, if it cannot be read or is barred so badly that its
measures say nothing: more than a quarter of them have another length than its meter.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from music21.common import getCorpusFilePath
from music21.corpus.chorales import ChoraleListRKBWV

from musicvae.errors import SongError
from musicvae.midi.likeness.ngrams import interval_ngrams, part_ngrams
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.score_file import decode_score, parse_score, parse_tune
from musicvae.midi.reading.scores.abc.abc_lines import split_tunes
from musicvae.midi.songs.song import Grid, Part, Song
from musicvae.midi.songs.source import Source

GRIDS = (4, 12, 24, 48)  # steps per beat: sixteenths, triplets, thirty-seconds, both
CHORALES = "bach-chorales"
FOLDERS = {"ryan": "ryansMammoth", "oneill": "oneills1850", "aird": "airdsAirs", CHORALES: "bach"}
TUNE_PARTS = (Part("melody", program=40),)
CHORALE_PARTS = (Part("soprano", 52), Part("alto", 52), Part("tenor", 52), Part("bass", 52))
MOST_ODD = 0.25  # of the measures
BATCH = 20


class PieceBatch(NamedTuple):
    """Some pieces of one collection: the texts of tunes, or the paths of chorales."""

    collection: str
    contents: tuple[str, ...]


class Piece(NamedTuple):
    """A piece as read, and its fingerprint (`musicvae.midi.likeness.ngrams`), shape (n-grams,)."""

    collection: str
    song: Song
    ngrams: np.ndarray


class Fault(NamedTuple):
    """Why there is no song of a piece."""

    collection: str
    reason: str


def find_batches(collection: str) -> list[PieceBatch]:
    """Return all pieces of a collection, in batches, always in the same order.

    Parameters
    ----------
    collection : str
        A key of FOLDERS.

    Raises
    ------
    SongError
        If music21 was installed without its corpus.
    """
    home = Path(getCorpusFilePath()) / FOLDERS[collection]
    if collection == CHORALES:
        contents = sorted(str(path) for path in home.glob("bwv*.*") if path.suffix in (".mxl", ".xml"))
    else:
        texts = [decode_score(path.read_bytes()) for path in sorted(home.glob("*.abc"))]
        contents = [tune for text in texts for tune in split_tunes(text)]
    if not contents:
        raise SongError("music21 is here without its corpus: install it anew with `pip install music21`")
    return [PieceBatch(collection, tuple(contents[i : i + BATCH])) for i in range(0, len(contents), BATCH)]


def read_batch(batch: PieceBatch) -> list[Piece | Fault]:
    """Return what is in a batch, one for each of its contents."""
    return [_read(batch.collection, content) for content in batch.contents]


def main_meter(song: Song) -> tuple[str, float]:
    """Return the meter that most measures have, and the share of measures that have another."""
    meter, count = Counter(map(str, song.meters)).most_common(1)[0]
    return meter, 1 - count / song.measures


def _read(collection: str, content: str) -> Piece | Fault:
    try:
        if collection == CHORALES:
            song = _to_song(_read_chorale(Path(content)), CHORALE_PARTS)
            return Piece(collection, song, part_ngrams(song))
        song = _to_song(_parse_tune(content), TUNE_PARTS)
        return Piece(collection, song, interval_ngrams(song))
    except SongError as error:
        return Fault(collection, str(error))


def _parse_tune(text: str) -> Source:
    """Return the first voice of a tune; a colon within a word of its title is damage of the encoding."""
    source = parse_tune(text)
    return replace(
        source,
        title=re.sub(r"(?<=\w):(?=\w)", "", source.title),
        tracks=source.tracks[:1],
        notes=source.notes[source.notes["track"] == 0],
    )


def _read_chorale(path: Path) -> Source:
    number = path.stem.removeprefix("bwv")
    known = ChoraleListRKBWV().byBWV.get(number)  # type: ignore[no-untyped-call]
    title = f"{known['title']} (BWV {number})" if known else f"Chorale (BWV {number})"
    return replace(parse_score(path.read_bytes(), "musicxml")[0], title=title)


def _to_song(source: Source, parts: tuple[Part, ...]) -> Song:
    """Return the song of a tune or chorale; raise a SongError if it is at fault."""
    if len(source.tracks) != len(parts):
        raise SongError(f"{source.title}: it has {len(source.tracks)} parts, not {len(parts)}")
    notes = source.notes[source.notes["end"] > source.notes["start"]]
    song = quantise(replace(source, notes=notes), _grid(source)).song.from_first_note()
    song = replace(song, parts=parts)
    if main_meter(song)[1] > MOST_ODD:
        raise SongError(f"{source.title}: its measures are not those of its meter")
    return song


def _grid(source: Source) -> Grid:
    times = np.concatenate([source.notes["start"], source.notes["end"]])
    exact = (steps for steps in GRIDS if not np.any(times * steps % source.ticks_per_beat))
    return Grid(next(exact, GRIDS[-1]))
