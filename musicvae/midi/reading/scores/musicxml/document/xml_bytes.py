"""Bytes of XML as a tree, whatever their encoding; nothing outside them is ever fetched.

Conventions
-----------
Elements and attributes are counted before they are read, since a tree of them is many times larger than
their bytes. A DOCTYPE is passed over. One that declares entities or default attributes is refused, since a
few lines of them unfold to gigabytes; no score has any. Namespaces are left out of the tags.
"""

from __future__ import annotations

import contextlib
import re
import xml.etree.ElementTree as ET
from xml.parsers import expat

from musicvae.errors import SongError

MOST_ELEMENTS = 1_500_000  # and attributes: each takes some 300 bytes; a string quartet has up to 450,000
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_ASIAN = re.compile(r"gb\w*|big5\w*|shift_jis|euc-\w\w", re.IGNORECASE)  # several bytes to the letter


def parse_xml(data: bytes) -> ET.Element:
    """Return the root of what is XML; text in another encoding than it says is read too.

    Raises
    ------
    SongError
        If it is no XML, or XML that declares entities or has too many elements.
    """
    if b"\0" not in data[:4]:  # else it is UTF-16
        data = data.strip(b" \t\r\n\0")
    try:
        return _parse(data)
    except (ET.ParseError, LookupError, ValueError) as error:
        recoded = _decode(data).encode()
        if recoded != data or isinstance(error, LookupError) or "encoding" in str(error):
            return _parse_recoded(recoded)
        raise SongError(f"it cannot be read as MusicXML: {error}") from error


def _parse_recoded(data: bytes) -> ET.Element:
    try:
        return _parse(data, "utf-8")
    except (ET.ParseError, ValueError) as error:
        raise SongError(f"it cannot be read as MusicXML: {error}") from error


def _parse(data: bytes, encoding: str | None = None) -> ET.Element:
    _check_declarations(data, encoding)
    if data.count(b"<") - data.count(b"</") + data.count(b"=") > MOST_ELEMENTS:
        raise SongError(f"it has more than {MOST_ELEMENTS:,} elements: give a smaller score")
    root = ET.fromstring(data, ET.XMLParser(encoding=encoding))
    if root.tag.startswith("{"):
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
    return root


def _decode(data: bytes) -> str:
    """Return the text of bytes that do not follow the encoding they declare; never fails."""
    declared = _DECLARED.match(data)
    name = declared[1].decode("ascii") if declared else ""
    for encoding in (*([name] if _ASIAN.fullmatch(name) else []), "utf-8-sig"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


class _RootReached(Exception):
    """The declarations are over."""


def _check_declarations(data: bytes, encoding: str | None) -> None:
    parser = expat.ParserCreate(encoding)
    parser.EntityDeclHandler = parser.AttlistDeclHandler = _refuse
    parser.StartElementHandler = _stop
    with contextlib.suppress(
        _RootReached, expat.ExpatError
    ):  # the parser of the tree says what is the matter
        parser.Parse(data, True)


def _refuse(*_declaration: object) -> None:
    raise SongError("it declares XML entities, which no score needs: export it as MusicXML again")


def _stop(*_element: object) -> None:
    raise _RootReached
