"""What is known of whole music before its notes, handed over both ways by one routine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from musicvae.compose.compression.note_residue import NoteBounds
from musicvae.compose.compression.source_frame import UNKNOWN, tell_frame, tell_meter
from musicvae.compose.compression.whole_music import WholeMusic
from musicvae.core.compression.adaptive_coding import AdaptiveCoder
from musicvae.core.compression.byte_fields import damaged
from musicvae.measures.data.config import KEYS, MusicConfig
from musicvae.measures.data.song_batch import SongOutline
from musicvae.midi.arranging.seats import NO_PROGRAM, are_seats, list_programs, take_seats
from musicvae.midi.songs.song import MAX_MEASURES, Grid, Meter, Part

_PROGRAMS = 128


class Opening(NamedTuple):
    """What is known of music before its notes."""

    given: WholeMusic  # without notes
    bounds: NoteBounds
    outline: SongOutline | None  # of what the model hears; None: it hears nothing
    begin: int  # the step at which that begins


UNKNOWN_OPENING = Opening(WholeMusic(UNKNOWN), NoteBounds(0, 0, 1, 1), None, 0)


def tell_opening(coder: AdaptiveCoder, said: Opening, config: MusicConfig) -> Opening:
    """Hand over what is known of music before its notes: see `core.compression.adaptive_coding`."""
    frame = tell_frame(coder, said.given.source, config.parts)
    notes = coder.number(("notes",), said.bounds.notes)
    unit = coder.number(("unit",), said.bounds.unit)
    steps_per_beat = coder.number(("grid",), said.given.grid.steps_per_beat)
    end = coder.number(("end",), said.given.end)
    if not (unit and frame.tracks) or frame.ticks_per_beat % unit:
        raise damaged()
    bounds = NoteBounds(notes, len(frame.tracks), frame.ticks_per_beat // unit, unit)
    given = WholeMusic(frame, Grid(steps_per_beat), end)
    if not coder.symbol(("whether the model hears it",), 2, said.outline is not None):
        return Opening(given, bounds, None, 0)
    outline = _tell_outline(coder, said.outline or SongOutline(()), config)
    return Opening(given, bounds, outline, coder.signed(("begin",), said.begin))


def _tell_outline(coder: AdaptiveCoder, said: SongOutline, config: MusicConfig) -> SongOutline:
    runs = [(meter, len(list(run))) for meter, run in groupby(said.meters)]
    meters: list[Meter] = []
    for number in range(coder.number(("runs of measures",), len(runs))):
        meter, count = runs[number] if runs else (Meter(), 0)
        meter, count = tell_meter(coder, meter), coder.number(("measures",), count)
        if not config.can_read(meter) or len(meters) + count > MAX_MEASURES:
            raise damaged()
        meters += [meter] * count
    key = coder.symbol(("key of the song",), KEYS + 1, said.key)
    style = coder.symbol(("style",), len(config.styles) + 1, said.style)
    return SongOutline(tuple(meters), key, style, _tell_players(coder, said.parts, config))


def _tell_players(coder: AdaptiveCoder, said: Sequence[Part], config: MusicConfig) -> tuple[Part, ...]:
    """Hand over who plays at the seats of a model; of one that has none there is nothing to tell."""
    if not are_seats(config.parts):
        return ()
    programs = list_programs(said) if said else (NO_PROGRAM,) * len(config.parts)
    told = [coder.symbol(("program at a seat",), _PROGRAMS + 1, program + 1) - 1 for program in programs]
    return take_seats(config.parts, told)
