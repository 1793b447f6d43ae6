from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.core.compression import packet as packets
from musicvae.core.compression.packet import (
    KINDS,
    Packet,
    bytes_to_packet,
    make_check,
    packet_to_bytes,
    write_packet,
)
from musicvae.errors import OutputError, PacketError

PACKET = Packet(2, b"8 bytes.", "folk", make_check(b"notes"), b"head", b"payload")


@given(st.integers(1, KINDS), st.binary(min_size=8, max_size=8), st.text(), st.binary(), st.binary())
def test_a_packet_comes_back_from_its_file(
    kind: int, model: bytes, name: str, head: bytes, payload: bytes
) -> None:
    packet = Packet(kind, model, name, make_check(payload), head, payload)
    assert bytes_to_packet(packet_to_bytes(packet)) == packet


def test_what_is_around_head_and_payload_takes_23_bytes_and_the_name() -> None:
    assert len(packet_to_bytes(PACKET)) == 23 + len("folk" + "head" + "payload")


@pytest.mark.parametrize("place", range(3, len(packet_to_bytes(PACKET))))
def test_a_flipped_bit_anywhere_is_an_error(place: int) -> None:
    data = bytearray(packet_to_bytes(PACKET))
    data[place] ^= 1
    with pytest.raises(PacketError, match="damaged or cut off|newer format"):
        bytes_to_packet(bytes(data))


@pytest.mark.parametrize("size", range(3, len(packet_to_bytes(PACKET))))
def test_a_file_cut_off_anywhere_is_an_error(size: int) -> None:
    with pytest.raises(PacketError, match="damaged or cut off"):
        bytes_to_packet(packet_to_bytes(PACKET)[:size])


@pytest.mark.parametrize("data", [b"", b"MV", b"MThd and music"])
def test_another_file_is_an_error_that_says_what_to_name(data: bytes) -> None:
    with pytest.raises(PacketError, match="it was not written by `musicvae compress`: name a file that was"):
        bytes_to_packet(data)


def test_a_newer_format_is_an_error_that_says_to_update(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(packets, "FORMAT", packets.FORMAT + 1)
        data = packet_to_bytes(PACKET)
    with pytest.raises(PacketError, match="newer format than 1: update musicvae"):
        bytes_to_packet(data)


def test_a_kind_of_a_later_version_is_an_error_that_says_to_update() -> None:
    data = packet_to_bytes(PACKET._replace(kind=KINDS + 1))
    with pytest.raises(PacketError, match="it holds something new: update musicvae"):
        bytes_to_packet(data)


def test_a_file_beyond_all_sizes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packets, "MAX_BYTES", 10)
    with pytest.raises(PacketError, match="it is larger than"):
        bytes_to_packet(packet_to_bytes(PACKET))


def test_no_more_than_one_byte_too_many_is_read_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packets, "MAX_BYTES", 10)
    (tmp_path / "large").write_bytes(bytes(100))
    assert len(packets.read_packet_bytes(tmp_path / "large")) == 11


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PacketError, match="missing cannot be read .*: name another file"):
        packets.read_packet_bytes(tmp_path / "missing")


def test_only_packets_are_written_over(tmp_path: Path) -> None:
    path = tmp_path / "song.mvz"
    for _ in range(2):
        write_packet(packet_to_bytes(PACKET), path)
    path.write_bytes(b"somebody's work")
    with pytest.raises(OutputError, match="was not written by `musicvae compress`: use --force"):
        write_packet(packet_to_bytes(PACKET), path)
    assert path.read_bytes() == b"somebody's work"
    write_packet(packet_to_bytes(PACKET), path, overwrite=True)
    assert bytes_to_packet(path.read_bytes()) == PACKET
