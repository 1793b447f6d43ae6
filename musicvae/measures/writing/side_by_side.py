"""Songs being written side by side, measure by measure: each measure heard, or drawn.

This is where the rows of the decoder become measures of music. A `Writing` holds what was written and what
the decoder remembers of it, and never changes: whatever goes on is another one. So several ways to go on are
tried from one place (`continuing`). What to write where is said by those who compose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.core.categorical import Draw
from musicvae.measures.data.alphabet import PITCHES
from musicvae.measures.data.batch import Layout, Window, lay_out
from musicvae.measures.data.noisy_codes import NoisyCodes, absent
from musicvae.measures.data.song_batch import (
    SongOutline,
    measures_to_batch,
    notes_to_measures,
    outline_to_window,
)
from musicvae.measures.network.memory import Memory, Written, join_memories
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.midi.songs.measure_notes import MeasureNotes, join_measures
from musicvae.midi.songs.song import Song

AT_ONCE = 16  # measures heard at once by a decoder that does not look back
# Bytes that songs side by side may remember, which are copied for a few of them, or while one is written.
MOST_REMEMBERED = 96_000_000
MOST_SONGS = 48  # side by side where nothing is gained by more


class Continuation(NamedTuple):
    """How a song may go on: a writing that went on from its, and the song's number there."""

    writing: Writing
    song: int

    @property
    def measure(self) -> MeasureNotes:
        """The last measure."""
        return self.writing.by_measure[self.song][-1]


class HeardSongs(NamedTuple):
    """Songs after some measures that are known, and how likely these were, nats, shape (songs, measures)."""

    writing: Writing
    log_prob: Tensor


