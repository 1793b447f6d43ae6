"""Songs being written side by side, measure by measure: each measure heard, or drawn.

This is where the steps of the decoder become measures of music. `Writing` holds what was written and what
the decoder remembers of it; it can be copied from one song to many and back, which is how several ways
to go on are tried from one place. What to write where is said by those who compose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from typing import NamedTuple, cast

import numpy as np
import torch
from torch import Tensor

from musicvae.core.categorical import Chooser, Draw
from musicvae.core.gaussian import DiagonalGaussian
from musicvae.measures.data.alphabet import PITCHES
from musicvae.measures.data.batch import Layout, MeasureBatch, Notes, Window, lay_notes, lay_out
from musicvae.measures.data.song_batch import SongOutline, outline_to_window, symbols_to_notes
from musicvae.measures.network.memory import Memory, join_memories
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.noisy_codes import NoisyCodes, absent
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.writing.note_writing import write_measure
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes, join_measures
from musicvae.midi.songs.song import Part, Song

AT_ONCE = 16  # measures heard at once by a decoder that does not look back
# How often a measure that may be refused is drawn side by side; and if all are refused, how often again.
DRAWN, REDRAWN = 3, 12


class Way(NamedTuple):
    """How a song may go on: a copy of its writing that went on, and the song's number there."""

    copy: Writing
    song: int

    @property
    def cut(self) -> MeasureNotes:
        """The last measure."""
        return self.copy.by_measure[self.song][-1]


