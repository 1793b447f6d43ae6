"""Humdrum as verovio reads it: its MEI says pitches and ties, its timemap when notes sound.

By some lines and tokens verovio leaves out first endings and makes one long note of sixteenths, and grace
notes and arpeggios move notes beside them. So those are taken from the text, and these from the MEI, which
is then loaded anew.
"""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from fractions import Fraction
from importlib.metadata import version as version_of
from typing import Any

import verovio

from figures.reading.heard import Heard, HeardNote, lay_in_measures

_OPTIONS = {"expandNever": True, "breaks": "none", "mdivAll": True, "header": "none", "footer": "none"}
_MISREAD = {"*tremolo", "*Xtremolo", "*rep", "*Xrep", "*coll8ba", "*Xcoll8ba", "*coll8va", "*Xcoll8va"}
_MEI = "{http://www.music-encoding.org/ns/mei}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SIGNS = {"s": 1, "f": -1, "ss": 2, "x": 2, "ff": -2, "n": 0, "ts": 3, "tf": -3}

verovio.enableLog(verovio.LOG_OFF)
ET.register_namespace("", _MEI.strip("{}"))


def version() -> str:
    return version_of("verovio")


def read_humdrum(data: bytes) -> Heard:
    text = _mend_text(data.decode(errors="replace"))
    began = time.process_time()
    toolkit = _load(text)
    root = ET.fromstring(toolkit.getMEI({"removeIds": False}))
    _prune(root)
    toolkit = _load(ET.tostring(root, encoding="unicode"))
    timemap = toolkit.renderToTimemap({"includeMeasures": True, "useFractions": True})
    seconds = time.process_time() - began
    return Heard(_hear(root, timemap), seconds)


def _mend_text(text: str) -> str:
    lines = [line for line in text.split("\n") if not line.startswith(("*>", "!!!filter"))]
    return "\n".join(_mend_line(line) if line.startswith("*") else line for line in lines)


def _mend_line(line: str) -> str:
    tokens = line.split("\t")
    return "\t".join("*" if t in _MISREAD or t.startswith("*rscale:") else t for t in tokens)


def _load(data: str) -> Any:
    toolkit = verovio.toolkit()
    toolkit.setOptions(_OPTIONS)
    if not toolkit.loadData(data):
        raise ValueError("verovio does not load it")
    return toolkit


def _prune(element: ET.Element) -> None:
    """Take out grace notes and arpeggios, which would move the notes beside them."""
    for child in list(element):
        if child.get("grace") or child.tag in (_MEI + "graceGrp", _MEI + "arpeg", _MEI + "extMeta"):
            element.remove(child)
        else:
            _prune(child)


def _hear(root: ET.Element, timemap: list[dict[str, Any]]) -> list[HeardNote]:
    begins = {name: _beat(entry) for entry in timemap for name in entry.get("on", ())}
    ends = {name: _beat(entry) for entry in timemap for name in entry.get("off", ())}
    barlines = [float(_beat(entry)) for entry in timemap if entry.get("measureOn")]
    tied = {first: last for first, last in _ties(root) if first in begins and last in begins}
    pitches = dict(_pitches(root))
    notes = []
    for name in begins.keys() & pitches.keys() - set(tied.values()):
        last = name
        while last in tied:
            last = tied.pop(last)  # so that no ring of ties goes on for ever
        onset, end = begins[name], ends.get(last, begins[last])
        if end > onset:
            notes.append(HeardNote(float(onset), float(end - onset), pitches[name]))
    return lay_in_measures(notes, barlines)


def _beat(entry: dict[str, Any]) -> Fraction:
    above, below = entry["qfrac"]
    return Fraction(int(above), int(below))


def _ties(root: ET.Element) -> Iterator[tuple[str, str]]:
    for tie in root.iter(_MEI + "tie"):
        yield tie.get("startid", "")[1:], tie.get("endid", "")[1:]


def _pitches(root: ET.Element) -> Iterator[tuple[str, int]]:
    """Yield the notes' names and sounding pitches."""
    staves = {staff.get("n"): staff.get("trans.semi", "0") for staff in root.iter(_MEI + "staffDef")}
    for staff in root.iter(_MEI + "staff"):
        shift = int(float(staves.get(staff.get("n"), "0")))
        for note in staff.iter(_MEI + "note"):
            step, octave = note.get("pname"), note.get("oct.ges") or note.get("oct")
            if step and octave:
                sign = _SIGNS.get(_accidental(note), 0)
                yield note.get(_ID, ""), 12 * (int(octave) + 1) + _STEPS[step] + sign + shift


def _accidental(note: ET.Element) -> str:
    """Return the sign that sounds: a note's own, or that of the element within it."""
    said = note.get("accid.ges") or note.get("accid") or ""
    for sign in note.iter(_MEI + "accid"):
        said = sign.get("accid.ges") or sign.get("accid") or said
    return said
