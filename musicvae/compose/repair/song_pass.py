"""One pass through a song that is put right, measure by measure."""

from __future__ import annotations

import numpy as np

from musicvae.compose.repair.given_notes import GivenNotes
from musicvae.compose.repair.noise_channel import NoiseChannel
from musicvae.compose.repair.passage import NEW, Scope
from musicvae.compose.repair.passage_scorer import PassageScorer
from musicvae.compose.repair.repair_search import RepairSearch
from musicvae.errors import SongError
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.ensembles import find_lines
from musicvae.midi.songs.notes import sort_notes
from musicvae.midi.songs.song import Song

FOLLOWING = 2  # measures after the one put right, by which its repairs are weighed


class SongPass:
    """A song being heard from its beginning, each measure put right before the next.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    song : Song
        As it was given, with a note at least.
    notes : np.ndarray of TRACED
        The song's, as the pass before left them.
    amount : float
        The share of the notes taken to be wrong, above 0 and below 1.
    better_by : float
        Nats by which a repair must be better than what is there.
    """

    def __init__(
        self, model: MeasureVAE, song: Song, notes: np.ndarray, amount: float, better_by: float
    ) -> None:
        self.lines, self.notes, self.better_by = find_lines(model.config.ensemble), notes, better_by
        self.given = GivenNotes(song, self.lines, NoiseChannel(amount))
        self.scorer = PassageScorer(model, song, notes)
        self.starts = song.measure_starts
        self.within = int(song.notes["start"][0]), int((song.notes["start"] + song.notes["length"]).max())

    def put_right(self, measure: int) -> None:
        """Put the next measure right and hear it."""
        barlines = self.starts[measure : measure + 2 + FOLLOWING]
        begins_before = self.notes["start"] < barlines[-1]
        sounds = self.notes["start"] + self.notes["length"] >= barlines[0]  # until the barline, or beyond
        passage = self.notes[begins_before & sounds]
        scope = Scope(barlines, self.within, self.lines, self._sources(passage, barlines))
        now = self.given.repair(passage, scope)
        if now is None:
            raise SongError(
                "two notes of a line begin together: arrange the song first (`midi.songs.ensembles.arrange`)"
            )
        best = RepairSearch(self.scorer, self.given, scope, now).find_best(self.better_by)
        self.notes = sort_notes(np.concatenate([self.notes[~(begins_before & sounds)], best.notes]))
        self.scorer.hear(best.notes, barlines[:2])

    def _sources(self, passage: np.ndarray, barlines: np.ndarray) -> np.ndarray:
        """Return the given notes that a passage is made of, and those that were left out of it."""
        start = self.given.notes["start"]
        inside = np.flatnonzero((start >= barlines[0]) & (start < barlines[-1]))
        left_out = np.setdiff1d(inside, self.notes["source"])
        return np.union1d(passage["source"][passage["source"] != NEW], left_out)
