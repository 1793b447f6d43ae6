"""Fill a gap: many fillings are written, and weighed by how likely they make the measures that follow.

The decoder hears what lies left of the gap; what lies right of it, it can weigh, since its likelihoods are
exact. The candidates are written side by side (`particles`), and beside them stand the runs of measures
that the song has elsewhere, since songs repeat themselves. The one is kept that makes the whole likeliest,
of those in which everybody plays who plays before the gap and after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch

from musicvae.compose.options import InfillOptions
from musicvae.compose.performance.particles import Particles
from musicvae.compose.performance.splice import splice
from musicvae.core.categorical import Draw
from musicvae.errors import SongError
from musicvae.measures.data.song_batch import SongOutline, outline_song
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.continuing import hear_fitting, hear_through
from musicvae.measures.writing.side_by_side import Continuation, Writing, begin_writing
from musicvae.measures.writing.song_writing import pace
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.measure_notes import MeasureNotes, measure_key, split_measures
from musicvae.midi.songs.song import Meter, Song

FOLLOWING = 16  # measures after the gap by which candidates are weighed
RUNS = 64  # of the song's measures, those nearest to the gap, that are candidates too
AT_ONCE = 32  # candidates weighed side by side: it bounds the memory
AROUND = 4  # measures on either side of the gap: who plays in both plays in it


class Gap(NamedTuple):
    """The measures to be filled, counted from 0: from `first` up to `after`, which is not among them."""

    first: int
    after: int

    def check(self, song: Song) -> None:
        """Raise a SongError if there are no such measures in a song."""
        if not 0 <= self.first < self.after <= song.measures:
            raise SongError(
                f"no measures {self.first + 1} to {self.after} in a song of {song.measures}: choose others"
            )

    def of(self, measures: int) -> np.ndarray:
        """Return which of so many measures it has, bool (measures,)."""
        number = np.arange(measures)
        return (number >= self.first) & (number < self.after)

    def find_runs(self, meters: Sequence[Meter]) -> list[int]:
        """Return where as many measures of the same meters begin elsewhere in a song, the nearest first."""
        first, after = self
        count = after - first
        elsewhere = (n for n in range(len(meters) - count + 1) if n + count <= first or n >= after)
        alike = (n for n in elsewhere if meters[n : n + count] == meters[first:after])
        return sorted(alike, key=lambda begin: abs(begin - first))[:RUNS]

    def empty(self, song: Song, parts: Sequence[int] | None = None) -> Song:
        """Return a song without the notes that begin in it, in some parts or in all."""
        measure = np.searchsorted(song.measure_starts, song.notes["start"], side="right") - 1
        inside = self.of(song.measures)[measure]
        if parts is not None:
            inside &= np.isin(song.notes["part"], parts)
        return replace(song, notes=song.notes[~inside])


def infill(
    model: MeasureVAE,
    song: Song,
    gap: Gap,
    options: InfillOptions,
    generator: torch.Generator,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
    unlike: Sequence[Song] = (),
) -> Song:
    """Return the song with the measures of the gap written anew, all others as they were.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    song : Song
        In the model's grid and parts.
    gap : Gap
    options : InfillOptions
    generator : torch.Generator
    on_progress : callable
        Told the measures heard or written so far, and how many that will be.
    unlike : sequence of Song
        Songs of the same measures, such as the given one: no filling is as theirs, if it can be helped.

    Raises
    ------
    SongError
        If the gap is empty or reaches beyond the song.
    ModelError
        If the decoder does not hear the song.
    """
    gap.check(song)
    require_hearing(model)
    count, heard = options.candidates if options.weigh else 1, min(song.measures, gap.after + FOLLOWING)
    outline = outline_song(song, find_key(gap.empty(song)))  # the key of what is given
    others = frozenset(_key_of(split_measures(other)[slice(*gap)]) for other in unlike)
    given = _Given(outline, split_measures(song), gap, others)
    with torch.inference_mode(), pace(model, count):
        alone = begin_writing(model, [outline])
        best = _fill(alone, given, options, generator, lambda measures: on_progress(measures, heard))
    return splice(song, best.songs()[0], gap.of(song.measures))


def _key_of(filling: Sequence[MeasureNotes]) -> tuple[bytes, ...]:
    """Return what is the same for fillings with the same notes."""
    return tuple(map(measure_key, filling))


class _Given(NamedTuple):
    """A song with a gap: its outline, all its measures, and the keys of fillings that are not wanted."""

    outline: SongOutline
    by_measure: Sequence[MeasureNotes]
    gap: Gap
    unlike: frozenset[tuple[bytes, ...]]

    @property
    def before(self) -> Sequence[MeasureNotes]:
        """The measures before the gap."""
        return self.by_measure[: self.gap.first]

    @property
    def following(self) -> Sequence[MeasureNotes]:
        """The measures after the gap, by which candidates are weighed."""
        return self.by_measure[self.gap.after :][:FOLLOWING]

    def runs(self) -> list[list[MeasureNotes]]:
        """Return what stands elsewhere in as many measures of the same meters: it may come again."""
        count = self.gap.after - self.gap.first
        return [list(self.by_measure[n : n + count]) for n in self.gap.find_runs(self.outline.meters)]

    def lendable(self, measure: int) -> list[MeasureNotes]:
        """Return the given measures that could stand in place of one of the gap: those of its meter."""
        given = (n for n in range(len(self.by_measure)) if not self.gap.first <= n < self.gap.after)
        meters = self.outline.meters
        return [self.by_measure[n] for n in given if meters[n] == meters[measure]]

    def choose_from(self, fillings: Sequence[Sequence[MeasureNotes]]) -> list[Sequence[MeasureNotes]]:
        """Return the fillings to choose from: each once, as far as there are any that are wanted."""
        different = {_key_of(filling): filling for filling in fillings}
        wanted = {key: filling for key, filling in different.items() if key not in self.unlike} or different
        (first, after), every = self.gap, self.by_measure
        expected = _parts_of(every[max(0, first - AROUND) : first]) & _parts_of(every[after:][:AROUND])
        missing = {key: len(expected - _parts_of(filling)) for key, filling in wanted.items()}
        fewest = min(missing.values())
        return [wanted[key] for key, count in missing.items() if count == fewest]


def _parts_of(measures: Sequence[MeasureNotes]) -> set[int]:
    """Return the parts that play in some measures."""
    return {part for measure in measures for part in measure["part"].tolist()}


def _fill(
    alone: Writing,
    given: _Given,
    options: InfillOptions,
    generator: torch.Generator,
    on_measure: Callable[[int], None],
) -> Writing:
    """Return the best filling, given where the song is to be written."""
    alone = hear_through(alone, [given.before], on_measure)
    count = options.candidates if options.weigh else 1
    particles = Particles(alone.select([0] * count), Draw(options.temperature, generator))
    for measure in range(*given.gap):
        particles.resample()
        particles.draw_measure(given.lendable(measure) if options.weigh else [])
        on_measure(particles.writing.at)
    if not options.weigh:
        return particles.writing
    fillings = [list(own[given.gap.first :]) for own in particles.writing.by_measure]
    best = weigh_fillings(alone, given.choose_from(fillings + given.runs()), given.following)
    on_measure(best.at)
    return best


def weigh_fillings(
    alone: Writing, fillings: Sequence[Sequence[MeasureNotes]], following: Sequence[MeasureNotes]
) -> Writing:
    """Return the filling that, with the measures that follow it, is likeliest as a whole."""
    ways: list[tuple[float, Continuation]] = []
    for first in range(0, len(fillings), AT_ONCE):
        some = fillings[first : first + AT_ONCE]
        every, log_prob = hear_fitting(alone.select([0] * len(some)), some)
        if following:
            every, of_following = hear_fitting(every, [following] * len(some))
            log_prob = torch.cat([log_prob, of_following], dim=1)
        likely = log_prob.sum(1)
        ways.append((float(likely.max()), Continuation(every, int(likely.argmax()))))
    _, best = max(ways, key=lambda way: way[0])
    return best.writing.select([best.song])