@dataclass(frozen=True, eq=False)
class Writing:
    """Songs being written; see `begin_writing`.

    Those with fewer measures than the longest are written on to its end; `songs` leaves that out.

    Parameters
    ----------
    model : MeasureVAE
    outlines : tuple of SongOutline
        One for each song.
    windows : tuple of Window
        The same as a batch has it, each of as many measures as the longest.
    by_measure : tuple of tuple of MeasureNotes
        Of each song the measures written so far.
    memory : Memory
        What the decoder remembers of them.
    """

    model: MeasureVAE
    outlines: tuple[SongOutline, ...]
    windows: tuple[Window, ...]
    by_measure: tuple[tuple[MeasureNotes, ...], ...]
    memory: Memory

    @property
    def at(self) -> int:
        """How many measures are written: the number of the next one."""
        return len(self.by_measure[0])

    @property
    def measures(self) -> int:
        """How many measures there are to be."""
        return len(self.windows[0].steps)

    @property
    def device(self) -> torch.device:
        """Where the model is."""
        return self.memory.measures.device

    def select(self, songs: Sequence[int]) -> Writing:
        """Return some of the songs, in any order, one as often as it is named."""
        if list(songs) == list(range(len(self.windows))):
            return self
        return replace(
            self,
            outlines=tuple(self.outlines[song] for song in songs),
            windows=tuple(self.windows[song] for song in songs),
            by_measure=tuple(self.by_measure[song] for song in songs),
            memory=self.memory.select(torch.tensor(songs, dtype=torch.long, device=self.device)),
        )

    def hear(self, by_measure: Sequence[Sequence[MeasureNotes]]) -> HeardSongs:
        """Return the songs after measures that are known, as many for each, heard without codes.

        Raises
        ------
        ModelError
            If the decoder does not hear the song.
        """
        parts = [HeardSongs(self, torch.zeros(len(by_measure), 0, device=self.device))]
        parts += self.hear_in_parts(by_measure)
        return HeardSongs(parts[-1].writing, torch.cat([part.log_prob for part in parts], dim=1))

    def hear_in_parts(self, by_measure: Sequence[Sequence[MeasureNotes]]) -> Iterator[HeardSongs]:
        """Yield what `hear` does after every few measures: who waits can be told how far it is."""
        decoder, writing = require_hearing(self.model), self
        most = self.model.config.reach or AT_ONCE
        for first in range(0, len(by_measure[0]), most):
            some = [song[first : first + most] for song in by_measure]
            batch = measures_to_batch(
                writing.next_windows(len(some[0])), some, self.model.config, self.device
            )
            heard = decoder.hear(batch, self.no_codes(len(batch.layout.exists)), writing.memory)
            writing = writing._after(some, heard.memory)
            yield HeardSongs(writing, heard.log_prob.view(len(by_measure), -1))

    def write(self, noisy: NoisyCodes, draw: Draw) -> Writing:
        """Return the songs with their next measures drawn.

        Parameters
        ----------
        noisy : NoisyCodes
            A row for each song; or for each measure of each song, if the decoder does not hear the song.
        draw : Draw
        """
        layout = self.lay_out_next(len(noisy.freedom) // len(self.windows))
        return self.add(self.model.decoder.write(layout, noisy, draw, self.memory), layout)

    def lay_out_next(self, measures: int = 1) -> Layout:
        """Return the layout of the next measures of each song."""
        return lay_out(self.next_windows(measures), self.device)

    def next_windows(self, measures: int) -> list[Window]:
        """Return the next measures of each song, still without notes."""
        return [window.cut(self.at, self.at + measures) for window in self.windows]

    def no_codes(self, measures: int) -> NoisyCodes:
        """Return what the decoder is told of so many measures that have no codes."""
        return absent(torch.zeros(measures, self.model.config.code_size, device=self.device))

    def add(self, written: Written, layout: Layout) -> Writing:
        """Return the songs with measures of a layout that the decoder wrote."""
        by_measure = notes_to_measures(written.notes, layout, self.model.config.alphabet)
        return self._after(by_measure, written.memory)

    def follow(self, ways: Sequence[Continuation]) -> Writing:
        """Return each song as it went on elsewhere."""
        more = [[_own(one) for one in way.writing.by_measure[way.song][self.at :]] for way in ways]
        return self._after(more, _choose_memories(ways))

    def fit(self, song: int, measure: MeasureNotes) -> MeasureNotes:
        """Return the notes of a measure as they can be said next: held notes that do not ring begin anew."""
        fitting = measure.copy()
        lane = measure["part"].astype(np.int64) * PITCHES + measure["pitch"]
        fitting["held"] &= self.memory.ringing[song].cpu().numpy()[lane]
        # What was both held and struck would now be struck twice: the longer note stays.
        order = np.lexsort((-fitting["length"], lane, fitting["step"], ~fitting["held"]))
        said = np.stack([fitting["held"], fitting["step"], lane])[:, order]
        again = np.zeros(len(measure), bool)
        again[1:] = (said[:, 1:] == said[:, :-1]).all(0)
        return fitting[order[~again]]

    def songs(self) -> list[Song]:
        """Return what was written, for the model's parts."""
        config, songs = self.model.config, []
        for outline, by_measure in zip(self.outlines, self.by_measure, strict=True):
            meters = outline.meters[: len(by_measure)]
            parts = outline.parts or config.usual_parts()
            songs.append(join_measures(by_measure[: len(meters)], meters, parts, config.grid))
        return songs

    def _after(self, by_measure: Sequence[Sequence[MeasureNotes]], memory: Memory) -> Writing:
        more = zip(self.by_measure, by_measure, strict=True)
        longer = tuple((*before, *after) for before, after in more)
        return replace(self, by_measure=longer, memory=memory.trim(self.model.config.reach))


def _own(measure: MeasureNotes) -> MeasureNotes:
    """Return a measure by itself: a view would keep all that was written beside it, and not chosen."""
    return measure if measure.base is None else measure.copy()


def _choose_memories(ways: Sequence[Continuation]) -> Memory:
    """Return the memories of ways to go on, in order; those not chosen are never copied."""
    by_writing: dict[Writing, list[int]] = {}
    for number, way in enumerate(ways):
        by_writing.setdefault(way.writing, []).append(number)
    parts = [writing.select([ways[n].song for n in own]).memory for writing, own in by_writing.items()]
    while len(parts) > 1:  # in pairs, so that none is copied more often than needed
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [join_memories(*pair) for pair in pairs] + parts[len(parts) // 2 * 2 :]
    joined = [number for own in by_writing.values() for number in own]
    if joined == sorted(joined):
        return parts[0]
    return parts[0].select(torch.tensor(joined, device=parts[0].measures.device).argsort())


def songs_at_once(model: MeasureVAE) -> int:
    """Return how many songs, or ways to go on with one, are written side by side: it bounds the memory."""
    a_step = sum(past.key.nbytes + past.value.nbytes for past in model.decoder.blank(1).pasts)
    remembered = a_step * model.config.reach * model.config.steps
    return min(MOST_SONGS, max(1, MOST_REMEMBERED // max(1, remembered)))


def begin_writing(model: MeasureVAE, outlines: Sequence[SongOutline]) -> Writing:
    """Return songs of which nothing is written yet.

    Raises
    ------
    SongError
        If a measure is longer than the model's longest.
    """
    longest = max(len(outline.meters) for outline in outlines)
    windows = tuple(outline_to_window(outline, model.config, longest) for outline in outlines)
    nothing: tuple[tuple[MeasureNotes, ...], ...] = ((),) * len(windows)
    return Writing(model, tuple(outlines), windows, nothing, model.decoder.blank(len(windows)))
