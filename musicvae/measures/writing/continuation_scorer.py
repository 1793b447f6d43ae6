"""How likely continuations of a song that is heard are, and what is expected next.

Nothing is written here: what is heard can be weighed against what might have been.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.writing import Writing
from musicvae.midi.songs.measure_notes import MeasureNotes


class ContinuationScorer(Writing):
    """A song that is heard measure by measure.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    outline : SongOutline
    """

    def __init__(self, model: MeasureVAE, outline: SongOutline) -> None:
        super().__init__(model, [outline])

    def rehearse(self, by_measure: Sequence[MeasureNotes]) -> None:
        """Hear the song's first measures before it begins, as if it were played a second time.

        So its first measures can be written with those in mind that come after them. A measure itself lies
        just out of sight: it is as far back as the decoder cannot look.
        """
        reach, blank = self.model.config.reach, self.memory
        if not reach:
            return
        before = self.select([0])
        before.hear([by_measure[:reach]])
        self.memory = before.memory._replace(
            heard=blank.heard, ringing=blank.ringing, measures=blank.measures + reach
        )

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
        log_prob = self.decoder.weigh(batch, self._no_codes(batch.layout), self.memory)
        return log_prob.view(len(continuations), -1)

    def expect(self, notes: MeasureNotes) -> Tensor:
        """Return what is expected in the next measure, given its notes (`expect_onsets`).

        Returns
        -------
        Tensor, shape (steps, parts, 128)
            Nats.
        """
        batch = self._batch([[notes]])
        return self.decoder.expect(batch, self._no_codes(batch.layout), self.memory)[:, 0]
