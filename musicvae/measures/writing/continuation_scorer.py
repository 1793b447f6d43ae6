"""How likely continuations of a song that is heard are, and what is expected next.

Nothing is written here: what is heard can be weighed against what might have been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.song_batch import SongOutline, measures_to_batch
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.side_by_side import begin_writing
from musicvae.midi.songs.measure_notes import MeasureNotes


class ContinuationScorer:
    """A song that is heard measure by measure.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    outline : SongOutline

    Raises
    ------
    ModelError
        If it does not.
    """

    def __init__(self, model: MeasureVAE, outline: SongOutline) -> None:
        self.decoder = require_hearing(model)
        self.song = begin_writing(model, [outline])

    def rehearse(self, by_measure: Sequence[MeasureNotes]) -> None:
        """Hear the song's first measures before it begins, as if it were played a second time.

        So its first measures can be written with those in mind that come after them. A measure itself lies
        just out of sight: it is as far back as the decoder cannot look.
        """
        reach, blank = self.song.model.config.reach, self.song.memory
        if not reach:
            return
        before = self.song.hear([by_measure[:reach]]).writing.memory
        memory = before._replace(heard=blank.heard, ringing=blank.ringing, measures=blank.measures + reach)
        self.song = replace(self.song, memory=memory)

    def hear(self, by_measure: Sequence[Sequence[MeasureNotes]]) -> Tensor:
        """Go on by measures that are known, and return how likely each was, as `Writing.hear` does."""
        self.song, log_prob = self.song.hear(by_measure)
        return log_prob

    def weigh(self, continuations: Sequence[Sequence[MeasureNotes]]) -> Tensor:
        """Return how likely continuations are, without going on.

        Parameters
        ----------
        continuations : sequence of sequence of MeasureNotes
            Measures for each, as many for all.

        Returns
        -------
        Tensor, shape (continuations, measures)
            As `hear` returns, nats.
        """
        batch = self._batch(continuations)
        told = self.song.no_codes(len(batch.layout.exists))
        return self.decoder.weigh(batch, told, self.song.memory).view(len(continuations), -1)

    def expect(self, notes: MeasureNotes, steps: np.ndarray) -> Tensor:
        """Return what is expected at some steps of the next measure, given its notes (`NoteDecoder.expect`).

        Returns
        -------
        Tensor, shape (steps asked for, parts, 128)
            Nats.
        """
        asked = torch.from_numpy(steps).to(self.song.device)
        return self.decoder.expect(self._batch([[notes]]), self.song.no_codes(1), self.song.memory, asked)

    def _batch(self, continuations: Sequence[Sequence[MeasureNotes]]) -> MeasureBatch:
        windows = self.song.next_windows(len(continuations[0])) * len(continuations)
        return measures_to_batch(windows, continuations, self.song.model.config, self.song.device)
