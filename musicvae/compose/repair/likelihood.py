"""How likely passages are after the measures of a song that were heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.compose.repair.passage import cut_passages
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.songs.key import find_key, key_index
from musicvae.midi.songs.song import Song

AT_ONCE = 32  # passages weighed side by side: it bounds the memory


class PassageLikelihood:
    """One song being heard by a decoder without codes.

    Parameters
    ----------
    model : MeasureVAE
    song : Song
        In the model's grid and parts, with a note at least.
    """

    def __init__(self, model: MeasureVAE, song: Song) -> None:
        self.model, self.outline = model, SongOutline(song.meters, key_index(find_key(song)))

    def begin(self, notes: np.ndarray, barlines: np.ndarray) -> None:
        """Begin to hear the song, which was heard once before so far (`ContinuationScorer.rehearse`)."""
        self.listening = ContinuationScorer(self.model, self.outline)
        self.listening.rehearse(cut_passages([notes], barlines)[0])

    def hear(self, notes: np.ndarray, barlines: np.ndarray) -> None:
        """Go on by the measures of a passage between the barlines."""
        self.listening.hear(cut_passages([notes], barlines))

    def expect(self, notes: np.ndarray, barlines: np.ndarray) -> np.ndarray:
        """Return what is expected in the first measure of a passage (`expect_onsets`)."""
        [[cut]] = cut_passages([notes], barlines[:2])
        return self.listening.expect(cut).cpu().numpy()

    def log_probs(self, passages: Sequence[np.ndarray], barlines: np.ndarray) -> list[float]:
        """Return how likely the measures of each passage between the barlines are together, nats."""
        log_probs: list[float] = []
        for first in range(0, len(passages), AT_ONCE):
            by_measure = cut_passages(passages[first : first + AT_ONCE], barlines)
            log_probs += self.listening.weigh(by_measure).double().sum(1).tolist()
        return log_probs
