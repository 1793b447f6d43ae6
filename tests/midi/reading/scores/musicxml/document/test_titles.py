from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from musicvae.midi.reading.scores.musicxml.document.titles import read_title

WORK = "<work><work-title>Work</work-title></work>"
WORDS = "<credit-words>On the</credit-words><credit-words>page</credit-words>"
CREDIT = f"<credit><credit-type>{{}}</credit-type>{WORDS}</credit>"


@pytest.mark.parametrize(
    ("text", "title"),
    [(f"{WORK}<movement-title> A\n Movement </movement-title>", "A Movement"),
     (f"{WORK}<movement-title/>", "Work"),
     (f"{WORK}<movement-title>a.mxl</movement-title>", "Work"),
     ("<movement-title>bwv1.MusicXML</movement-title>", ""),
     (CREDIT.format("title"), "On the page"),
     (CREDIT.format("composer"), ""),
     (WORK + CREDIT.format("title"), "Work"),
     ("", "")],
)  # fmt: skip
def test_the_title_is_that_of_the_movement_the_work_or_the_page(text: str, title: str) -> None:
    assert read_title(ET.fromstring(f"<score-partwise>{text}</score-partwise>")) == title
