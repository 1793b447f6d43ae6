"""MusicXML made plain for readers that open no archives and play cue notes."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from itertools import pairwise
from typing import NamedTuple

_SOUNDS = ("pitch", "unpitched")


class PlainScore(NamedTuple):
    """A score as plain XML, and what was changed in it."""

    data: bytes
    changes: tuple[str, ...]


def make_plain(data: bytes) -> PlainScore:
    """Return a score out of its archive, with rests for its cue notes; one without them is left as it is."""
    text = _unpack(data)
    if b"<cue" not in text:
        return PlainScore(text, ())
    root = ET.fromstring(text)
    cues = sum(_silence_cues(measure) for measure in root.iter("measure"))
    return PlainScore(ET.tostring(root), (f"cue notes made rests: {cues}",))


def _unpack(data: bytes) -> bytes:
    """Return the document of an archive: some do not name it as they should, so it is known by its place."""
    if not data.startswith(b"PK"):
        return data
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = [name for name in archive.namelist() if not name.startswith("META-INF")]
    return archive.read(next(name for name in names if name.lower().endswith((".xml", ".musicxml"))))


def _silence_cues(measure: ET.Element) -> int:
    """Make the cue notes of a measure rests, and return how many there are."""
    notes = measure.findall("note")
    cues = [note for note in notes if note.find("cue") is not None]
    for note, after in pairwise([*notes, ET.Element("note")]):
        if note.find("cue") is None:
            continue
        if (chord := after.find("chord")) is not None and after.find("cue") is None:
            after.remove(chord)  # a note that sounds takes the place of the one before it
            measure.remove(note)
        elif note.find("chord") is not None or note.find("grace") is not None:
            measure.remove(note)  # it takes no time of its own
        else:
            _silence(note)
    return len(cues)


def _silence(note: ET.Element) -> None:
    for child in list(note):
        if child.tag in ("cue", "tie", "notations"):
            note.remove(child)
        elif child.tag in _SOUNDS:
            child.clear()
            child.tag = "rest"
