"""What a DAE's encoder is given instead of clean measures: notes as they go wrong.

Of the notes a share goes wrong, each in one way (`DROPPED` and so on are the shares of the ways): it is left
out; it has another pitch; it begins earlier or later; it is longer or shorter; or beside it a note is given
that was never there. Errors in pitch and in time are of up to `MOST_SEMITONES` and `MOST_SIXTEENTHS`, a size
the less often the larger it is (1 / size). Whatever comes of it is measures again: notes lie within theirs,
none of one pitch overlap, and what is held from before still begins at the barline. A line may sound two
notes at a time, which the encoder's rolls do not mind. Each measure goes wrong by itself, since it is encoded
by itself: of a note across the barline one half may be wrong and the other right.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musicvae.core.chance import uniform
from musicvae.core.corruption import Corruption, keep
from musicvae.measures.data.alphabet import PITCHES, Alphabet
from musicvae.measures.data.batch import Layout, MeasureBatch, Notes

DROPPED, REPITCHED, SHIFTED, STRETCHED, EXTRA = 0.4, 0.2, 0.15, 0.15, 0.1
MOST_SEMITONES = 12
MOST_SIXTEENTHS = 8


def wrong_notes(rate: float, alphabet: Alphabet, sixteenth: int = 1) -> Corruption[MeasureBatch]:
    """Return a corruption that gets this share of the notes wrong (see the module's docstring).

    Parameters
    ----------
    rate : float
    alphabet : Alphabet
    sixteenth : int
        Steps of one.

    Raises
    ------
    ValueError
        If the rate lies outside 0 to 1.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"the share of wrong notes must lie between 0 and 1, got {rate}")

    def corrupt(batch: MeasureBatch, generator: torch.Generator | None = None) -> MeasureBatch:
        return MeasureBatch(batch.layout, _go_wrong(batch, rate, alphabet, sixteenth, generator))

    return keep if rate == 0 else corrupt


def _go_wrong(
    batch: MeasureBatch, rate: float, alphabet: Alphabet, sixteenth: int, generator: torch.Generator | None
) -> Notes:
    layout, notes = batch
    count, device = len(notes.step), notes.step.device
    fate, where = uniform((2, count), generator, device)
    fate = fate / max(rate, 1e-9)  # below 1: this note goes wrong
    edges = torch.tensor([DROPPED, REPITCHED, SHIFTED, STRETCHED, EXTRA], device=device).cumsum(0)
    way = torch.bucketize(fate, edges, right=True)  # 0 .. 4, 5: the note is right
    semitones = _sizes(count, MOST_SEMITONES, generator, device)
    steps = sixteenth * _sizes(count, MOST_SIXTEENTHS, generator, device)
    measure_steps = layout.measure_steps[notes.measure]
    held = notes.symbol < alphabet.lanes
    shifted = torch.minimum(notes.step + steps, measure_steps - sixteenth)
    begin = torch.where((way == 2) & ~held, shifted, notes.step)
    length = torch.where((way == 3) | ((way == 2) & held), notes.length + steps, notes.length)
    symbol = torch.where(way == 1, _transpose(notes.symbol, semitones), notes.symbol)
    # Beside a note another one of its length, somewhere in its measure.
    extra = (way == 4).nonzero().squeeze(1)
    onset = alphabet.symbols(alphabet.part(symbol), alphabet.pitch(symbol), torch.zeros_like(symbol))
    kept = (way != 0).nonzero().squeeze(1)
    source = torch.cat([kept, extra])
    begin = torch.cat([begin[kept], ((where * measure_steps).long() // sixteenth * sixteenth)[extra]])
    symbol = torch.cat([symbol[kept], _transpose(onset, semitones)[extra]])
    return _tidy_notes(layout, notes.measure[source], begin, length[source], symbol, alphabet)


def _sizes(count: int, most: int, generator: torch.Generator | None, device: torch.device) -> Tensor:
    """Return errors of 1 to `most`, each size as often as 1 / size, up or down; shape (count,)."""
    chance = (1 / torch.arange(1, most + 1, device=device)).cumsum(0)
    coin, sign = uniform((2, count), generator, device)
    size = torch.bucketize(coin * chance[-1], chance, right=True).clamp(max=most - 1) + 1
    return torch.where(sign < 0.5, -size, size)


def _transpose(symbol: Tensor, semitones: Tensor) -> Tensor:
    """Return symbols moved by semitones within their part; where a pitch ends, the other way."""
    pitch = symbol % PITCHES
    leaves = (pitch + semitones < 0) | (pitch + semitones >= PITCHES)
    return symbol + torch.where(leaves, -semitones, semitones)


def _tidy_notes(
    layout: Layout, measure: Tensor, step: Tensor, length: Tensor, symbol: Tensor, alphabet: Alphabet
) -> Notes:
    """Return notes as a batch has them, each within its measure, and tidy as `midi.songs.notes` says."""
    measure_steps = layout.measure_steps[measure]
    step = torch.minimum(step.clamp(min=0), measure_steps - 1)
    length = torch.minimum(length.clamp(min=1), measure_steps - step)
    # By lane and step, the longest first: what overlaps lies side by side.
    lane = measure * alphabet.lanes + symbol % alphabet.lanes
    most = int(layout.measure_steps.max()) + 1 if len(layout.measure_steps) else 1
    order = torch.argsort((lane * most + step) * most + (most - 1 - length), stable=True)
    measure, step, length, symbol, lane = (each[order] for each in (measure, step, length, symbol, lane))
    again = torch.zeros_like(lane, dtype=torch.bool)
    again[1:] = (lane[1:] == lane[:-1]) & (step[1:] == step[:-1])
    measure, step, length, symbol, lane = (each[~again] for each in (measure, step, length, symbol, lane))
    until_next = torch.full_like(step, most)
    until_next[:-1] = torch.where(lane[1:] == lane[:-1], step[1:] - step[:-1], most)
    length = torch.minimum(length, until_next)
    order = torch.argsort((measure * most + step) * alphabet.size + symbol)
    return Notes(*(each[order] for each in (measure, step, length, symbol)))
