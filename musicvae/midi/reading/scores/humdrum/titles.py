"""The title of a Humdrum file, from its reference records ("!!!OTL: ...")."""

from __future__ import annotations

import html
import re

# "@@DE" is the language of the original, "@EN" a translation. OMD is a tempo word, ONM a number: no titles.
_RECORD = re.compile(r"^!!!(OTL|OPR)(@@?\w+)?:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def find_title(text: str) -> str:
    """Return the title in its own language; without one that of the work it is part of; "" if it has none."""
    records = [record for record in _RECORD.findall(text) if record[2]]
    records.sort(key=lambda record: (record[0] != "OTL", bool(record[1]) and not record[1].startswith("@@")))
    return html.unescape(records[0][2]) if records else ""
