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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from musicvae.core.chance import standard_normal
from musicvae.measures.batch import lay_out
from musicvae.measures.coding import MEASURES_AT_ONCE, device_of, pace
from musicvae.measures.hints import Hints, exact, mix, roughen
from musicvae.measures.model import MeasureVAE
from musicvae.measures.note_writing import Draw
from musicvae.measures.roll_decoder import RollDecoder
from musicvae.measures.song_batch import Frame, frame_to_window, group_by_length, notes_to_songs
from musicvae.measures.writing import Page, Writing, same_notes
from musicvae.midi.plans import Plan
from musicvae.midi.song import Song

# How free a measure is that takes up an earlier one with changes, of that one's code.
VARIED = 0.5
# Below this freedom the notes are drawn the more safely the less free they are: a code that is nearly
# exact wants its likeliest reading and no chance beside its own noise.
LOOSE = 0.5
TRIES = 8  # draws of a measure that shall keep to its plan, before one is taken that does not


@dataclass(frozen=True, eq=False)
class Script:
    """What a piece of N measures is to be.

    Parameters
    ----------
    frame : Frame
        Meters, key and style.
    freedom : np.ndarray of float, shape (N,)
        How far each measure may leave its code, 0 to 1.
    codes : Tensor, shape (N, Z), optional
        Needed where the freedom is below 1.
    noise : float
        Of the noise that goes with the freedom, how much is mixed in. With 0 the decoder is told to trust
        the code no further than its freedom says, but nothing is drawn.
    given : sequence of Page
        The notes of the first measures, which are taken as they are.
    plan : Plan, optional
        Of N measures; those that it repeats are said again, whatever their freedom.
    """

    frame: Frame
    freedom: np.ndarray
    codes: Tensor | None = None
    noise: float = 1.0
    given: Sequence[Page] = ()
    plan: Plan | None = None

    @property
    def measures(self) -> int:
        """Number of measures, N."""
        return len(self.frame.meters)


def perform(
    model: MeasureVAE,
    scripts: Sequence[Script],
    temperature: float = 0.0,
    generator: torch.Generator | None = None,
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
    """
    songs: list[Song | None] = [None] * len(scripts)
    for chosen in group_by_length([script.measures for script in scripts], MEASURES_AT_ONCE):
        some = [scripts[index] for index in chosen]
        with torch.inference_mode(), pace(model, len(some)):
            written = _perform_together(model, some, temperature, generator)
        for index, song in zip(chosen, written, strict=True):
            songs[index] = song
    return [song for song in songs if song is not None]


def warmth(freedom: Tensor, temperature: float) -> Tensor:
    """Return the temperature of measures so free."""
    return temperature * (freedom / LOOSE).clamp(max=1)


def _perform_together(
    model: MeasureVAE, scripts: Sequence[Script], temperature: float, generator: torch.Generator | None
) -> list[Song]:
    hints = _tell(model, scripts, generator)
    frames = [script.frame for script in scripts]
    if isinstance(model.decoder, RollDecoder):
        layout = lay_out([frame_to_window(frame, model.config) for frame in frames], hints.code.device)
        notes = model.decoder.sample(layout, exact(hints.code.flatten(0, 1)), Draw(temperature, generator))
        return notes_to_songs(notes, layout, frames, model.config)
    writing = Writing(model, frames)
    writing.hear([script.given[: min(len(each.given) for each in scripts)] for script in scripts])
    for measure in range(writing.at, writing.measures):
        known = [_find_known(script, writing, song) for song, script in enumerate(scripts)]
        told = _take_up(scripts, writing, Hints(hints.code[:, measure], hints.freedom[:, measure]), generator)
        draw = Draw(warmth(told.freedom, temperature), generator)
        writing.go_on(_draft(scripts, writing, known, told, draw), told, draw)
    return writing.songs()


def _tell(model: MeasureVAE, scripts: Sequence[Script], generator: torch.Generator | None) -> Hints:
    """Return the codes (songs, N, Z) as rough as they are free, and their freedom (songs, N)."""
    device, measures = device_of(model), max(script.measures for script in scripts)
    codes = torch.zeros(len(scripts), measures, model.config.latent, device=device)
    freedom = torch.ones(len(scripts), measures, device=device)
    noise = standard_normal(codes.shape, generator, codes)
    for row, script in enumerate(scripts):
        freedom[row, : script.measures] = torch.from_numpy(script.freedom).to(freedom)
        if script.codes is not None:
            codes[row, : len(script.codes)] = script.codes
        noise[row] *= script.noise
    return Hints(mix(codes, noise, freedom), freedom)


def _find_known(script: Script, writing: Writing, song: int) -> Page | None:
    """Return the notes of the next measure if they are known: given, or those of an earlier one."""
    measure = writing.at
    if measure < len(script.given):
        return script.given[measure]
    plan = script.plan
    if plan is None or measure >= plan.measures or plan.source[measure] < 0 or plan.varied[measure]:
        return None
    return writing.fit(song, writing.pages[song][int(plan.source[measure])])


def _draft(
    scripts: Sequence[Script], writing: Writing, known: Sequence[Page | None], told: Hints, draw: Draw
) -> list[Page | None]:
    """Return the known measures, and of pieces with a plan those drawn until they keep to it.

    The plan says whether the piece begins with an upbeat, and where it repeats itself: elsewhere the
    decoder, which likes to look back, must not.
    """
    pages = list(known)
    open_ones = [
        song for song, script in enumerate(scripts) if script.plan is not None and pages[song] is None
    ]
    for _ in range(TRIES):
        if not open_ones:
            break
        drafts = writing.select(open_ones)
        drafts.write(Hints(told.code[open_ones], told.freedom[open_ones]), draw.of(torch.tensor(open_ones)))
        for song, written in zip(open_ones, drafts.pages, strict=True):
            if _keeps(scripts[song].plan, written):
                pages[song] = written[-1]
        open_ones = [song for song in open_ones if pages[song] is None]
    return pages


def _keeps(plan: Plan | None, pages: Sequence[Page]) -> bool:
    """Say whether the last of these measures, which is not to say another note for note, keeps to the plan."""
    *earlier, page = pages
    if plan is None or not len(page):
        return True
    if not earlier:
        return plan.upbeat == bool(page["step"].min() > 0)
    return not any(same_notes(page, other) for other in earlier)


def _take_up(
    scripts: Sequence[Script], writing: Writing, hints: Hints, generator: torch.Generator | None
) -> Hints:
    """Return the hints of the next measures, where one is taken up with changes those of its source."""
    every = {song: _varied_source(script, writing) for song, script in enumerate(scripts)}
    sources = {song: source for song, source in every.items() if source >= 0}
    if not sources:
        return hints
    songs = list(sources)
    codes = writing.encode(songs, list(sources.values()))
    rough = roughen(codes, torch.full((len(songs),), VARIED, device=codes.device), generator)
    code, freedom = hints.code.clone(), hints.freedom.clone()
    code[songs], freedom[songs] = rough
    return Hints(code, freedom)


def _varied_source(script: Script, writing: Writing) -> int:
    """Return the measure that the next one takes up with changes, -1 if it does no such thing."""
    plan, measure = script.plan, writing.at
    if plan is None or measure >= plan.measures or not plan.varied[measure]:
        return -1
    return int(plan.source[measure])
