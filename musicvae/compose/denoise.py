"""Put right what is wrong with a song: a noisy channel, weighed by exact likelihoods.

What was given is taken for a clean song that went through a noisy channel, which drops, moves and changes
notes (`repair.noise_channel`). For each measure in turn, repairs of it are searched (`repair.repair_search`)
and weighed by Bayes' rule: how likely the decoder, without codes, finds the measure after those before it,
already put right, and the measures that follow as they are, times the chance that the channel made of it what
was given (`repair.given_notes`).

The song is heard once before it begins (`ContinuationScorer.rehearse`), so that a measure is weighed by what
comes later in the song, too: songs repeat themselves. And it is gone through twice (`SongPass`): at
first only what is surely wrong is changed, so that doubtful notes are weighed beside those that are already
put right. How many notes are wrong is estimated from that: where nearly none were, doubtful ones are left
alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch

from musicvae.compose.options import AMOUNT
from musicvae.compose.performance.splice import usual_velocities
from musicvae.compose.repair.changes import Change, find_changes
from musicvae.compose.repair.given_notes import GivenNotes
from musicvae.compose.repair.noise_channel import NoiseChannel
from musicvae.compose.repair.passage import NEW, Scope, cut_passages, trace, untrace
from musicvae.compose.repair.repair_search import RepairSearch
from musicvae.core.training.threads import one_thread
from musicvae.errors import SongError
from musicvae.measures.data.song_batch import outline_song
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.arranging.arrangements import find_lines
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.notes import sort_notes, tidy_notes
from musicvae.midi.songs.song import Song

MOST = 0.99  # of the notes may be wrong
HIDDEN = 3.0  # as many times more notes may be wrong than one is sure of after the first pass
PASSES = (3.0, 0.0)  # through the song, by how many nats a repair must be better than what is there
FOLLOWING = 2  # measures after the one put right, by which its repairs are weighed


class Denoised(NamedTuple):
    """A song put right, and what was changed."""

    song: Song
    changes: tuple[Change, ...]


def denoise(
    model: MeasureVAE,
    song: Song,
    amount: float = AMOUNT,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> Denoised:
    """Return the song with wrong notes and holes put right, all else as it was.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    song : Song
        In the model's grid and parts.
    amount : float
        The share of the notes taken to be wrong, 0 to 1, or fewer if fewer surely are: the more, the sooner
        a note is changed.
    on_progress : callable
        Told the measures gone through so far, and how many that will be.

    Raises
    ------
    ValueError
        If the amount lies outside 0 to 1.
    ModelError
        If the decoder does not hear the song.
    SongError
        If a measure is longer than the model's longest, or two notes of a line begin together.
    """
    if not 0 <= amount <= 1:
        raise ValueError(f"the amount must lie between 0 (nothing is wrong) and 1, got {amount}")
    require_hearing(model)
    if amount == 0 or not len(song.notes):
        return Denoised(song, ())
    notes, wrong = trace(song.notes), min(amount, MOST)
    with torch.inference_mode(), one_thread():
        for number, better_by in enumerate(PASSES):
            song_pass = SongPass(model, song, notes, wrong, better_by)
            for measure in range(song.measures):
                song_pass.put_right(measure)
                on_progress(number * song.measures + measure + 1, len(PASSES) * song.measures)
            notes = song_pass.notes
            wrong = min(wrong, HIDDEN * song_pass.given.wrong_share(notes))
    is_new = notes["source"] == NEW
    notes["velocity"][is_new] = usual_velocities(song)[notes["part"][is_new]]
    clean = replace(song, notes=tidy_notes(untrace(notes)))
    return Denoised(clean, find_changes(song, clean))


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
        self.given = GivenNotes(song, self.lines, NoiseChannel(amount, song.grid.sixteenth))
        self.starts = song.measure_starts
        self.scorer = ContinuationScorer(model, outline_song(song, find_key(song)))
        [by_measure] = cut_passages([notes], self.starts[: model.config.reach + 2])
        self.scorer.rehearse(by_measure)
        self.within = int(song.notes["start"][0]), int((song.notes["start"] + song.notes["length"]).max())

    def put_right(self, measure: int) -> None:
        """Put the next measure right and hear it."""
        barlines = self.starts[measure : measure + 2 + FOLLOWING]
        begins_before = self.notes["start"] < barlines[-1]
        sounds = self.notes["start"] + self.notes["length"] >= barlines[0]  # until the barline, or beyond
        passage = self.notes[begins_before & sounds]
        sources, sixteenth = self._sources(passage, barlines), self.given.channel.sixteenth
        scope = Scope(barlines, self.within, self.lines, sources, sixteenth)
        now = self.given.repair(passage, scope)
        if now is None:
            raise SongError("two notes of a line begin together: arrange the song first")
        best = RepairSearch(self.scorer, self.given, scope, now).find_best(self.better_by)
        self.notes = sort_notes(np.concatenate([self.notes[~(begins_before & sounds)], best.notes]))
        self.scorer.hear(cut_passages([best.notes], barlines[:2]))

    def _sources(self, passage: np.ndarray, barlines: np.ndarray) -> np.ndarray:
        """Return the given notes that a passage is made of, and those that were left out of it."""
        start = self.given.notes["start"]
        inside = np.flatnonzero((start >= barlines[0]) & (start < barlines[-1]))
        left_out = np.setdiff1d(inside, self.notes["source"])
        return np.union1d(passage["source"][passage["source"] != NEW], left_out)
