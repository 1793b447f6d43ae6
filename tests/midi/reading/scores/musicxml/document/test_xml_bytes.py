from __future__ import annotations

import codecs

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.musicxml.document.xml_bytes import parse_xml


def declared(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?><a>Sträuße</a>'


@pytest.mark.parametrize(
    "encoding", ["UTF-8", "UTF-16", "ISO-8859-1", "windows-1252", "ISO-8859-15", "cp437"]
)
def test_a_file_tells_its_own_encoding(encoding: str) -> None:
    assert parse_xml(declared(encoding).encode(encoding)).text == "Sträuße"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
def test_an_encoding_that_is_not_told_is_found(encoding: str) -> None:
    assert parse_xml("<a>Sträuße</a>".encode(encoding)).text == "Sträuße"


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ("UTF-8", "latin-1"),
        ("UTF-16", "utf-8"),
        ("no-such-one", "utf-8"),
        ("zip", "utf-8"),
        ("no-such-one", "latin-1"),
    ],
)
def test_an_encoding_that_is_told_wrongly_is_found(said: str, used: str) -> None:
    assert parse_xml(declared(said).encode(used)).text == "Sträuße"


@pytest.mark.parametrize("encoding", ["GB2312", "gb18030", "Shift_JIS", "Big5", "EUC-JP"])
def test_asian_encodings_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>中文</a>'
    assert parse_xml(text.encode(encoding)).text == "中文"


def test_blanks_around_it_do_not_matter() -> None:
    assert parse_xml(b'\n <?xml version="1.0"?><a/>\n\0\0').tag == "a"


def test_a_doctype_is_passed_over_and_not_fetched() -> None:
    doctype = '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD" "http://localhost:1/partwise.dtd">'
    assert parse_xml(f"{doctype}<score-partwise/>".encode()).tag == "score-partwise"


def test_namespaces_are_left_out() -> None:
    root = parse_xml(b'<m:a xmlns:m="http://x"><m:b/></m:a>')
    assert [element.tag for element in root.iter()] == ["a", "b"]


LAUGHS = "".join(f'<!ENTITY l{n} "{10 * f"&l{n - 1};"}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "declaration",
    [f'<!ENTITY l0 "ha">{LAUGHS}',
     '<!ENTITY file SYSTEM "file:///etc/passwd">',
     '<!ENTITY % more SYSTEM "http://localhost:1/more.dtd">%more;',
     '<!ATTLIST a b CDATA "as long as you like">'],
)  # fmt: skip
def test_declarations_that_unfold_are_refused(declaration: str) -> None:
    text = f"<!DOCTYPE a [{declaration}]><a>&l9;&file;</a>"
    for data in (text.encode(), text.encode("utf-16")):
        with pytest.raises(SongError, match="it declares XML entities, which no score needs"):
            parse_xml(data)


def test_declarations_are_refused_in_a_text_that_is_mended_too() -> None:
    with pytest.raises(SongError, match="it declares XML entities"):
        parse_xml(b'<?xml version="1.0" encoding="foo"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>')


@pytest.mark.parametrize(
    "data", [b"", b"MThd\0\0", b"<a", b"<a></b>", b"<a>&nbsp;</a>", b"\xff\xfe", b"\x89PNG\r\n"]
)
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(SongError, match="it cannot be read as MusicXML: "):
        parse_xml(data)


def test_elements_within_each_other_may_be_many() -> None:
    assert parse_xml(b"<a>" * 100_000 + b"</a>" * 100_000).tag == "a"


def test_utf_16_with_a_byte_missing_is_refused() -> None:
    with pytest.raises(SongError, match="cannot be read"):
        parse_xml(codecs.BOM_UTF16_LE + "<a>b</a>".encode("utf-16-le")[:-1])


@pytest.mark.parametrize("text", ["<a>" * 1_500_001, "<a" + ' b=""' * 1_500_001 + "/>"], ids=["<a>", "b="])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_more_elements_than_fit_into_memory_are_refused(encoding: str, text: str) -> None:
    with pytest.raises(SongError, match="more than 1,500,000 elements: give a smaller score"):
        parse_xml(text.encode(encoding))