class Writing:
    """Songs being written.

    Those with fewer measures than the longest are written on to its end; `songs` leaves that out.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    outlines : sequence of SongOutline
        One for each song.
    on_measure : callable
        Told how many measures are written, whenever there are more.
    """

    def __init__(
        self,
        model: MeasureVAE,
        outlines: Sequence[SongOutline],
        on_measure: Callable[[int], None] = lambda measures: None,
    ) -> None:
        self.model = model
        self.on_measure = on_measure
        self.decoder = cast(NoteDecoder, model.decoder)
        self.outlines = list(outlines)
        self.measures = max(len(outline.meters) for outline in outlines)
        self.windows = [outline_to_window(outline, model.config, self.measures) for outline in outlines]
        self.by_measure: list[list[MeasureNotes]] = [[] for _ in outlines]
        self.memory = self.decoder.blank(len(outlines))

    @property
    def at(self) -> int:
        """How many measures are written: the number of the next one."""
        return len(self.by_measure[0])

    def select(self, songs: Sequence[int]) -> Writing:
        """Return a copy with some of the songs, in any order, one as often as it is named."""
        copy = Writing.__new__(Writing)
        copy.model, copy.decoder, copy.measures = self.model, self.decoder, self.measures
        copy.on_measure = self.on_measure
        copy.outlines = [self.outlines[song] for song in songs]
        copy.windows = [self.windows[song] for song in songs]
        copy.by_measure = [list(self.by_measure[song]) for song in songs]
        copy.memory = self.memory.select(self._index(songs))
        return copy

    def hear(self, by_measure: Sequence[Sequence[MeasureNotes]]) -> Tensor:
        """Go on by measures that are known, as many for each song.

        Returns
        -------
        Tensor, shape (songs, measures)
            The log-likelihood of each given those before it, without codes, nats.
        """
        count, most = len(by_measure[0]), self.model.config.reach or AT_ONCE
        log_probs = [torch.zeros(len(by_measure), 0, device=self._device)]
        for first in range(0, count, most):
            some = [song[first : first + most] for song in by_measure]
            batch = self._batch(some)
            heard = self.decoder.hear(batch, self._no_codes(batch.layout), self.memory)
            self._keep(some, heard.memory)
            log_probs.append(heard.log_prob.view(len(by_measure), -1))
        return torch.cat(log_probs, dim=1)

    def write(self, noisy: NoisyCodes, draw: Chooser) -> None:
        """Draw the next measure of each song; the noisy have one row for each."""
        layout = self._layout(1)
        written = write_measure(self.decoder, layout, noisy, draw, self.memory)
        self._keep([[cut] for cut in self._split(written.notes, layout)], written.memory)

    def go_on(
        self,
        known: Sequence[MeasureNotes | None],
        noisy: NoisyCodes,
        draw: Draw,
        accepts: Callable[[int, MeasureNotes], bool] | None = None,
        decided: Mapping[int, Way] | None = None,
        anew: Callable[[Sequence[int], Sequence[float]], NoisyCodes] | None = None,
    ) -> None:
        """Go on by one measure: the known one of each song, and for the others a drawn one.

        Parameters
        ----------
        known : sequence of MeasureNotes or None
            One for each song.
        noisy : NoisyCodes
            With a row for each song.
        draw : Draw
        accepts : callable, optional
            Asked of a song and a measure drawn for it. The first one stays that is not refused (see `DRAWN`
            and `REDRAWN`); if all are, the last one.
        decided : mapping from song to Way, optional
            Songs for which it is settled how they go on.
        anew : callable, optional
            Asked for the noisy of songs whose measures may be refused, each named once for each time that
            it is drawn, and told which share of its tries is gone by then; left out, they are `noisy`.
        """
        ways = dict(decided or {})
        told = [song for song, cut in enumerate(known) if cut is not None and song not in ways]
        free = [song for song, cut in enumerate(known) if cut is None and song not in ways]
        if told:
            heard = self.select(told)
            heard.hear([[cut] for song, cut in enumerate(known) if cut is not None and song in told])
            ways.update((song, Way(heard, row)) for row, song in enumerate(told))
        if free and (accepts is None or draw.is_greedy):
            ways.update(zip(free, self._try(free, noisy.of(free), draw), strict=True))
        elif free and accepts is not None:
            ways.update(self._choose(free, noisy, draw, accepts, anew))
        self.follow([ways[song] for song in range(len(known))])

    def follow(self, ways: Sequence[Way]) -> None:
        """Go on as copies of this writing did: for each song as one of theirs."""
        copies = list(dict.fromkeys(way.copy for way in ways))
        first = list(accumulate((len(copy.by_measure) for copy in copies), initial=0))
        memory = reduce(join_memories, (copy.memory for copy in copies))
        order = self._index([first[copies.index(way.copy)] + way.song for way in ways])
        self._keep([way.copy.by_measure[way.song][self.at :] for way in ways], memory.select(order))

    def _choose(
        self,
        songs: Sequence[int],
        noisy: NoisyCodes,
        draw: Draw,
        accepts: Callable[[int, MeasureNotes], bool],
        anew: Callable[[Sequence[int], Sequence[float]], NoisyCodes] | None,
    ) -> dict[int, Way]:
        """Return for each of some songs the first way to go on that is accepted, else the last one drawn."""
        chosen: dict[int, Way] = {}
        accepted: set[int] = set()
        for before, times in ((0, DRAWN), (DRAWN, REDRAWN)):
            often = [song for song in songs if song not in accepted for _ in range(times)]
            if not often:
                break
            gone = [(before + row % times) / (DRAWN + REDRAWN) for row in range(len(often))]
            told = noisy.of(often) if anew is None else anew(often, gone)
            for song, way in zip(often, self._try(often, told, draw), strict=True):
                if song not in accepted:
                    chosen[song] = way
                    if accepts(song, way.cut):
                        accepted.add(song)
        return chosen

    def _try(self, songs: Sequence[int], noisy: NoisyCodes, draw: Draw) -> list[Way]:
        """Return ways to go on with some songs, one as often as it is named: by a drawn measure each."""
        copy = self.select(songs)
        copy.write(noisy, draw.of(self._index(songs)))
        return [Way(copy, row) for row in range(len(songs))]

    def fit(self, song: int, cut: MeasureNotes) -> MeasureNotes:
        """Return the notes of a measure as they can be said next: held notes that do not ring begin anew."""
        fitting = cut.copy()
        voice = cut["part"].astype(np.int64) * PITCHES + cut["pitch"]
        fitting["held"] &= self.memory.ringing[song].cpu().numpy()[voice]
        # What was both held and struck would now be struck twice: the longer note stays.
        order = np.lexsort((-fitting["length"], voice, fitting["step"], ~fitting["held"]))
        said = np.stack([fitting["held"], fitting["step"], voice])[:, order]
        again = np.zeros(len(cut), bool)
        again[1:] = (said[:, 1:] == said[:, :-1]).all(0)
        return fitting[order[~again]]

    def encode(self, songs: Sequence[int], measures: Sequence[int]) -> Tensor:
        """Return the code of a measure of each of some songs that is already written, shape (songs, Z)."""
        return self.posterior(songs, measures).mean

    def posterior(self, songs: Sequence[int], measures: Sequence[int]) -> DiagonalGaussian:
        """Return what the encoder says of a measure of each of some songs that is already written."""
        pairs = list(zip(songs, measures, strict=True))
        layout = lay_out([_part(self.windows[song], n, n + 1) for song, n in pairs], self._device)
        notes = self._lay_notes([[self.by_measure[song][n]] for song, n in pairs], layout)
        return self.model.posterior(MeasureBatch(layout, notes))

    def songs(self, parts: Sequence[Sequence[Part]] | None = None) -> list[Song]:
        """Return what was written, for the model's parts or for others."""
        config, songs = self.model.config, []
        for index, (outline, by_measure) in enumerate(zip(self.outlines, self.by_measure, strict=True)):
            own = parts[index] if parts is not None else config.parts
            meters = outline.meters[: len(by_measure)]
            songs.append(join_measures(by_measure[: len(meters)], meters, own, config.grid))
        return songs

    def _no_codes(self, layout: Layout) -> NoisyCodes:
        latent = self.model.config.latent
        return absent(torch.zeros(len(layout.measure_steps), latent, device=self._device))

    @property
    def _device(self) -> torch.device:
        return self.memory.heard.device

    def _index(self, songs: Sequence[int]) -> Tensor:
        return torch.tensor(songs, dtype=torch.long, device=self._device)

    def _keep(self, by_measure: Sequence[Sequence[MeasureNotes]], memory: Memory) -> None:
        for song, more in zip(self.by_measure, by_measure, strict=True):
            song.extend(more)
        self.memory = memory.trim(self.model.config.reach)
        self.on_measure(self.at)

    def _layout(self, measures: int, ways: int = 1) -> Layout:
        windows = [_part(window, self.at, self.at + measures) for window in self.windows]
        return lay_out(windows * ways, self._device)

    def _batch(self, by_measure: Sequence[Sequence[MeasureNotes]]) -> MeasureBatch:
        layout = self._layout(len(by_measure[0]), len(by_measure) // len(self.windows))
        return MeasureBatch(layout, self._lay_notes(by_measure, layout))

    def _lay_notes(self, by_measure: Sequence[Sequence[MeasureNotes]], layout: Layout) -> Notes:
        flat = [cut for song in by_measure for cut in song]
        measure = np.repeat(np.arange(len(flat)), [len(cut) for cut in flat])
        cut = np.concatenate([np.empty(0, MEASURE_NOTE), *flat])
        return lay_notes(layout, measure, cut, self.model.config.alphabet)

    def _split(self, notes: Notes, layout: Layout) -> list[MeasureNotes]:
        cut = symbols_to_notes(notes, self.model.config.alphabet)
        song = notes.measure.cpu().numpy()
        order = np.argsort(song, kind="stable")
        return np.split(cut[order], np.searchsorted(song[order], np.arange(1, layout.windows)))


def _part(window: Window, first: int, after: int) -> Window:
    return Window(*(field[first:after] for field in window))
