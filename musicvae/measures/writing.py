"""Songs being written side by side, measure by measure: each measure heard, or drawn.

This is where the steps of the decoder become measures of music. `Writing` holds what was written and what
the decoder remembers of it; it can be copied from one song to many and back, which is how several ways
to go on are tried from one place. What to write where is said by those who compose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor

from musicvae.measures.batch import Layout, MeasureBatch, Notes, Window, lay_notes, lay_out
from musicvae.measures.hints import Hints, absent
from musicvae.measures.memory import Memory, interleave
from musicvae.measures.model import MeasureVAE
from musicvae.measures.note_decoder import NoteDecoder
from musicvae.measures.note_writing import Draw, write_measure
from musicvae.measures.song_batch import Frame, frame_to_window, symbols_to_notes
from musicvae.measures.symbols import PITCHES
from musicvae.midi.measure_notes import MEASURE_NOTE, measure_notes_to_song, song_to_measure_notes
from musicvae.midi.song import Part, Song

AT_ONCE = 16  # measures heard at once by a decoder that does not look back

Page = np.ndarray  # the notes of one measure, cut at its barlines: an array of MEASURE_NOTE


def song_to_pages(song: Song) -> list[Page]:
    """Return the notes of each measure of a song."""
    cut = song_to_measure_notes(song)
    return np.split(cut, np.searchsorted(cut["measure"], np.arange(1, song.measures)))


def same_notes(page: Page, other: Page) -> bool:
    """Say whether two measures have the same notes, held from before or not."""
    names = ["step", "length", "pitch", "part"]
    return len(page) == len(other) and bool(np.array_equal(np.sort(page[names]), np.sort(other[names])))


class Writing:
    """Songs being written.

    Those with fewer measures than the longest are written on to its end; `songs` leaves that out.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    frames : sequence of Frame
        One for each song.
    """

    def __init__(self, model: MeasureVAE, frames: Sequence[Frame]) -> None:
        self.model = model
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
            hints = absent(torch.zeros(len(batch.layout.measure_steps), self._latent, device=self._device))
            heard = self.decoder.hear(batch, hints, self.memory)
            self._keep(some, heard.memory)
            log_probs.append(heard.log_prob.view(len(pages), -1))
        return torch.cat(log_probs, dim=1)

    def write(self, hints: Hints, draw: Draw) -> None:
        """Draw the next measure of each song; the hints have one row for each."""
        layout = self._layout(1)
        written = write_measure(self.decoder, layout, hints, draw, self.memory)
        self._keep([[page] for page in self._notes_to_pages(written.notes, layout)], written.memory)

    def go_on(self, known: Sequence[Page | None], hints: Hints, draw: Draw) -> None:
        """Go on by one measure: the known one of each song, and for the others a drawn one."""
        told = [song for song, page in enumerate(known) if page is not None]
        free = [song for song, page in enumerate(known) if page is None]
        if not told:
            self.write(hints, draw)
            return
        first, index = self.select(told), self._index(free)
        first.hear([[page] for page in known if page is not None])
        memory, pages = first.memory, [song[-1] for song in first.pages]
        if free:
            second = self.select(free)
            second.write(Hints(hints.code[index], hints.freedom[index]), draw.of(index))
            order = torch.argsort(self._index(told + free))
            memory = interleave(memory, second.memory, order)
            pages += [song[-1] for song in second.pages]
            pages = [pages[place] for place in order.tolist()]
        self._keep([[page] for page in pages], memory)

    def fit(self, song: int, page: Page) -> Page:
        """Return the notes of a measure as they can be said next: held notes that do not ring begin anew."""
        fitting = page.copy()
        voice = page["part"].astype(np.int64) * PITCHES + page["pitch"]
        fitting["held"] &= self.memory.ringing[song].cpu().numpy()[voice]
        # What was both held and struck is now struck twice: the longer note stays.
        order = np.lexsort((-fitting["length"], voice, fitting["step"], ~fitting["held"]))
        said = np.stack([voice, fitting["step"], fitting["held"]])[:, order]
        return fitting[order[np.append(True, (said[:, 1:] != said[:, :-1]).any(0))[: len(page)]]]

    def encode(self, songs: Sequence[int], measures: Sequence[int]) -> Tensor:
        """Return the code of a measure of each of some songs that is already written, shape (songs, Z)."""
        pairs = list(zip(songs, measures, strict=True))
        layout = lay_out([_part(self.windows[song], n, n + 1) for song, n in pairs], self._device)
        notes = self._pages_to_notes([[self.pages[song][n]] for song, n in pairs], layout)
        return self.model.encode(MeasureBatch(layout, notes))

    def songs(self, parts: Sequence[Sequence[Part]] | None = None) -> list[Song]:
        """Return what was written, for the model's parts or for others."""
        config, songs = self.model.config, []
        for index, (frame, pages) in enumerate(zip(self.frames, self.pages, strict=True)):
            count = min(len(frame.meters), len(pages))
            cut = np.concatenate([np.empty(0, MEASURE_NOTE), *pages[:count]])
            cut["measure"] = np.repeat(np.arange(count), [len(page) for page in pages[:count]])
            own = parts[index] if parts is not None else config.parts
            songs.append(measure_notes_to_song(cut, frame.meters[:count], own, config.grid))
        return songs

    @property
    def _latent(self) -> int:
        return self.model.config.latent

    @property
    def _device(self) -> torch.device:
        return self.memory.heard.device

    def _index(self, songs: Sequence[int]) -> Tensor:
        return torch.tensor(songs, dtype=torch.long, device=self._device)

    def _keep(self, pages: Sequence[Sequence[Page]], memory: Memory) -> None:
        for song, more in zip(self.pages, pages, strict=True):
            song.extend(more)
        self.memory = memory.trim(self.model.config.reach)

    def _layout(self, measures: int) -> Layout:
        return lay_out([_part(window, self.at, self.at + measures) for window in self.windows], self._device)

    def _batch(self, pages: Sequence[Sequence[Page]]) -> MeasureBatch:
        layout = self._layout(len(pages[0]))
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
