"""How likely passages are after the measures of a song that were heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.compose.repair.passage import cut_passages
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.song import Song

AT_ONCE = 32  # passages weighed side by side: it bounds the memory


class PassageScorer:
    """One song being heard by a decoder without codes, once more after its rehearsal.

    Parameters
    ----------
    model : MeasureVAE
    song : Song
        In the model's grid and parts, with a note at least.
    notes : np.ndarray of TRACED
        Its notes as far as they are put right: they are rehearsed (`ContinuationScorer.rehearse`).
    """

    def __init__(self, model: MeasureVAE, song: Song, notes: np.ndarray) -> None:
        self.continuations = ContinuationScorer(model, SongOutline(song.meters, find_key(song)))
        rehearsed = max(1, min(song.measures, model.config.reach))
        [by_measure] = cut_passages([notes], song.measure_starts[: rehearsed + 1])
        self.continuations.rehearse(by_measure)

    def hear(self, notes: np.ndarray, barlines: np.ndarray) -> None:
        """Go on by the measures of a passage between the barlines."""
        self.continuations.hear(cut_passages([notes], barlines))

    def expect(self, notes: np.ndarray, barlines: np.ndarray) -> np.ndarray:
        """Return what is expected in the first measure of a passage (`expect_onsets`)."""
        [[measure]] = cut_passages([notes], barlines[:2])
        return self.continuations.expect(measure).cpu().numpy()

    def log_probs(self, passages: Sequence[np.ndarray], barlines: np.ndarray) -> list[float]:
        """Return how likely the measures of each passage between the barlines are together, nats."""
        log_probs: list[float] = []
        for first in range(0, len(passages), AT_ONCE):
            measures = cut_passages(passages[first : first + AT_ONCE], barlines)
            log_probs += self.continuations.weigh(measures).double().sum(1).tolist()
        return log_probs
