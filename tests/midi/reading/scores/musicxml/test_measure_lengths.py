from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from fractions import Fraction

import pytest

from musicvae.midi.reading.scores.musicxml.document.part_list import ListedPart
from musicvae.midi.reading.scores.musicxml.measure_lengths import MeasureLengths
from musicvae.midi.reading.scores.musicxml.note_pitch import DrumKit
from musicvae.midi.reading.scores.musicxml.part_attributes import PartAttributes
from musicvae.midi.reading.scores.musicxml.part_walk import PartWalker
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock

CLOCK = ScoreClock(10080, Fraction(1))


def lengths(
    *columns: tuple[str | None, ...], noticed: Counter[str] | None = None
) -> list[tuple[float, float, str]]:
    """Return start and length in beats, and meter, of measures; a column has those of all parts."""
    listed = ListedPart()
    heard = Counter[str]() if noticed is None else noticed
    walkers = [PartWalker(listed, PartAttributes(CLOCK), DrumKit(listed, []), heard) for _ in columns[0]]
    measures = MeasureLengths(walkers, CLOCK, heard)
    for column in columns:
        measures.walk([None if text is None else ET.fromstring(text) for text in column])
    return [(start / 10080, length / 10080, str(meter)) for start, length, meter in measures.to_measures()]


def measure(beats: float, time: str = "", attributes: str = "") -> str:
    """Return a measure of that many beats; a time is such as "3/4"."""
    named = "<time><beats>{}</beats><beat-type>{}</beat-type></time>".format(*time.split("/")) if time else ""
    music = f"<note><rest/><duration>{beats}</duration></note>" if beats else ""
    return f"<measure{attributes}><attributes>{named}</attributes>{music}</measure>"


def test_measures_follow_each_other() -> None:
    assert lengths((measure(3, "3/4"),), (measure(3),)) == [(0, 3, "3/4"), (3, 3, "3/4")]


def test_the_longest_part_says_how_long_a_measure_is() -> None:
    assert lengths((measure(2, "4/4"), measure(4, "4/4")), (measure(4), measure(4)))[1] == (4, 4, "4/4")


def test_parts_that_differ_are_counted() -> None:
    noticed = Counter[str]()
    column = (measure(2, "4/4"), measure(4, "4/4"), None)
    lengths(column, column, (measure(4), measure(4), None), (measure(4), measure(0), None), noticed=noticed)
    assert noticed == {"measures whose parts differ in length": 2}


def test_a_part_may_end_before_the_others() -> None:
    assert lengths((measure(4, "4/4"), measure(4, "4/4")), (None, measure(4)))[1] == (4, 4, "4/4")


def test_of_different_meters_the_one_that_fits_counts() -> None:
    assert lengths((measure(3, "3/4"), measure(4, "4/4"))) == [(0, 4, "4/4")]


def test_a_pick_up_has_the_meter_of_the_first_part() -> None:
    assert lengths((measure(1, "3/4"), measure(1, "4/4"))) == [(0, 1, "3/4")]


def test_a_part_that_names_no_meter_has_none() -> None:
    assert lengths((measure(1), measure(1, "4/4"))) == [(0, 1, "4/4")]


def test_a_free_meter_is_none() -> None:
    free = "<measure><attributes><time><senza-misura/></time></attributes></measure>"
    assert (
        lengths((measure(4, "4/4"),), (free.replace("</attributes>", f"</attributes>{measure(7)}"),))[1][2]
        == "None"
    )


def test_an_empty_measure_is_one_of_rest() -> None:
    assert lengths((measure(3, "3/4"),), (measure(0),), (measure(3),))[2] == (6, 3, "3/4")


@pytest.mark.parametrize("beats", [2.99, 3.02])
def test_a_measure_whose_tuplets_were_rounded_is_as_long_as_its_meter(beats: float) -> None:
    noticed = Counter[str]()
    columns = [(measure(beats, "3/4"), measure(3, "3/4")), (measure(3), measure(3))]
    assert lengths(*columns, noticed=noticed)[1] == (3, 3, "3/4")
    assert not noticed


def test_a_measure_that_is_longer_by_a_short_note_is_longer() -> None:
    assert lengths((measure(3.25, "3/4"),))[0] == (0, 3.25, "3/4")


@pytest.mark.parametrize(
    "columns", [((measure(0),),), ((measure(3, "3/4"),), (measure(0, attributes=' implicit="yes"'),))]
)
def test_an_empty_measure_without_a_meter_or_of_no_number_has_no_length(
    columns: tuple[tuple[str, ...]],
) -> None:
    assert lengths(*columns)[-1][1] == 0
