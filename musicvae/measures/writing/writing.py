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
from musicvae.measures.data.measure_lists import Page, pages_to_song
from musicvae.measures.data.song_batch import Frame, frame_to_window, symbols_to_notes
from musicvae.measures.network.memory import Memory, join_memories
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.noisy_codes import Hints, absent
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.writing.note_writing import write_measure
from musicvae.midi.songs.measure_notes import MEASURE_NOTE
from musicvae.midi.songs.song import Part, Song

AT_ONCE = 16  # measures heard at once by a decoder that does not look back
# How often a measure that may be refused is drawn side by side; and if all are refused, how often again.
DRAWN, REDRAWN = 3, 12


class Way(NamedTuple):
    """How a song may go on: a copy of its writing that went on, and the song's number there."""

    copy: Writing
    song: int

    @property
    def page(self) -> Page:
        """The last measure."""
        return self.copy.pages[self.song][-1]


class Writing:
    """Songs being written.

    Those with fewer measures than the longest are written on to its end; `songs` leaves that out.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    frames : sequence of Frame
        One for each song.
    on_measure : callable
        Told how many measures are written, whenever there are more.
    """

    def __init__(
        self,
        model: MeasureVAE,
        frames: Sequence[Frame],
        on_measure: Callable[[int], None] = lambda measures: None,
    ) -> None:
        self.model = model
        self.on_measure = on_measure
        self.decoder = cast(NoteDecoder, model.decoder)
        self.frames = list(frames)
        self.measures = max(len(frame.meters) for frame in frames)
        self.windows = [frame_to_window(frame, model.config, self.measures) for frame in frames]
        self.pages: list[list[Page]] = [[] for _ in frames]
        self.memory = self.decoder.blank(len(frames))

    @property
    def at(self) -> int:
        """How many measures are written: the number of the next one."""
        return len(self.pages[0])

    def select(self, songs: Sequence[int]) -> Writing:
        """Return a copy with some of the songs, in any order, one as often as it is named."""
        copy = Writing.__new__(Writing)
        copy.model, copy.decoder, copy.measures = self.model, self.decoder, self.measures
        copy.on_measure = self.on_measure
        copy.frames = [self.frames[song] for song in songs]
        copy.windows = [self.windows[song] for song in songs]
        copy.pages = [list(self.pages[song]) for song in songs]
        copy.memory = self.memory.select(self._index(songs))
        return copy

    def hear(self, pages: Sequence[Sequence[Page]]) -> Tensor:
        """Go on by measures that are known, as many for each song.

        Returns
        -------
        Tensor, shape (songs, measures)
            The log-likelihood of each given those before it, without codes, nats.
        """
        count, most = len(pages[0]), self.model.config.reach or AT_ONCE
        log_probs = [torch.zeros(len(pages), 0, device=self._device)]
        for first in range(0, count, most):
            some = [song[first : first + most] for song in pages]
            batch = self._batch(some)
            heard = self.decoder.hear(batch, self._no_codes(batch.layout), self.memory)
            self._keep(some, heard.memory)
            log_probs.append(heard.log_prob.view(len(pages), -1))
        return torch.cat(log_probs, dim=1)

    def write(self, hints: Hints, draw: Chooser) -> None:
        """Draw the next measure of each song; the hints have one row for each."""
        layout = self._layout(1)
        written = write_measure(self.decoder, layout, hints, draw, self.memory)
        self._keep([[page] for page in self._notes_to_pages(written.notes, layout)], written.memory)

    def go_on(
        self,
        known: Sequence[Page | None],
        hints: Hints,
        draw: Draw,
        accepts: Callable[[int, Page], bool] | None = None,
        decided: Mapping[int, Way] | None = None,
        anew: Callable[[Sequence[int], Sequence[float]], Hints] | None = None,
    ) -> None:
        """Go on by one measure: the known one of each song, and for the others a drawn one.

        Parameters
        ----------
        known : sequence of Page or None
            One for each song.
        hints : Hints
            With a row for each song.
        draw : Draw
        accepts : callable, optional
            Asked of a song and a measure drawn for it. The first one stays that is not refused (see `DRAWN`
            and `REDRAWN`); if all are, the last one.
        decided : mapping from song to Way, optional
            Songs for which it is settled how they go on.
        anew : callable, optional
            Asked for the hints of songs whose measures may be refused, each named once for each time that
            it is drawn, and told which share of its tries is gone by then; left out, they are `hints`.
        """
        ways = dict(decided or {})
        told = [song for song, page in enumerate(known) if page is not None and song not in ways]
        free = [song for song, page in enumerate(known) if page is None and song not in ways]
        if told:
            heard = self.select(told)
            heard.hear([[page] for song, page in enumerate(known) if page is not None and song in told])
            ways.update((song, Way(heard, row)) for row, song in enumerate(told))
        if free and (accepts is None or draw.is_greedy):
            ways.update(zip(free, self._try(free, hints.of(free), draw), strict=True))
        elif free and accepts is not None:
            ways.update(self._choose(free, hints, draw, accepts, anew))
        self.follow([ways[song] for song in range(len(known))])

    def follow(self, ways: Sequence[Way]) -> None:
        """Go on as copies of this writing did: for each song as one of theirs."""
        copies = list(dict.fromkeys(way.copy for way in ways))
        first = list(accumulate((len(copy.pages) for copy in copies), initial=0))
        memory = reduce(join_memories, (copy.memory for copy in copies))
        order = self._index([first[copies.index(way.copy)] + way.song for way in ways])
        self._keep([way.copy.pages[way.song][self.at :] for way in ways], memory.select(order))

    def _choose(
        self,
        songs: Sequence[int],
        hints: Hints,
        draw: Draw,
        accepts: Callable[[int, Page], bool],
        anew: Callable[[Sequence[int], Sequence[float]], Hints] | None,
    ) -> dict[int, Way]:
        """Return for each of some songs the first way to go on that is accepted, else the last one drawn."""
        chosen: dict[int, Way] = {}
        accepted: set[int] = set()
        for before, times in ((0, DRAWN), (DRAWN, REDRAWN)):
            often = [song for song in songs if song not in accepted for _ in range(times)]
            if not often:
                break
            gone = [(before + row % times) / (DRAWN + REDRAWN) for row in range(len(often))]
            told = hints.of(often) if anew is None else anew(often, gone)
            for song, way in zip(often, self._try(often, told, draw), strict=True):
                if song not in accepted:
                    chosen[song] = way
                    if accepts(song, way.page):
                        accepted.add(song)
        return chosen

    def _try(self, songs: Sequence[int], hints: Hints, draw: Draw) -> list[Way]:
        """Return ways to go on with some songs, one as often as it is named: by a drawn measure each."""
        copy = self.select(songs)
        copy.write(hints, draw.of(self._index(songs)))
        return [Way(copy, row) for row in range(len(songs))]

    def fit(self, song: int, page: Page) -> Page:
        """Return the notes of a measure as they can be said next: held notes that do not ring begin anew."""
        fitting = page.copy()
        voice = page["part"].astype(np.int64) * PITCHES + page["pitch"]
        fitting["held"] &= self.memory.ringing[song].cpu().numpy()[voice]
        # What was both held and struck would now be struck twice: the longer note stays.
        order = np.lexsort((-fitting["length"], voice, fitting["step"], ~fitting["held"]))
        said = np.stack([fitting["held"], fitting["step"], voice])[:, order]
        again = np.zeros(len(page), bool)
        again[1:] = (said[:, 1:] == said[:, :-1]).all(0)
        return fitting[order[~again]]

    def encode(self, songs: Sequence[int], measures: Sequence[int]) -> Tensor:
        """Return the code of a measure of each of some songs that is already written, shape (songs, Z)."""
        return self.posterior(songs, measures).mean

    def posterior(self, songs: Sequence[int], measures: Sequence[int]) -> DiagonalGaussian:
        """Return what the encoder says of a measure of each of some songs that is already written."""
        pairs = list(zip(songs, measures, strict=True))
        layout = lay_out([_part(self.windows[song], n, n + 1) for song, n in pairs], self._device)
        notes = self._pages_to_notes([[self.pages[song][n]] for song, n in pairs], layout)
        return self.model.posterior(MeasureBatch(layout, notes))

    def songs(self, parts: Sequence[Sequence[Part]] | None = None) -> list[Song]:
        """Return what was written, for the model's parts or for others."""
        config, songs = self.model.config, []
        for index, (frame, pages) in enumerate(zip(self.frames, self.pages, strict=True)):
            own = parts[index] if parts is not None else config.parts
            meters = frame.meters[: len(pages)]
            songs.append(pages_to_song(pages[: len(meters)], meters, own, config.grid))
        return songs

    def _no_codes(self, layout: Layout) -> Hints:
        latent = self.model.config.latent
        return absent(torch.zeros(len(layout.measure_steps), latent, device=self._device))

    @property
    def _device(self) -> torch.device:
        return self.memory.heard.device

    def _index(self, songs: Sequence[int]) -> Tensor:
        return torch.tensor(songs, dtype=torch.long, device=self._device)

    def _keep(self, pages: Sequence[Sequence[Page]], memory: Memory) -> None:
        for song, more in zip(self.pages, pages, strict=True):
            song.extend(more)
        self.memory = memory.trim(self.model.config.reach)
        self.on_measure(self.at)

    def _layout(self, measures: int, ways: int = 1) -> Layout:
        windows = [_part(window, self.at, self.at + measures) for window in self.windows]
        return lay_out(windows * ways, self._device)

    def _batch(self, pages: Sequence[Sequence[Page]]) -> MeasureBatch:
        layout = self._layout(len(pages[0]), len(pages) // len(self.windows))
        return MeasureBatch(layout, self._pages_to_notes(pages, layout))

    def _pages_to_notes(self, pages: Sequence[Sequence[Page]], layout: Layout) -> Notes:
        flat = [page for song in pages for page in song]
        measure = np.repeat(np.arange(len(flat)), [len(page) for page in flat])
        cut = np.concatenate([np.empty(0, MEASURE_NOTE), *flat])
        return lay_notes(layout, measure, cut, self.model.config.alphabet)

    def _notes_to_pages(self, notes: Notes, layout: Layout) -> list[Page]:
        cut = symbols_to_notes(notes, self.model.config.alphabet)
        song = notes.measure.cpu().numpy()
        order = np.argsort(song, kind="stable")
        return np.split(cut[order], np.searchsorted(song[order], np.arange(1, layout.windows)))


def _part(window: Window, first: int, after: int) -> Window:
    return Window(*(field[first:after] for field in window))
