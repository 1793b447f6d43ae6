"""A song heard in several keys at once: what is likely in all of them is likely.

A model that has learned from songs in all keys is not equally sure in each. The mixture of what it finds in
a few, p = mean over keys of p(the measure moved to the key), is a better model than any one of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch

from musicvae.compose.passage import cut_passages
from musicvae.measures.listening import Listening
from musicvae.measures.model import MeasureVAE
from musicvae.measures.song_batch import Frame
from musicvae.measures.symbols import PITCHES
from musicvae.midi.key import find_key, key_index, transpose_key
from musicvae.midi.song import Song

SHIFTS = (0, -1, 1)  # semitones by which the song is moved
AT_ONCE = 32  # passages weighed side by side: it bounds the memory


class Ears:
    """One song being heard, as it is and moved to other keys.

    Parameters
    ----------
    model : MeasureVAE
    song : Song
        In the model's grid and parts, with a note at least.
    """

    def __init__(self, model: MeasureVAE, song: Song) -> None:
        self.model, self.frame = model, Frame(song.meters, key_index(find_key(song)))
        self.is_drums = np.array([part.is_drums for part in model.config.parts])
        pitches = song.notes["pitch"][~self.is_drums[song.notes["part"]]]
        low, high = (int(pitches.min()), int(pitches.max())) if len(pitches) else (0, 0)
        self.shifts = [shift for shift in SHIFTS if low + shift >= 0 and high + shift < PITCHES]

    def begin(self, notes: np.ndarray, barlines: np.ndarray) -> None:
        """Begin to hear the song, which was heard once before so far (`Listening.rehearse`)."""
        self.writings = []
        for shift in self.shifts:
            key = int(transpose_key(np.array([self.frame.key]), np.array([shift]))[0])
            writing = Listening(self.model, self.frame._replace(key=key))
            writing.rehearse(self._cut([notes], barlines, shift)[0])
            self.writings.append(writing)

    def hear(self, notes: np.ndarray, barlines: np.ndarray) -> None:
        """Go on by the measures of a passage between the barlines."""
        for shift, writing in zip(self.shifts, self.writings, strict=True):
            writing.hear(self._cut([notes], barlines, shift))

    def expect(self, notes: np.ndarray, barlines: np.ndarray) -> np.ndarray:
        """Return what is expected in the first measure of a passage, in the song's key (`expect_onsets`)."""
        [[page]] = cut_passages([notes], barlines[:2])
        return self.writings[0].expect(page).cpu().numpy()

    def weigh(self, passages: Sequence[np.ndarray], barlines: np.ndarray) -> list[float]:
        """Return how likely the measures of each passage are together, nats, by all keys."""
        return self._weigh(passages, barlines, len(self.shifts))

    def glance(self, passages: Sequence[np.ndarray], barlines: np.ndarray) -> list[float]:
        """Return the same of the first measure of each, in the song's own key alone: it takes less time."""
        return self._weigh(passages, barlines[:2], 1)

    def _weigh(self, passages: Sequence[np.ndarray], barlines: np.ndarray, keys: int) -> list[float]:
        log_probs: list[float] = []
        for first in range(0, len(passages), AT_ONCE):
            some = passages[first : first + AT_ONCE]
            by_key = [
                writing.weigh(self._cut(some, barlines, shift)).double()
                for shift, writing in zip(self.shifts[:keys], self.writings, strict=False)
            ]
            mixed = torch.logsumexp(torch.stack(by_key), 0) - math.log(keys)
            log_probs += mixed.sum(1).tolist()
        return log_probs

    def _cut(
        self, passages: Sequence[np.ndarray], barlines: np.ndarray, shift: int
    ) -> list[list[np.ndarray]]:
        """Return the pages of passages, moved by a shift."""
        pages = cut_passages(passages, barlines)
        for page in (page for own in pages for page in own) if shift else ():
            page["pitch"] = np.clip(page["pitch"] + shift * ~self.is_drums[page["part"]], 0, PITCHES - 1)
        return pages
