"""What a file says beside its notes (`midi.songs.source`), handed over both ways by one routine.

Where it is read there is nothing to hand over: then everything but what comes back is of no account.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from musicvae.core.compression.adaptive_coding import AdaptiveCoder
from musicvae.core.compression.byte_fields import damaged
from musicvae.errors import SongError
from musicvae.midi.songs.song import Meter, Part
from musicvae.midi.songs.source import NO_NOTES, KeyChange, Lyric, MeterChange, Source, TempoChange, TextAt

_PROGRAMS = 128
_MOST_DOUBLINGS = 16  # of a meter's denominator
_LATEST = 1 << 40  # tick
_SLOWEST, _FASTEST = 1e-3, 1e8  # quarter notes a minute
_OF_MIDI = ("pitch", "velocity")
_HUNDREDTHS, _MICROSECONDS, _REAL = range(3)  # how tempi are told

Item = TypeVar("Item", MeterChange, TempoChange, KeyChange, TextAt, Lyric)
UNKNOWN = Source(NO_NOTES, (), 1)  # what is handed over where a source is read


def require_keepable(source: Source) -> None:
    """Check that a source can be handed over, and comes back as it is.

    Raises
    ------
    SongError
        If it has no notes, or says what no file can.
    """
    notes, changes = source.notes, (source.meters, source.tempi, source.keys, source.markers, source.lyrics)
    texts = [source.title, source.composer, *(track.name for track in source.tracks)]
    texts += [*(marker.text for marker in source.markers), *(lyric.text for lyric in source.lyrics)]
    if not len(notes):
        raise SongError("no notes: choose a song with at least one note")
    wrong = {
        "times": [
            notes["start"].min() < 0,
            notes["end"].max() >= _LATEST,
            (notes["end"] < notes["start"]).any(),
        ]
        + [not _is_in_order([change.tick for change in kind]) for kind in changes],
        "pitches or velocities": [not ((notes[name] >= 0) & (notes[name] < 128)).all() for name in _OF_MIDI],
        "tracks": [notes["track"].min() < 0, notes["track"].max() >= len(source.tracks)]
        + [not 0 <= track.program < _PROGRAMS for track in source.tracks],
        "tempi": [not _SLOWEST <= tempo.bpm <= _FASTEST for tempo in source.tempi],
        "texts": [any("\ud800" <= letter <= "\udfff" for letter in text) for text in texts],
    }
    for what, found in wrong.items():
        if any(found):
            raise SongError(f"its {what} are none that a file can have: compress it without --lossless")


def _is_in_order(ticks: Sequence[int]) -> bool:
    return all(0 <= before <= after < _LATEST for before, after in pairwise([0, *ticks]))


def tell_frame(coder: AdaptiveCoder, said: Source, usual: tuple[Part, ...]) -> Source:
    """Hand over all of a source but its notes and what was noticed in reading it.

    Parameters
    ----------
    coder : AdaptiveCoder
    said : Source
        UNKNOWN where it is read.
    usual : tuple of Part
        Tracks that take no telling.

    Raises
    ------
    PacketError
        If no source can be like that.
    """
    try:
        return Source(
            NO_NOTES,
            _tell_tracks(coder, said.tracks, usual),
            _more_than_none(coder.number(("ticks a beat",), said.ticks_per_beat)),
            is_barred=bool(coder.symbol(("barred",), 2, said.is_barred)),
            meters=_tell_all(coder, "meters", said.meters, _tell_meter),
            tempi=_tell_all(coder, "tempi", said.tempi, _tell_tempo),
            keys=_tell_all(coder, "keys", said.keys, _tell_key),
            markers=_tell_all(coder, "markers", said.markers, _tell_marker),
            lyrics=_tell_all(coder, "lyrics", said.lyrics, _tell_lyric),
            title=coder.text(("title",), said.title),
            composer=coder.text(("composer",), said.composer),
        )
    except ValueError as error:  # such as a meter of no beats
        raise damaged() from error


def tell_meter(coder: AdaptiveCoder, said: Meter) -> Meter:
    """Hand over a meter.

    Raises
    ------
    ValueError
        If what is read is none.
    """
    beats = coder.number(("meter", "beats"), said.numerator)
    doublings = coder.number(("meter", "doublings"), said.denominator.bit_length() - 1)
    return Meter(beats, 1 << min(doublings, _MOST_DOUBLINGS))


def _more_than_none(count: int) -> int:
    if not count:
        raise damaged()
    return count


def _tell_tracks(coder: AdaptiveCoder, said: tuple[Part, ...], usual: tuple[Part, ...]) -> tuple[Part, ...]:
    if coder.symbol(("usual tracks",), 2, said == usual):
        return usual
    count = coder.number(("tracks",), len(said))
    return tuple(_tell_track(coder, said[number] if said else Part("")) for number in range(count))


def _tell_track(coder: AdaptiveCoder, said: Part) -> Part:
    is_drums = bool(coder.symbol(("drums",), 2, said.is_drums))
    program = coder.symbol(("program",), _PROGRAMS, said.program)
    return Part(coder.text(("track name",), said.name), program, is_drums)


def _tell_all(
    coder: AdaptiveCoder,
    name: str,
    said: Sequence[Item],
    tell: Callable[[AdaptiveCoder, int, Item | None], Item],
) -> tuple[Item, ...]:
    items, tick = list[Item](), 0
    for number in range(coder.number((name, "count"), len(said))):
        item = said[number] if said else None
        tick += coder.number((name, "wait"), item.tick - tick if item else 0)
        items.append(tell(coder, tick, item))
    return tuple(items)


def _tell_meter(coder: AdaptiveCoder, tick: int, said: MeterChange | None) -> MeterChange:
    return MeterChange(tick, tell_meter(coder, said.meter if said else Meter()))


def _tell_tempo(coder: AdaptiveCoder, tick: int, said: TempoChange | None) -> TempoChange:
    """Hand over a tempo: as people say it, as MIDI does, or as a real number."""
    bpm = said.bpm if said else 1.0
    hundredths, microseconds = round(100 * bpm), round(60_000_000 / bpm)
    by = _REAL
    if hundredths / 100 == bpm:
        by = _HUNDREDTHS
    elif microseconds and 60_000_000 / microseconds == bpm:
        by = _MICROSECONDS
    by = coder.symbol(("how a tempo is told",), 3, by)
    if by == _REAL:
        bpm = coder.real(("tempo",), bpm)
    else:
        told = _more_than_none(coder.number(("tempo", by), hundredths if by == _HUNDREDTHS else microseconds))
        bpm = told / 100 if by == _HUNDREDTHS else 60_000_000 / told
    if not (math.isfinite(bpm) and bpm > 0):
        raise damaged()
    return TempoChange(tick, bpm)


def _tell_key(coder: AdaptiveCoder, tick: int, said: KeyChange | None) -> KeyChange:
    return KeyChange(tick, coder.text(("key",), said.key if said else ""))


def _tell_marker(coder: AdaptiveCoder, tick: int, said: TextAt | None) -> TextAt:
    return TextAt(tick, coder.text(("marker",), said.text if said else ""))


def _tell_lyric(coder: AdaptiveCoder, tick: int, said: Lyric | None) -> Lyric:
    track = coder.number(("singer",), said.track + 1 if said else 0) - 1
    return Lyric(tick, coder.text(("lyric",), said.text if said else ""), track)
