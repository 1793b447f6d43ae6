"""Put right what is wrong with a song: a noisy channel, weighed by exact likelihoods.

What was given is taken for a clean song that went through a noisy channel, which drops, moves and changes
notes (`repair.noise_channel`). For each measure in turn, repairs of it are searched (`repair.search`) and
weighed by Bayes' rule: how likely the decoder, without codes, finds the measure after those before it,
already put right, and the measures that follow as they are (`repair.likelihood`), times the chance that the
channel made of it what was given (`repair.evidence`).

The song is heard once before it begins (`ContinuationScorer.rehearse`), so that a measure is weighed by what
comes later in the song, too: songs repeat themselves. And it is gone through twice: at first only what is
surely wrong is changed, so that doubtful notes are weighed beside those that are already put right. How many
notes are wrong is estimated from that: where nearly none were, doubtful ones are left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch

from musicvae.compose.performance.splice import usual_velocities
from musicvae.compose.repair.changes import Change, find_changes
from musicvae.compose.repair.evidence import Evidence
from musicvae.compose.repair.likelihood import PassageLikelihood
from musicvae.compose.repair.noise_channel import NoiseChannel
from musicvae.compose.repair.passage import NEW, Place, trace, untrace
from musicvae.compose.repair.search import RepairSearch
from musicvae.compose.repair.single_repairs import make_repair
from musicvae.core.training.threads import one_thread
from musicvae.errors import SongError
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.hearing import require_hearing
from musicvae.midi.songs.ensembles import find_lines
from musicvae.midi.songs.notes import tidy_notes
from musicvae.midi.songs.song import Song

AMOUNT, MOST = 0.1, 0.99  # of the notes that are wrong: if nobody says how many, and at most
HIDDEN = 3.0  # as many times more notes may be wrong than one is sure of after the first pass
FOLLOWING = 2  # measures after the one put right, by which its repairs are weighed
PASSES = (3.0, 0.0)  # through the song, by how many nats a repair must be better than what is there


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
    with torch.inference_mode(), one_thread():
        repairer, wrong = Repairer(model, song), min(amount, MOST)
        for number, better_by in enumerate(PASSES):
            repairer.begin(wrong)
            for measure in range(song.measures):
                repairer.go_on(measure, better_by)
                on_progress(number * song.measures + measure + 1, len(PASSES) * song.measures)
            wrong = min(wrong, HIDDEN * repairer.wrong_share())
    notes = np.concatenate(repairer.notes)
    is_new = notes["source"] == NEW
    notes["velocity"][is_new] = usual_velocities(song)[notes["part"][is_new]]
    clean = replace(song, notes=tidy_notes(untrace(notes)))
    return Denoised(clean, find_changes(song, clean))


class Repairer:
    """A song being put right, measure by measure."""

    def __init__(self, model: MeasureVAE, song: Song) -> None:
        self.song, self.lines = song, find_lines(model.config.ensemble)
        self.likelihood = PassageLikelihood(model, song)
        self.starts, self.measures = song.measure_starts, song.measures
        self.rehearsed = max(1, min(song.measures, model.config.reach))
        given = trace(song.notes)
        edges = np.searchsorted(given["start"], self.starts[1:-1])
        self.notes = np.split(given, edges)  # of each measure, those that begin there
        self.within = int(given["start"][0]), int((given["start"] + given["length"]).max())
        self.left_out = np.zeros(len(given), bool)

    def wrong_share(self) -> float:
        """Return the share of the notes that were found wrong so far, of one note at least."""
        notes = np.concatenate(self.notes)
        return max(1, self.evidence.count_wrong(notes)) / max(1, len(notes))

    def begin(self, amount: float) -> None:
        """Begin another pass through the song, in which this share of the notes is taken to be wrong."""
        self.evidence = Evidence(self.song, self.lines, NoiseChannel(amount))
        self.search = RepairSearch(self.likelihood, self.evidence)
        beginning = np.concatenate(self.notes[: self.rehearsed])
        self.likelihood.begin(beginning, self.starts[: self.rehearsed + 1])
        self.sounding = self.notes[0][:0]  # what sounds until the barline or beyond

    def go_on(self, measure: int, better_by: float) -> None:
        """Put the next measure right and hear it; `better_by` is as in PASSES."""
        after = min(measure + 1 + FOLLOWING, self.measures)
        barlines = self.starts[measure : after + 1]
        notes = np.concatenate([self.sounding, *self.notes[measure:after]])
        place = Place(barlines, self.within, self.lines, self._sources(notes, barlines))
        now = make_repair(notes, place, self.evidence)
        if now is None:
            raise SongError(
                "two notes of a line begin together: arrange the song first (`midi.songs.ensembles.arrange`)"
            )
        best = self.search.find_best(now, place, better_by)
        self._keep(best.notes, measure, place)
        self.likelihood.hear(best.notes, place.barlines[:2])

    def _sources(self, notes: np.ndarray, barlines: np.ndarray) -> np.ndarray:
        """Return the given notes that a passage is made of, and those that were left out of it."""
        given = self.evidence.notes["start"]
        missing = self.left_out & (given >= barlines[0]) & (given < barlines[-1])
        return np.union1d(notes["source"][notes["source"] != NEW], np.flatnonzero(missing))

    def _keep(self, notes: np.ndarray, measure: int, place: Place) -> None:
        """Take over the notes of a passage as they are now."""
        edges = np.searchsorted(notes["start"], place.barlines[:-1])
        before, *own = np.split(notes, edges)
        self.notes[measure : measure + len(own)] = own
        self.left_out[place.sources] = ~np.isin(place.sources, notes["source"])
        for note in before:  # what was held over is longer now
            earlier = int(np.searchsorted(self.starts, note["start"], side="right")) - 1
            same = self.notes[earlier][["start", "part", "pitch"]] == note[["start", "part", "pitch"]]
            self.notes[earlier]["length"][same] = note["length"]
        ends = notes["start"] + notes["length"]
        self.sounding = notes[(notes["start"] < place.after) & (ends >= place.after)]
