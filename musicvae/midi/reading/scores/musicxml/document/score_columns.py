"""The measures of a score in columns: what all parts play in the first, the second and so on.

`score-timewise` is written so; `score-partwise` is turned around.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import zip_longest
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.songs.song import MAX_MEASURES

_MOST_PARTS = 1000
_MOST_CELLS = 2_000_000  # measures of all parts; a file of the largest size has no room for more

_OTHERS = {
    "museScore": "it is a MuseScore file: export it as MusicXML",
    "mei": "it is an MEI file: export it as MusicXML",
    "opus": "it is a list of scores: give one of the scores that it names",
}


class ScoreColumns(NamedTuple):
    """The ids of the parts, and for each measure the element of every part; None where a part has ended."""

    ids: tuple[str, ...]
    columns: list[tuple[ET.Element | None, ...]]


def lay_columns(root: ET.Element) -> ScoreColumns:
    """Return the measures of a score.

    Raises
    ------
    SongError
        If the root is not that of a score, or the score has too many parts or measures.
    """
    if root.tag == "score-partwise":
        return _from_partwise(root)
    if root.tag == "score-timewise":
        return _from_timewise(root)
    other = f"it cannot be read as MusicXML: it is <{root.tag}>, not <score-partwise>"
    raise SongError(_OTHERS.get(root.tag, other))


def _from_partwise(root: ET.Element) -> ScoreColumns:
    parts = root.findall("part")
    measures = [part.findall("measure") for part in parts]
    _check_size(len(parts), max(map(len, measures), default=0))
    return ScoreColumns(tuple(part.get("id", "") for part in parts), list(zip_longest(*measures)))


def _from_timewise(root: ET.Element) -> ScoreColumns:
    measures = root.findall("measure")
    rows = [{part.get("id", ""): part for part in measure.findall("part")} for measure in measures]
    ids = tuple(dict.fromkeys(name for row in rows for name in row))
    _check_size(len(ids), len(rows))
    for measure, row in zip(measures, rows, strict=True):
        for part in row.values():
            part.attrib.update(measure.attrib)  # such as that it is implicit
    return ScoreColumns(ids, [tuple(row.get(name) for name in ids) for row in rows])


def _check_size(parts: int, measures: int) -> None:
    if measures > MAX_MEASURES:
        raise SongError(f"it has {measures:,} measures: split it into songs of {MAX_MEASURES:,} or fewer")
    if parts > _MOST_PARTS or parts * measures > _MOST_CELLS:
        raise SongError(f"it has {parts:,} parts of {measures:,} measures: give a smaller score")
