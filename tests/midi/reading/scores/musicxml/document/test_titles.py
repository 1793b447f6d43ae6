from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from musicvae.midi.reading.scores.musicxml.document.titles import read_composer, read_title

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


def test_composers_are_creators_that_are_said_to_be_it() -> None:
    creators = [
        ("composer", " Clara\n Schumann "),
        ("lyricist", "Heine"),
        ("composer", ""),
        ("composer", "Anon."),
    ]
    said = "".join(f'<creator type="{role}">{name}</creator>' for role, name in creators)
    root = ET.fromstring(f"<score-partwise><identification>{said}</identification></score-partwise>")
    assert read_composer(root) == "Clara Schumann; Anon."
