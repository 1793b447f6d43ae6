"""What a compressed song tells in plain fields: everything but its notes.

Conventions
-----------
In this order (see `core.compression.byte_fields`): meters as runs of (measures, numerator, doublings of the
denominator), a number that is always 0, tempi, parts, markers, title. Places are steps since the one
before. A tempo is a number of hundredths, or 0 and a real number. Parts that are the model's own take one
byte.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from musicvae.core.compression.byte_fields import FieldReader, FieldWriter, damaged
from musicvae.errors import SongError
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.midi.songs.notes import NOTE
from musicvae.midi.songs.song import MAX_MEASURES, Marker, Meter, Part, Song, Tempo

_MOST_DOUBLINGS = 16  # of a meter's denominator
_LARGEST = 1 << 31  # of what has no bound of its own
_PROGRAMS = 128


def head_to_bytes(song: Song, config: MeasureVAEConfig) -> bytes:
    """Return all of a song but its notes as bytes.

    Parameters
    ----------
    song : Song
    config : MeasureVAEConfig
        Of the model that the song is compressed by.

    Raises
    ------
    SongError
        If the song is not in the model's grid and parts.
    """
    if (song.grid, [part.is_drums for part in song.parts]) != (config.grid, _drums(config)):
        raise SongError("the song is not in the model's grid and parts: let the model hear it first")
    fields = FieldWriter()
    runs = [(meter, len(list(run))) for meter, run in groupby(song.meters)]
    fields.number(len(runs))
    for meter, count in runs:
        for value in (count, meter.numerator, meter.denominator.bit_length() - 1):
            fields.number(value)
    fields.number(0)  # files that held notes alone said key and style here
    _write_tempi(fields, song.tempi)
    fields.number(song.parts != config.parts)
    for part in song.parts if song.parts != config.parts else ():
        fields.number(part.program)
        fields.text(part.name)
    fields.number(len(song.markers))
    for gap, marker in zip(_gaps(song.markers), song.markers, strict=True):
        fields.number(gap)
        fields.text(marker.text)
    fields.text(song.title)
    return fields.data


def bytes_to_head(data: bytes, config: MeasureVAEConfig) -> Song:
    """Return a song without its notes. Inverse of `head_to_bytes`.

    Raises
    ------
    PacketError
        If no song can begin like that.
    """
    fields = FieldReader(data)
    meters = _read_meters(fields)
    fields.number(0)
    tempi = _read_tempi(fields)
    parts = config.parts
    if fields.number(1):
        parts = tuple(_read_part(fields, drums) for drums in _drums(config))
    markers, step = [], 0
    for _ in range(fields.number(len(data))):
        step += fields.number(_LARGEST)
        markers.append(Marker(step, fields.text()))
    return Song(np.empty(0, NOTE), meters, parts, config.grid, tempi, tuple(markers), fields.text())


def _drums(config: MeasureVAEConfig) -> list[bool]:
    return [part.is_drums for part in config.parts]


def _gaps(places: Sequence[Tempo | Marker]) -> list[int]:
    """Return the steps from each place to the next, the first from the beginning of the song."""
    steps = [int(place.step) for place in places]
    return [after - before for before, after in zip([0, *steps], steps, strict=False)]


def _write_tempi(fields: FieldWriter, tempi: Sequence[Tempo]) -> None:
    fields.number(len(tempi))
    for gap, tempo in zip(_gaps(tempi), tempi, strict=True):
        fields.number(gap)
        hundredths = round(100 * tempo.bpm)
        if 0 < hundredths <= _LARGEST and hundredths / 100 == tempo.bpm:
            fields.number(hundredths)
        else:
            fields.number(0)
            fields.real(tempo.bpm)


def _read_tempi(fields: FieldReader) -> tuple[Tempo, ...]:
    tempi, step = [], 0
    for _ in range(fields.number(_LARGEST)):
        step += fields.number(_LARGEST)
        bpm = fields.number(_LARGEST) / 100 or fields.real()
        if not (math.isfinite(bpm) and bpm > 0):
            raise damaged()
        tempi.append(Tempo(step, bpm))
    return tuple(tempi)


def _read_meters(fields: FieldReader) -> tuple[Meter, ...]:
    meters: list[Meter] = []
    for _ in range(fields.number(MAX_MEASURES)):
        count, numerator = fields.number(MAX_MEASURES - len(meters)), fields.number(_LARGEST)
        doublings = fields.number(_MOST_DOUBLINGS)
        if not numerator:
            raise damaged()
        meters += [Meter(numerator, 1 << doublings)] * count
    if not meters:
        raise damaged()
    return tuple(meters)


def _read_part(fields: FieldReader, is_drums: bool) -> Part:
    program = fields.number(_PROGRAMS - 1)
    return Part(fields.text(), program, is_drums)
