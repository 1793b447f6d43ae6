from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.musicxml.document.score_columns import lay_columns

PARTWISE = """<score-partwise>
<part id="P1"><measure number="1"/><measure number="2"/></part><part id="P2"><measure number="1"/></part>
</score-partwise>"""
TIMEWISE = """<score-timewise>
<measure number="1"><part id="P1"/><part id="P2"/></measure>
<measure number="2" implicit="yes"><part id="P1"/></measure>
</score-timewise>"""


@pytest.mark.parametrize("text", [PARTWISE, TIMEWISE])
def test_measures_stand_side_by_side(text: str) -> None:
    score = lay_columns(ET.fromstring(text))
    assert score.ids == ("P1", "P2")
    numbers = [[one is not None and one.get("number") for one in column] for column in score.columns]
    assert numbers == [["1", "1"], ["2", False]]


def test_what_is_said_of_a_measure_is_said_of_its_parts() -> None:
    [_, (measure, _)] = lay_columns(ET.fromstring(TIMEWISE)).columns
    assert measure is not None
    assert measure.get("implicit") == "yes"


@pytest.mark.parametrize(
    ("root", "message"),
    [("museScore", "it is a MuseScore file: export it as MusicXML"),
     ("mei", "it is an MEI file: export it as MusicXML"),
     ("opus", "it is a list of scores: give one"),
     ("html", "it cannot be read as MusicXML: it is <html>, not <score-partwise>")],
)  # fmt: skip
def test_other_files_are_told_from_scores(root: str, message: str) -> None:
    with pytest.raises(SongError, match=message):
        lay_columns(ET.Element(root))


def test_a_score_of_no_parts_has_no_columns() -> None:
    assert lay_columns(ET.Element("score-partwise")).columns == []


@pytest.mark.parametrize(
    ("parts", "measures", "message"),
    [
        (1, 200_001, "split it into songs of 200,000"),
        (1001, 1, "1,001 parts"),
        (900, 3000, "give a smaller score"),
    ],
)
def test_more_measures_than_any_score_has_are_refused(parts: int, measures: int, message: str) -> None:
    long = f"<part>{measures * '<measure/>'}</part>"
    with pytest.raises(SongError, match=message):
        lay_columns(ET.fromstring(f"<score-partwise>{long}{(parts - 1) * '<part/>'}</score-partwise>"))
