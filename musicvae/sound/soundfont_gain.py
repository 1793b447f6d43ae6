"""Soundfonts made louder or softer, so that what is played by them fills the numbers that it is told in.

Conventions
-----------
A soundfont is a RIFF file. Its list `pdta` says how samples become presets: each preset (`phdr`) has zones
(`pbag`), and each zone generators (`pgen`), numbers of a kind that add to those of an instrument. Here
every zone that leads to an instrument gets the generator "initial attenuation" changed. That of a first
zone without an instrument counts for the others that have none. rustysynth takes a unit for 0.04 dB, and a
negative one makes louder.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from musicvae.errors import SoundError
from musicvae.sound.riff import find_chunks, make_riff_chunk

UNIT = 0.04  # decibels
_ATTENUATION, _INSTRUMENT = 48, 41  # kinds of generators
_PRESET = np.dtype([("name", "S20"), ("numbers", "<u2", 2), ("zone", "<u2"), ("reserved", "<u4", 3)])
_ZONE = np.dtype([("generator", "<u2"), ("modulator", "<u2")])
_GENERATOR = np.dtype([("kind", "<u2"), ("amount", "<i2")])


def amplify(soundfont: bytes, decibels: float) -> bytes:
    """Return a soundfont by which everything sounds louder, or softer.

    Raises
    ------
    SoundError
        If it is damaged.
    """
    lists = [chunk for chunk in find_chunks(soundfont, 12, len(soundfont)) if chunk.name == b"LIST"]
    presets = next((each for each in lists if soundfont.startswith(b"pdta", each.begin)), None)
    if presets is None:
        raise SoundError("the soundfont has no presets: name another")
    parts = {
        chunk.name: soundfont[chunk.begin : chunk.end]
        for chunk in find_chunks(soundfont, presets.begin + 4, presets.end)
    }
    try:
        parts |= _turn(parts, round(decibels / UNIT))
    except OverflowError as error:  # its numbers count to 65,535, and a damaged one may share zones
        raise SoundError("the soundfont has too many presets to be made louder: name another") from error
    except (KeyError, ValueError, IndexError) as error:
        raise SoundError("the presets of the soundfont are damaged: name another") from error
    contents = b"pdta" + b"".join(make_riff_chunk(name, data) for name, data in parts.items())
    body = b"".join(
        [soundfont[8 : presets.begin - 8], make_riff_chunk(b"LIST", contents), soundfont[presets.end :]]
    )
    return make_riff_chunk(b"RIFF", body)


def _turn(parts: dict[bytes, bytes], units: int) -> dict[bytes, bytes]:
    """Return zones and generators, of presets that are so many units louder."""
    presets = np.frombuffer(parts[b"phdr"], _PRESET)["zone"].tolist()
    zones = np.frombuffer(parts[b"pbag"], _ZONE).copy()
    generators = np.frombuffer(parts[b"pgen"], _GENERATOR).tolist()
    bounds = zones["generator"].tolist()
    turned: list[tuple[int, int]] = []
    for first, after in pairwise(presets):
        shared = 0
        for zone in range(first, after):
            own = generators[bounds[zone] : bounds[zone + 1]]
            zones["generator"][zone] = len(turned)
            attenuation = dict(own).get(_ATTENUATION, shared)
            if own and own[-1][0] == _INSTRUMENT:
                kept = [each for each in own[:-1] if each[0] != _ATTENUATION]
                own = [*kept, (_ATTENUATION, int(np.clip(attenuation - units, -32768, 32767))), own[-1]]
            elif zone == first:
                shared = attenuation
            turned += own
    zones["generator"][presets[-1] :] = len(turned)
    turned += generators[bounds[-1] :]
    return {b"pbag": zones.tobytes(), b"pgen": np.array(turned, _GENERATOR).tobytes()}
