"""The title and the composer of a score."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from musicvae.midi.reading.scores.musicxml.document.xml_values import text_in

_FILE_NAME = re.compile(r"\.(?:xml|mxl|musicxml)$", re.IGNORECASE)


def read_title(root: ET.Element) -> str:
    """Return the title of the movement, of the work, or what the first page calls a title; "" without one."""
    credited = (
        " ".join(" ".join(words.itertext()) for words in credit.findall("credit-words"))
        for credit in root.findall("credit")
        if text_in(credit, "credit-type") == "title"
    )
    for title in (text_in(root, "movement-title"), text_in(root, "work/work-title"), *credited):
        if title.strip() and not _FILE_NAME.search(title.strip()):
            return " ".join(title.split())
    return ""


def read_composer(root: ET.Element) -> str:
    """Return the composer that a score names; of several all, "" of none."""
    creators = root.iterfind("identification/creator[@type='composer']")
    names = (" ".join("".join(creator.itertext()).split()) for creator in creators)
    return "; ".join(dict.fromkeys(filter(None, names)))
