from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np
import pytest

from musicvae.errors import SoundError
from musicvae.sound.soundfont import find_soundfont
from musicvae.sound.soundfont_gain import UNIT, amplify
from musicvae.sound.synthesizer import play_once

KEYS, ATTENUATION, INSTRUMENT, PAN = 43, 48, 41, 17
Zone = Sequence[tuple[int, int]]


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data


def soundfont(presets: Iterable[Sequence[Zone]]) -> bytes:
    """Return a soundfont of presets, each a sequence of zones, and samples of odd length before them."""
    heads, zones = b"", b""
    generators: list[tuple[int, int]] = []
    for preset in (*presets, ()):  # the last is the end of the others
        heads += struct.pack("<20s3H3I", b"name", 0, 0, len(zones) // 4, 0, 0, 0)
        for zone in preset:
            zones += struct.pack("<2H", len(generators), 0)
            generators += zone
    zones += struct.pack("<2H", len(generators), 0)
    kinds = b"".join(struct.pack("<Hh", *each) for each in (*generators, (0, 0)))
    presets_list = chunk(b"phdr", heads) + chunk(b"pbag", zones) + chunk(b"pmod", b"") + chunk(b"pgen", kinds)
    lists = chunk(b"LIST", b"sdta" + b"odd") + b"\x00" + chunk(b"LIST", b"pdta" + presets_list)
    return chunk(b"RIFF", b"sfbk" + lists)


def test_every_zone_of_an_instrument_is_louder_whatever_else_it_says() -> None:
    plain = [(KEYS, 5), (INSTRUMENT, 0)]
    soft = [(ATTENUATION, 80), (PAN, 3), (INSTRUMENT, 1)]
    louder = amplify(soundfont([[plain], [plain, soft]]), 12)
    turned = [(KEYS, 5), (ATTENUATION, -300), (INSTRUMENT, 0)]
    assert louder == soundfont([[turned], [turned, [(PAN, 3), (ATTENUATION, -220), (INSTRUMENT, 1)]]])


def test_what_a_first_zone_says_counts_for_those_that_say_nothing_else() -> None:
    shared, own = [(ATTENUATION, 100)], [(ATTENUATION, 7), (INSTRUMENT, 1)]
    softer = amplify(soundfont([[shared, [(INSTRUMENT, 0)], own], [[(INSTRUMENT, 0)]]]), -4)
    zones = [shared, [(ATTENUATION, 200), (INSTRUMENT, 0)], [(ATTENUATION, 107), (INSTRUMENT, 1)]]
    assert softer == soundfont([zones, [[(ATTENUATION, 100), (INSTRUMENT, 0)]]])


def test_a_soundfont_that_would_have_more_generators_than_it_can_count_is_told() -> None:
    zones = [[(KEYS, 5), (INSTRUMENT, 0)]] * 25_000
    with pytest.raises(SoundError, match="has too many presets to be made louder"):
        amplify(soundfont([zones]), 12)


def test_it_is_heard(one_note: bytes) -> None:
    path = find_soundfont()
    sounds = [
        play_once(amplify(path.read_bytes(), decibels), one_note, path).samples for decibels in (12, 18)
    ]
    first, louder = (np.abs(each.astype(float)).max() for each in sounds)
    assert louder / first == pytest.approx(10 ** (6 / 20), rel=0.01)
    assert UNIT == 0.04


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"RIFF\x04\x00\x00\x00sfbk", "the soundfont has no presets"),
        (
            soundfont([[[(INSTRUMENT, 0)]]]).replace(b"pgen", b"xgen"),
            "the presets of the soundfont are damaged",
        ),
        (soundfont([[[(INSTRUMENT, 0)]]])[:-5], "the presets of the soundfont are damaged"),
    ],
)
def test_what_is_damaged_is_told(data: bytes, sentence: str) -> None:
    with pytest.raises(SoundError, match=sentence):
        amplify(data, 12)
