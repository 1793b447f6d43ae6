"""The one function under most of `compose`: what each measure of a piece may be -> the piece.

A script says for every measure whether its notes are given, whether it takes up an earlier measure, and
how free it is of its code: 0 says the code back, 1 has none. Most ways to work with songs are scripts:

===========  ============================================================
generate     no song: all measures at freedom 1
continue     the song's notes given, then measures at freedom 1
vary         the song's codes, all at the amount
interpolate  codes on the path from song to song, freest in the middle
reconstruct  the song's codes at freedom 0
===========  ============================================================

`infill` and `accompany` have notes after and around those that they write: see `particles`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.compose.performance.plan_keeping import PlanKeeper
from musicvae.core.categorical import Draw, require_temperature
from musicvae.core.chance import standard_normal
from musicvae.measures.data.noisy_codes import NoisyCodes, mix
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.closest import CloseReader
from musicvae.measures.writing.continuing import draw_measures, draw_until_accepted, hear_known, hear_through
from musicvae.measures.writing.side_by_side import Writing, begin_writing, songs_at_once
from musicvae.measures.writing.song_writing import go_on, pad_codes, write_in_groups
from musicvae.midi.form.plans import Plan
from musicvae.midi.songs.measure_notes import MeasureNotes
from musicvae.midi.songs.song import Song

# Below this freedom the notes are drawn the more safely the less free they are: a code that is nearly
# exact wants its likeliest reading and no chance beside its own noise.
LOOSE = 0.5


@dataclass(frozen=True, eq=False)
class Script:
    """What a piece of N measures is to be.

    Parameters
    ----------
    outline : SongOutline
        Meters, key and style.
    freedom : np.ndarray of float, shape (N,)
        How far each measure may leave its code, 0 to 1.
    codes : Tensor, shape (N, Z), optional
        Needed where the freedom is below 1.
    noise : float
        Of the noise that goes with the freedom, how much is mixed in. With 0 the decoder is told to trust
        the code no further than its freedom says, but nothing is drawn.
    closely : bool
        Whether measures at freedom 0 must read as their codes say, and not just as the likeliest way to
        say them (see `measures.writing.closest`). Meant for codes of measures that there are.
    exact : bool
        Whether they are read as often as can be even where that hardly helps.
    given : sequence of MeasureNotes
        The notes of the first measures, which are taken as they are.
    plan : Plan, optional
        Of N measures; those that take up others do so whatever their freedom.

    Raises
    ------
    ValueError
        If it is not of N measures throughout, a freedom lies outside 0 to 1, or codes are missing.
    """

    outline: SongOutline
    freedom: np.ndarray
    codes: Tensor | None = None
    noise: float = 1.0
    closely: bool = False
    exact: bool = False
    given: Sequence[MeasureNotes] = ()
    plan: Plan | None = None

    def __post_init__(self) -> None:
        counts = {len(self.freedom), self.measures}
        counts |= set() if self.codes is None else {len(self.codes)}
        counts |= set() if self.plan is None else {self.plan.measures}
        if len(counts) > 1 or len(self.given) > self.measures:
            raise ValueError(f"a script of {self.measures} measures needs as many of everything")
        if not np.all((self.freedom >= 0) & (self.freedom <= 1)):
            raise ValueError("every freedom must lie between 0 (the code as it is) and 1 (no code)")
        if self.codes is None and np.any(self.freedom < 1):
            raise ValueError("measures of a freedom below 1 need codes")

    @property
    def measures(self) -> int:
        """Number of measures, N."""
        return len(self.outline.meters)

    @property
    def reads_closely(self) -> bool:
        """Whether there are such measures."""
        return self.closely and not self.freedom.all()


def perform(
    model: MeasureVAE,
    scripts: Sequence[Script],
    temperature: float = 0.0,
    generator: torch.Generator | None = None,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> list[Song]:
    """Return the piece of each script, for the model's parts.

    Parameters
    ----------
    model : MeasureVAE
    scripts : sequence of Script
    temperature : float
        Of measures at freedom 1: 1 draws as the model has learned, less plays safer, 0 takes the
        likeliest. Of less free measures it is lower, and 0 at freedom 0.
    generator : torch.Generator, optional
    on_progress : callable
        Told the measures written so far and in all; those of pieces written side by side count once.

    Raises
    ------
    ModelError
        If notes are given, or there is a plan, for a decoder that does not hear the song.
    SongError
        If a measure is longer than the model's longest.
    ValueError
        If the temperature is negative.
    """
    require_temperature(temperature)

    def write(chosen: list[int], on_measure: Callable[[int], None]) -> list[Song]:
        some, draw = [scripts[index] for index in chosen], Draw(temperature, generator)
        noisy, writing = _tell(model, some, generator), _begin(model, some, on_measure)
        step = _Performance(some, writing, draw) if model.decoder.hears_song else _Say(draw)
        return go_on(writing, noisy, step, on_measure)

    if any(script.given or script.plan for script in scripts):
        require_hearing(model)
    most = songs_at_once(model) if any(script.reads_closely for script in scripts) else None
    return write_in_groups(model, [script.measures for script in scripts], write, on_progress, most)


def warm(draw: Draw, freedom: Tensor) -> Draw:
    """Return how measures of so much freedom are drawn: as `draw` says from `LOOSE` on, safer below."""
    return draw._replace(temperature=draw.temperature * (freedom / LOOSE).clamp(max=1))


class _Say(NamedTuple):
    """Pieces that are written by a decoder that says each measure by itself."""

    draw: Draw

    def __call__(self, writing: Writing, noisy: NoisyCodes) -> Writing:
        return writing.write(noisy, warm(self.draw, noisy.freedom))

    def of(self, songs: Sequence[int]) -> _Say:
        return self


class _Performance:
    """Pieces that are written by scripts, side by side, by a decoder that hears the song.

    Parameters
    ----------
    scripts : sequence of Script
    writing : Writing
        The pieces as they begin.
    draw : Draw
    """

    def __init__(self, scripts: Sequence[Script], writing: Writing, draw: Draw) -> None:
        self.scripts, self.draw = scripts, draw
        self.keeper = PlanKeeper(writing, [script.plan for script in scripts], draw.generator)
        self.reader = CloseReader([script.exact for script in scripts])
        self.planned = any(script.plan is not None for script in scripts)

    def of(self, songs: Sequence[int]) -> _Performance:
        """Return the performance of some of the pieces."""
        some = copy(self)
        some.scripts = [self.scripts[piece] for piece in songs]
        some.keeper, some.reader = self.keeper.of(songs), self.reader.of(songs)
        return some

    def __call__(self, writing: Writing, noisy: NoisyCodes) -> Writing:
        """Return the pieces with their next measures: given, taken up, or written from their codes."""
        told, every = self.keeper.take_up(noisy), range(len(self.scripts))
        known, draw = self._known(writing.at), warm(self.draw, told.freedom)
        close = [piece for piece in every if self.scripts[piece].closely and not told.freedom[piece]]
        ways = self.reader.find(writing, close, told.code)
        ways |= hear_known(writing, {piece: known[piece] for piece in known if piece not in ways})
        free = [piece for piece in every if piece not in ways]
        if self.planned and not draw.is_greedy:
            loosen = partial(self.keeper.loosen, told)
            ways |= draw_until_accepted(writing, free, draw, self.keeper.accepts, loosen)
        else:
            ways |= zip(free, draw_measures(writing, free, told.of(free), draw), strict=True)
        writing = writing.follow([ways[piece] for piece in every])
        self.keeper.keep(writing)
        return writing

    def _known(self, at: int) -> dict[int, MeasureNotes]:
        """Return the next measures that are given, or say an earlier one again."""
        given = {
            piece: script.given[at] for piece, script in enumerate(self.scripts) if at < len(script.given)
        }
        return dict(sorted((self.keeper.repeat() | given).items()))


def _tell(model: MeasureVAE, scripts: Sequence[Script], generator: torch.Generator | None) -> NoisyCodes:
    """Return the codes (songs, N, Z) as rough as they are free, and their freedom (songs, N)."""
    nothing = torch.zeros(0, model.config.code_size)
    codes, freedom = pad_codes(
        model,
        [
            NoisyCodes(nothing if script.codes is None else script.codes, torch.from_numpy(script.freedom))
            for script in scripts
        ],
    )
    noise = torch.zeros_like(codes)
    if any(script.noise and script.freedom.any() for script in scripts):
        noise = standard_normal(codes.shape, generator, codes)
    for row, script in enumerate(scripts):
        noise[row] *= script.noise
    return NoisyCodes(mix(codes, noise, freedom), freedom)


def _begin(model: MeasureVAE, scripts: Sequence[Script], on_measure: Callable[[int], None]) -> Writing:
    """Return the pieces with what is given of all of them, which is heard."""
    different = list(dict.fromkeys(scripts))  # one script may stand for several pieces: it is heard once
    shared = min(len(script.given) for script in different)
    writing = begin_writing(model, [script.outline for script in different])
    given = [script.given[:shared] for script in different]
    if shared:
        writing = hear_through(writing, given, on_measure)
    return writing.select([different.index(script) for script in scripts])
