from __future__ import annotations

import io
import struct
import zipfile

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.musicxml.document.mxl_archive import unpack_musicxml

CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


def pack(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as writer:
        for name, content in files.items():
            writer.writestr(name, content)
    return archive.getvalue()


def container(text: str) -> dict[str, str | bytes]:
    return {"META-INF/container.xml": text}


def test_what_is_no_archive_stays_as_it_is() -> None:
    assert unpack_musicxml(b"<score-partwise/>") == b"<score-partwise/>"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_container_names_the_score(method: int) -> None:
    files = {"a.xml": "other", **container(CONTAINER.format("b/score.xml")), "b/score.xml": "score"}
    assert unpack_musicxml(pack(files, method)) == b"score"


@pytest.mark.parametrize(
    "said",
    [container(""), container("<container"), container("<container/>"),
     container(CONTAINER.format("gone.xml")),
     container("<container><rootfiles><rootfile/></rootfiles></container>"),
     container("<container><rootfiles><rootfile full-path='Let's.xml'/></rootfiles></container>"), {}],
)  # fmt: skip
def test_a_container_that_is_no_help_is_passed_over(said: dict[str, str | bytes]) -> None:
    mac = {"__MACOSX/._Let's.xml": "mac", "notes.txt": "text", "._a.xml": "mac"}
    assert unpack_musicxml(pack({**said, **mac, "Let's.xml": "score"})) == b"score"


@pytest.mark.parametrize("name", ["a.musicxml", "A.XML", "folder/a.xml"])
def test_a_score_is_known_by_its_name(name: str) -> None:
    assert unpack_musicxml(pack({"a.txt": "text", name: "score"})) == b"score"


@pytest.mark.parametrize("files", [{}, {"a.txt": "text"}, container("<container/>")])
def test_an_archive_without_a_score_is_refused(files: dict[str, str | bytes]) -> None:
    with pytest.raises(SongError, match="there is no score in the archive"):
        unpack_musicxml(pack(files))


def test_a_file_of_musescore_is_to_be_exported() -> None:
    with pytest.raises(SongError, match="it is a MuseScore file: export it as MusicXML"):
        unpack_musicxml(pack({"META-INF/container.xml": "", "a.mscx": "<museScore/>"}))


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a score have 1000 bytes."""
    monkeypatch.setattr("musicvae.midi.reading.scores.musicxml.document.mxl_archive.MAX_BYTES", 1000)


def with_size(data: bytes, size: int) -> bytes:
    """Return the archive of one file with another unpacked size in its directory."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<L", size) + data[at + 4 :]


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize("size", [1001, 10, 2**32 - 2])
def test_a_score_that_would_fill_the_memory_is_refused_whatever_size_it_says(size: int) -> None:
    bomb = with_size(pack({"a.xml": bytes(1001)}), size)
    with pytest.raises(
        SongError, match=r"unpacks to more than 50 MB: give a smaller score|archive is damaged"
    ):
        unpack_musicxml(bomb)


@pytest.mark.usefixtures("small_limit")
def test_a_large_file_beside_the_score_is_not_unpacked() -> None:
    assert unpack_musicxml(pack({"a.png": bytes(1001), "a.xml": "score"})) == b"score"


@pytest.mark.usefixtures("small_limit")
def test_a_container_that_would_fill_the_memory_is_passed_over() -> None:
    assert unpack_musicxml(pack({**container(" " * 1001), "a.xml": "score"})) == b"score"


def test_a_file_that_is_too_large_itself_is_refused() -> None:
    with pytest.raises(SongError, match="more than 50 MB"):
        unpack_musicxml(bytes(50_000_001))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_compression_that_no_score_has_are_refused(method: int) -> None:
    with pytest.raises(SongError, match="archive is damaged"):
        unpack_musicxml(pack({"a.xml": "score"}, method))


def test_a_damaged_archive_is_refused_in_a_sentence() -> None:
    whole = pack({"a.xml": "score" * 100})
    for place in range(len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        try:
            unpack_musicxml(damaged)
        except SongError:
            continue
    with pytest.raises(SongError, match="cannot be read as MusicXML: its archive is damaged"):
        unpack_musicxml(whole[:60])
