"""The title and the composer of a Humdrum file, from its reference records ("!!!OTL: ...")."""

from __future__ import annotations

import html
import re

# "@@DE" is the language of the original, "@EN" a translation. OMD is a tempo word, ONM a number: no titles.
_RECORD = re.compile(r"^!!!(OTL|OPR|COM)\d*(@@?\w+)?:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def find_title(text: str) -> str:
    """Return the title in its own language; without one that of the work it is part of; "" if it has none."""
    records = [record for record in _RECORD.findall(text) if record[2] and record[0] != "COM"]
    records.sort(key=lambda record: (record[0] != "OTL", bool(record[1]) and not record[1].startswith("@@")))
    return html.unescape(records[0][2]) if records else ""


def find_composer(text: str) -> str:
    """Return the composer as the file writes it, such as "Chopin, Fryderyk"; of several all, "" of none."""
    names = (html.unescape(said) for what, _, said in _RECORD.findall(text) if what == "COM" and said)
    return "; ".join(dict.fromkeys(names))
