"""Songs -> MusicXML 4.0, to be read by people: measures, keys, parts by name, two hands for keyboards.

Conventions
-----------
The score has the song's measures, meters, tempi and parts, and a key signature where one begins. A keyboard
that plays with both hands has two staves. Drums stand on a percussion staff, where each has an instrument of
its own, so that no key is lost. The same song gives the same bytes. Velocities are not kept.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np

from musicvae.midi.saving.notation.annotations import Annotations, find_signatures
from musicvae.midi.saving.notation.elements import say, to_xml_text
from musicvae.midi.saving.notation.part_writer import PartWriter, drum_id
from musicvae.midi.songs.instruments import DRUM_CHANNEL, drum_name, instrument_name
from musicvae.midi.songs.song import Song

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
_CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<container><rootfiles>'
    '<rootfile full-path="score.musicxml" media-type="application/vnd.recordare.musicxml+xml"/>'
    "</rootfiles></container>\n"
)


def song_to_musicxml(song: Song, annotations: Annotations = Annotations()) -> bytes:  # noqa: B008 (frozen)
    """Return the MusicXML file of a song.

    Parameters
    ----------
    song : Song
    annotations : Annotations
        What it shows besides.
    """
    signatures = find_signatures(song, annotations.keys)
    score = Element("score-partwise", version="4.0")
    if song.title:
        say(SubElement(score, "work"), "work-title", song.title)
    identification = SubElement(score, "identification")
    if annotations.composer:
        SubElement(identification, "creator", type="composer").text = to_xml_text(annotations.composer)
    say(SubElement(identification, "encoding"), "software", "musicvae")
    part_list = SubElement(score, "part-list")
    for number in range(len(song.parts)):
        _list_part(part_list, song, number)
    for number in range(len(song.parts)):
        element = SubElement(score, "part", id=f"P{number + 1}")
        PartWriter(element, song, number, signatures, annotations).write()
    indent(score, " ")
    body = tostring(score, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_DOCTYPE}\n{body}\n'.encode()


def compress_musicxml(data: bytes) -> bytes:
    """Return a compressed MusicXML file (.mxl)."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        for name, content in (("META-INF/container.xml", _CONTAINER.encode()), ("score.musicxml", data)):
            writer.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # without a date
    return archive.getvalue()


def _list_part(part_list: Element, song: Song, number: int) -> None:
    """Say the name of a part and its instruments: of drums one for each key that it plays."""
    part = song.parts[number]
    entry = SubElement(part_list, "score-part", id=f"P{number + 1}")
    say(entry, "part-name", part.name)
    keys = np.unique(song.notes["pitch"][song.notes["part"] == number]).tolist() if part.is_drums else []
    instruments = {drum_id(number, key): key for key in keys} or {f"P{number + 1}-I0": None}
    for name, key in instruments.items():
        said = instrument_name(part) if key is None else drum_name(key)
        say(SubElement(entry, "score-instrument", id=name), "instrument-name", said)
    for name, key in instruments.items():
        midi = SubElement(entry, "midi-instrument", id=name)
        if part.is_drums:
            say(midi, "midi-channel", DRUM_CHANNEL + 1)  # MusicXML counts channels, programs and keys from 1
        say(midi, "midi-program", part.program + 1)
        if key is not None:
            say(midi, "midi-unpitched", key + 1)
