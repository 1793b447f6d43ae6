"""The score within a compressed MusicXML file (`.mxl`): an archive whose container names it.

Conventions
-----------
One member is unpacked, and never more of it than MAX_BYTES, whatever size the archive says it has: neither
nested archives nor lying ones can fill the memory.
"""

from __future__ import annotations

import io
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib

from musicvae.errors import SongError
from musicvae.midi.reading.scores.musicxml.document.xml_bytes import parse_xml

MAX_BYTES = 50_000_000  # uncompressed; a symphony in MusicXML is a fifth of that
TOO_LARGE = f"it unpacks to more than {MAX_BYTES // 1_000_000} MB: give a smaller score"

_CONTAINER = "META-INF/container.xml"
_SCORE, _MUSESCORE = (".musicxml", ".xml"), (".mscx", ".mscz")  # suffixes
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the standard has no others
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, RuntimeError, OSError, ValueError, OverflowError),
)


def unpack_musicxml(data: bytes) -> bytes:
    """Return the score of an archive; what is no archive is returned as it is.

    Raises
    ------
    SongError
        If the archive is damaged, holds no score, or one that is too large.
    """
    if len(data) > MAX_BYTES:
        raise SongError(TOO_LARGE)
    if not data.startswith(b"PK") and not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, _score_name(archive))
    except _DAMAGED as error:
        raise SongError(f"it cannot be read as MusicXML: its archive is damaged ({error})") from error


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    member = archive.getinfo(name)
    if member.compress_type not in _METHODS:
        raise zipfile.BadZipFile("a way of compression that no score has")
    with archive.open(member) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SongError(TOO_LARGE)
    return content


def _score_name(archive: zipfile.ZipFile) -> str:
    """Return which member is the score: what the container says, or else the first that may be one."""
    names = archive.namelist()
    for name in _names_in_container(archive):
        if name in names:
            return name
    scores = [name for name in names if name.lower().endswith(_SCORE) and not _is_about_others(name)]
    if scores:
        return scores[0]
    if any(name.lower().endswith(_MUSESCORE) for name in names):
        raise SongError("it is a MuseScore file: export it as MusicXML")
    raise SongError("there is no score in the archive: export it as MusicXML again")


def _is_about_others(name: str) -> bool:
    """Say whether a member is a note about the archive or, from a Mac, about another file."""
    folders = name.split("/")
    return folders[0] in ("META-INF", "__MACOSX") or folders[-1].startswith("._")


def _names_in_container(archive: zipfile.ZipFile) -> list[str]:
    try:
        container = parse_xml(_read(archive, _CONTAINER))
    except (SongError, KeyError, *_DAMAGED):
        return []
    return [name for file in _rootfiles(container) if (name := file.get("full-path", ""))]


def _rootfiles(container: ET.Element) -> list[ET.Element]:
    return [element for element in container.iter() if element.tag == "rootfile"]
