"""The one function under all of `compose`: what each measure of a piece may be -> the piece.

A script says for every measure whether its notes are given, whether it takes up an earlier measure, and
how free it is of its code: 0 says the code back, 1 has none. Every way to work with songs is a script:

===========  ============================================================
generate     no song: all measures at freedom 1
continue     the song's notes given, then measures at freedom 1
infill       notes given on both sides of a gap at freedom 1 (see `infill`)
vary         the song's codes, all at the amount
interpolate  codes on the path from song to song, freest in the middle
reconstruct  the song's codes at freedom 0
===========  ============================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from musicvae.compose.performance.plan_keeping import PlanKeeper
from musicvae.core.categorical import Draw
from musicvae.core.chance import standard_normal
from musicvae.errors import ModelError
from musicvae.measures.data.batch import lay_out
from musicvae.measures.data.song_batch import SongOutline, group_by_length, notes_to_songs, outline_to_window
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.noisy_codes import NoisyCodes, exact, mix
from musicvae.measures.network.roll_decoder import RollDecoder
from musicvae.measures.writing.closest import find_closest
from musicvae.measures.writing.coding import MEASURES_AT_ONCE, device_of, pace
from musicvae.measures.writing.writing import Writing
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
    """
    songs: list[Song | None] = [None] * len(scripts)
    groups = list(group_by_length([script.measures for script in scripts], MEASURES_AT_ONCE))
    done, total = 0, sum(scripts[chosen[-1]].measures for chosen in groups)  # the last is the longest
    for chosen in groups:
        some = [scripts[index] for index in chosen]
        on_measure = partial(_count_on, on_progress, done, total)
        with torch.inference_mode(), pace(model, len(some)):
            written = _perform_together(model, some, Draw(temperature, generator), on_measure)
        done += some[-1].measures
        for index, song in zip(chosen, written, strict=True):
            songs[index] = song
    return [song for song in songs if song is not None]


def _count_on(on_progress: Callable[[int, int], None], done: int, total: int, measures: int) -> None:
    on_progress(done + measures, total)


def require_hearing(model: MeasureVAE) -> None:
    """Check that a model's decoder hears the song.

    Raises
    ------
    ModelError
        If it says each measure by itself.
    """
    if not model.decoder.hears_song:
        raise ModelError(
            "the model's decoder says each measure by itself, and this needs one that hears the song: "
            "take a model that was trained with a recurrent decoder"
        )


def warm(draw: Draw, freedom: Tensor) -> Draw:
    """Return how measures of so much freedom are drawn: as `draw` says from `LOOSE` on, safer below."""
    return draw._replace(temperature=draw.temperature * (freedom / LOOSE).clamp(max=1))


def _perform_together(
    model: MeasureVAE, scripts: Sequence[Script], draw: Draw, on_measure: Callable[[int], None]
) -> list[Song]:
    noisy = _tell(model, scripts, draw.generator)
    if isinstance(model.decoder, RollDecoder):
        if any(script.given or script.plan for script in scripts):
            require_hearing(model)
        outlines = [script.outline for script in scripts]
        layout = lay_out(
            [outline_to_window(outline, model.config) for outline in outlines], noisy.code.device
        )
        told = exact(noisy.code.flatten(0, 1))
        notes = model.decoder.sample(layout, told, warm(draw, noisy.freedom.flatten()))
        return notes_to_songs(notes, layout, outlines, model.config)
    writing = _begin(model, scripts, on_measure)
    keeper = PlanKeeper(writing, [script.plan for script in scripts], draw.generator)
    planned = any(script.plan is not None for script in scripts)
    for measure in range(writing.at, writing.measures):
        told = keeper.take_up(NoisyCodes(noisy.code[:, measure], noisy.freedom[:, measure]))
        repeated = keeper.repeat()
        given = [script.given[measure] if measure < len(script.given) else None for script in scripts]
        known = [own if own is not None else again for own, again in zip(given, repeated, strict=True)]
        close = [song for song, script in enumerate(scripts) if script.closely and not told.freedom[song]]
        decided = find_closest(writing, close, told.code)
        loosen = partial(keeper.loosen, told)
        accepts = keeper.accepts if planned else None
        writing.go_on(known, told, warm(draw, told.freedom), accepts, decided, loosen)
        keeper.keep()
    return writing.songs()


def _tell(model: MeasureVAE, scripts: Sequence[Script], generator: torch.Generator | None) -> NoisyCodes:
    """Return the codes (songs, N, Z) as rough as they are free, and their freedom (songs, N)."""
    device, measures = device_of(model), max(script.measures for script in scripts)
    codes = torch.zeros(len(scripts), measures, model.config.latent, device=device)
    noise, freedom = torch.zeros_like(codes), torch.ones(len(scripts), measures, device=device)
    if any(script.noise and script.freedom.any() for script in scripts):
        noise = standard_normal(codes.shape, generator, codes)
    for row, script in enumerate(scripts):
        freedom[row, : script.measures] = torch.from_numpy(script.freedom).to(freedom)
        if script.codes is not None:
            codes[row, : script.measures] = script.codes
        noise[row] *= script.noise
    return NoisyCodes(mix(codes, noise, freedom), freedom)


def _begin(model: MeasureVAE, scripts: Sequence[Script], on_measure: Callable[[int], None]) -> Writing:
    """Return a writing of the pieces that has heard what is given of all of them."""
    different = list(dict.fromkeys(scripts))  # one script may stand for several pieces: it is heard once
    shared = min(len(script.given) for script in different)
    writing = Writing(model, [script.outline for script in different], on_measure)
    writing.hear([script.given[:shared] for script in different])
    return writing.select([different.index(script) for script in scripts])
