"""Who plays: instruments as people name them, at the seats of a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from torch import Tensor

from musicvae.errors import SongError
from musicvae.measures.data.config import MeasureVAEConfig, MusicConfig
from musicvae.midi.arranging.seats import NO_DRUMS, NO_PROGRAM, VACANT, are_seats, is_vacant, take_seats
from musicvae.midi.songs.instruments import (
    DRUMS,
    FAMILIES,
    INSTRUMENTS,
    KINDS,
    PROGRAMS_A_FAMILY,
    number_instrument,
)
from musicvae.midi.songs.song import Part, Song


def parse_band(names: str, config: MusicConfig) -> tuple[Part, ...]:
    """Return instruments at the seats of a model, from the highest to the lowest as its songs have them.

    Parameters
    ----------
    names : str
        Separated by commas: families of General MIDI, such as "piano", instruments, such as "flute", or
        "drums".
    config : MusicConfig
        Of the model.

    Raises
    ------
    SongError
        If the model has no seats, has never heard one of them, or has too few seats.
    """
    if not are_seats(config.parts):
        raise SongError(
            f"the model's parts are always {', '.join(part.name for part in config.parts)}: take one that "
            "was trained on songs as they are, by `musicvae train` without --parts"
        )
    players = [_find_instrument(name, config) for name in split_names(names)]
    drums, pitched = [p for p in players if p.is_drums], [p for p in players if not p.is_drums]
    pitched.sort(key=lambda part: -config.registers[number_instrument(part)])
    seats = sum(not seat.is_drums for seat in config.parts)
    if not players:
        raise SongError(f"no instrument is named: name some of {', '.join(_list_heard(config))}")
    if len(drums) > 1 or len(pitched) > seats:
        raise SongError(f"the model has seats for {_count(config)}, and {len(players)} instruments are named")
    first = tuple(drums or [NO_DRUMS])[: len(config.parts) - seats]
    return first + tuple(pitched) + (VACANT,) * (seats - len(pitched))


def seat_codes(codes: Tensor, config: MeasureVAEConfig) -> tuple[Part, ...]:
    """Return who plays what codes (N, Z) say, where nobody says it: at each seat whoever sits there most.

    Nobody sits where all codes of a seat are zero, as the encoder leaves those where nobody plays.
    """
    if not config.has_bands:
        return config.usual_parts()
    taken = codes.unflatten(1, (len(config.parts), -1)).any(-1).any(0).tolist()
    programs = [_usual_at(seat, config) if sits else NO_PROGRAM for seat, sits in enumerate(taken)]
    return take_seats(config.parts, programs)


def _usual_at(seat: int, config: MusicConfig) -> int:
    """Return the program that songs have most at a seat, 0 if they have none there."""
    shares = {NO_PROGRAM: 0.0, 0: 0.0}
    for kind in config.kinds:
        program = kind.programs[seat]
        shares[program] = shares.get(program, 0.0) + kind.share * (program != NO_PROGRAM)
    return max(max(shares, key=lambda program: shares[program]), 0)


class Seated(NamedTuple):
    """A song with instruments who play nothing yet."""

    song: Song
    new: tuple[int, ...]  # their seats
    before: tuple[int, ...]  # of each seat, where in the song that was given its player sat


def add_instruments(song: Song, names: str, config: MusicConfig) -> Seated:
    """Return a song with instruments at vacant seats, each among the others by its register.

    Parameters
    ----------
    song : Song
        In the model's seats.
    names : str
        See `parse_band`.
    config : MusicConfig

    Raises
    ------
    SongError
        If the model has never heard one of them, the song has drums already, or no seat is free.
    """
    seats = [_Sitting(part, _register(song, seat), seat) for seat, part in enumerate(song.parts)]
    added = [_find_instrument(name, config) for name in split_names(names)]
    for part in added:
        if part.is_drums and not is_vacant(seats[0].part):
            raise SongError(f"the song has drums already: have them written anew by infill --parts {DRUMS}")
        free = [n for n, (at, _, _) in enumerate(seats) if is_vacant(at) and at.is_drums == part.is_drums]
        if not free:
            raise SongError(f"no seat is free for {part.name}: the model has seats for {_count(config)}")
        sits = _Sitting(part, config.registers[number_instrument(part)], seats.pop(free[0]).before)
        lower = (
            n for n, (at, register, _) in enumerate(seats) if not at.is_drums and register < sits.register
        )
        seats.insert(free[0] if part.is_drums else min(next(lower, free[0]), free[0]), sits)
    if not added:
        raise SongError(f"say what is to be added: some of {', '.join(_list_heard(config))}")
    notes, before = song.notes.copy(), tuple(seat.before for seat in seats)
    notes["part"] = np.argsort(before)[notes["part"]]
    new = tuple(n for n, seat in enumerate(seats) if seat.part != song.parts[seat.before])
    return Seated(replace(song, notes=notes, parts=tuple(seat.part for seat in seats)), new, before)


class _Sitting(NamedTuple):
    """Who sits at a seat, how high he plays, and who sat where in the song that was given."""

    part: Part
    register: float
    before: int


def _register(song: Song, seat: int) -> float:
    """Return the mean pitch of what is played at a seat; infinite where there is nothing."""
    pitches = song.notes["pitch"][song.notes["part"] == seat]
    return float(pitches.mean()) if len(pitches) else np.inf


def split_names(names: str) -> list[str]:
    """Return names that are separated by commas, apart from their case."""
    return [name.strip().casefold() for name in names.split(",") if name.strip()]


def _find_instrument(name: str, config: MusicConfig) -> Part:
    """Return the instrument of a name, with the program that the model's songs have it by most."""
    part = None
    if name == DRUMS:
        part = Part(DRUMS, _usual_program(range(128), config, is_drums=True), is_drums=True)
    elif name in FAMILIES:
        first = list(FAMILIES).index(name) * PROGRAMS_A_FAMILY
        program = _usual_program(range(first, first + PROGRAMS_A_FAMILY), config)
        part = Part(INSTRUMENTS[program], program)
    elif name in INSTRUMENTS:
        part = Part(name, INSTRUMENTS.index(name))
    if part is None or not config.registers[number_instrument(part)]:
        raise SongError(f"the model knows no {name!r}: it has heard {', '.join(_list_heard(config))}")
    return part


def _usual_program(programs: range, config: MusicConfig, is_drums: bool = False) -> int:
    """Return the one of some programs that songs have most, the first if none has any."""
    shares = dict.fromkeys(programs, 0.0)
    for kind in config.kinds:
        for seat, program in zip(config.parts, kind.programs, strict=True):
            if program in shares and seat.is_drums == is_drums:
                shares[program] += kind.share
    return max(programs, key=lambda program: shares[program])


def _list_heard(config: MusicConfig) -> Iterable[str]:
    """Return the families of instruments that the model has heard, and drums if it has."""
    return (name for name, pitch in zip(KINDS, config.registers, strict=True) if pitch)


def _count(config: MusicConfig) -> str:
    """Return how many seats there are, as people read it."""
    pitched = sum(not seat.is_drums for seat in config.parts)
    return f"{pitched} and {DRUMS}" if pitched < len(config.parts) else str(pitched)
