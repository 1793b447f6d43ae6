from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.compose.compression.source_frame import UNKNOWN, tell_frame, tell_meter
from musicvae.core.compression.adaptive_coding import AdaptiveReader, AdaptiveWriter
from musicvae.errors import PacketError
from musicvae.midi.songs.song import Meter, Part
from musicvae.midi.songs.source import KeyChange, Lyric, MeterChange, Source, TempoChange, TextAt

FULL = replace(
    UNKNOWN,
    tracks=(Part("Flöte", 73), Part("kit", 0, is_drums=True), Part("", 127)),
    ticks_per_beat=480,
    meters=(MeterChange(0, Meter(3, 4)), MeterChange(1440, Meter(7, 8))),
    tempi=(TempoChange(0, 120.0), TempoChange(7, 60_000_000 / 487_123), TempoChange(7, 1 / 3)),
    markers=(TextAt(3, "A"), TextAt(3, "月")),
    title="Ein Lied",
    composer="N. N.; M. M.",
    keys=(KeyChange(0, "F# minor"), KeyChange(480, "Bb major")),
    lyrics=(Lyric(0, "la-", 2), Lyric(0, "", -1), Lyric(9, "la", 0)),
    is_barred=True,
)
USUAL = (Part("melody"),)


def pack(source: Source) -> bytes:
    writer = AdaptiveWriter()
    tell_frame(writer, source, USUAL)
    return writer.to_bytes()


@pytest.mark.parametrize(
    "source", [FULL, UNKNOWN, replace(FULL, is_barred=False, title=""), replace(FULL, tracks=USUAL)]
)
def test_a_frame_comes_back(source: Source) -> None:
    back = tell_frame(AdaptiveReader(pack(source)), UNKNOWN, USUAL)
    assert not len(back.notes)
    assert not len(back.pedals)
    arrays = {"notes": None, "pedals": None}
    assert {**vars(back), **arrays} == {**vars(source), **arrays}


def test_the_frame_of_a_plain_tune_takes_few_bytes() -> None:
    plain = replace(UNKNOWN, tracks=USUAL, ticks_per_beat=480, is_barred=True)
    plain = replace(plain, meters=(MeterChange(0, Meter(6, 8)),), tempi=(TempoChange(0, 120.0),))
    assert len(pack(plain)) <= 16
    assert len(pack(replace(plain, title="The Irish Washerwoman"))) <= 16 + 16


@given(st.binary(max_size=80))
def test_any_bytes_are_a_frame_or_an_error(data: bytes) -> None:
    with suppress(PacketError):
        tell_frame(AdaptiveReader(data), UNKNOWN, USUAL)


def test_a_meter_of_no_beats_is_none() -> None:
    writer = AdaptiveWriter()
    writer.number(("meter", "beats"), 0)
    writer.number(("meter", "doublings"), 2)
    with pytest.raises(ValueError, match="not a meter"):
        tell_meter(AdaptiveReader(writer.to_bytes()), Meter())
