"""Put right what is wrong with a song: a noisy channel, weighed by exact likelihoods.

What was given is taken for a clean song that went through a noisy channel, which drops, moves and changes
notes (`noise_channel`). For each measure in turn, repairs of it are found (`repairs`) and weighed by Bayes'
rule: how likely the decoder, without codes, finds the measure after those before it, already put right, and
the measures that follow as they are given (in several keys: `ears`), times the chance that the channel made
of it what was given. The best repair is looked at again for a further error, until nothing more is gained.

The song is heard once before it begins (`Writing.rehearse`), so that a measure is weighed by what comes later
in the song, too: songs repeat themselves. And it is gone through twice: what follows a measure, and what was
heard before the song began, is itself put right by then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch

from musicvae.compose.changes import Change, find_changes
from musicvae.compose.ears import Ears
from musicvae.compose.noise_channel import NoiseChannel
from musicvae.compose.passage import NEW, name_notes, settle
from musicvae.compose.repairs import Place, Repair, find_repairs
from musicvae.compose.script import require_hearing
from musicvae.compose.splice import usual_velocities
from musicvae.core.threads import one_thread
from musicvae.measures.model import MeasureVAE
from musicvae.midi.notes import tidy_notes
from musicvae.midi.parts import find_lines
from musicvae.midi.song import Song

PASSES = 2  # through the song; the second looks only at what the first has changed, or what leads to it
AMOUNT = 0.1  # of the notes, if nobody says how many are wrong
FOLLOWING = 2  # measures after the one put right, by which its repairs are weighed
ROUNDS = 12  # at most, each for one more error in a measure
PROMISING = 4  # repairs weighed with the measures that follow, in a round
WIDTH = 2  # of the best guesses, how many are looked at for further errors,
MARGIN = 4.0  # and by how much the others may be worse, nats


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
        The share of the notes taken to be wrong, 0 to 1: the more, the sooner a note is changed.
    on_progress : callable
        Told the measures gone through so far, and how many that will be.

    Raises
    ------
    ValueError
        If the amount lies outside 0 to 1.
    ModelError
        If the decoder does not hear the song.
    SongError
        If a measure is longer than the model's longest.
    """
    if not 0 <= amount <= 1:
        raise ValueError(f"the amount must lie between 0 (nothing is wrong) and 1, got {amount}")
    require_hearing(model)
    if amount == 0 or not len(song.notes):
        return Denoised(song, ())
    with torch.inference_mode(), one_thread():
        repairer = _Repairer(model, song, NoiseChannel(min(amount, 0.99)))
        for number in range(PASSES):
            repairer.begin()
            for measure in range(song.measures):
                repairer.go_on(measure)
                on_progress(number * song.measures + measure + 1, PASSES * song.measures)
    notes = np.concatenate(repairer.notes)
    is_new = notes["velocity"] == NEW
    notes["velocity"][is_new] = usual_velocities(song)[notes["part"][is_new]]
    clean = replace(song, notes=tidy_notes(notes))
    return Denoised(clean, find_changes(song, clean))


class _Weighed(NamedTuple):
    """A repair and how likely it is, with what it cost, nats."""

    repair: Repair
    log_prob: float


class _Repairer:
    """A song being put right, measure by measure."""

    def __init__(self, model: MeasureVAE, song: Song, channel: NoiseChannel) -> None:
        self.channel, self.ears = channel, Ears(model, song)
        self.starts, self.measures = song.measure_starts, song.measures
        self.rehearsed = max(1, min(song.measures, model.config.reach))
        self.lines = find_lines(model.config.ensemble)
        edges = np.searchsorted(song.notes["start"], self.starts[1:-1])
        self.notes = np.split(song.notes, edges)  # of each measure, those that begin there
        self.within = int(song.notes["start"][0]), int((song.notes["start"] + song.notes["length"]).max())
        self.changed = np.ones(song.measures, bool)  # in the pass before this one

    def begin(self) -> None:
        """Begin another pass through the song."""
        beginning = np.concatenate(self.notes[: self.rehearsed])
        self.ears.begin(beginning, self.starts[: self.rehearsed + 1])
        self.sounding = self.notes[0][:0]  # what sounds until the barline or beyond
        self.doubtful = [bool(self.changed[n : n + 1 + FOLLOWING].any()) for n in range(self.measures)]
        self.changed[:] = False

    def go_on(self, measure: int) -> None:
        """Put the next measure right, if there is doubt of it, and hear it."""
        after = min(measure + 1 + FOLLOWING, self.measures)
        place = Place(self.starts[measure : after + 1], self.within, self.lines)
        notes = np.concatenate([self.sounding, *self.notes[measure:after]])
        if self.doubtful[measure]:
            settled = settle(notes, self.lines)
            given = Repair(notes if settled is None else settled, 0.0)
            best = self._search(given, place)
            self.changed[measure] = best is not given
            notes = best.notes
        self._keep(notes, measure, place)
        self.ears.hear(notes, place.barlines[:2])

    def _search(self, given: Repair, place: Place) -> Repair:
        """Return the best of all repairs that are found."""
        if self.ears.glance([given.notes], place.barlines)[0] > self.channel.dropped:
            return given  # no error is less improbable than the measure as it is
        weighed: dict[bytes, _Weighed] = {}
        self._weigh([given], place, weighed)
        seen, looked_at = set(weighed), set[bytes]()
        for _ in range(ROUNDS):
            leading = sorted(weighed.items(), key=lambda each: -each[1].log_prob)[:WIDTH]
            least = leading[0][1].log_prob - MARGIN
            near = (name for name, guess in leading if guess.log_prob >= least and name not in looked_at)
            name = next(near, None)
            if name is None:
                break
            looked_at.add(name)
            self._weigh(self._find(weighed[name].repair, place, seen), place, weighed)
        return max(weighed.values(), key=lambda each: each.log_prob).repair

    def _find(self, given: Repair, place: Place, seen: set[bytes]) -> list[Repair]:
        """Return the repairs that make the measure likeliest, of those not seen before."""
        expected = self.ears.expect(given.notes, place.barlines)
        new: dict[bytes, Repair] = {}
        for repair in find_repairs(given, expected, place, self.channel):
            name = name_notes(repair.notes)
            if name not in seen and (name not in new or repair.cost > new[name].cost):
                new[name] = repair
        seen.update(new)
        found = list(new.values())
        log_probs = self.ears.glance([repair.notes for repair in found], place.barlines)
        totals = [log_prob + repair.cost for log_prob, repair in zip(log_probs, found, strict=True)]
        return [found[index] for index in np.argsort(-np.array(totals), kind="stable")[:PROMISING]]

    def _weigh(self, repairs: Sequence[Repair], place: Place, weighed: dict[bytes, _Weighed]) -> None:
        """Add to those weighed how likely repairs are, with the measures that follow."""
        log_probs = self.ears.weigh([repair.notes for repair in repairs], place.barlines)
        for repair, log_prob in zip(repairs, log_probs, strict=True):
            weighed[name_notes(repair.notes)] = _Weighed(repair, log_prob + repair.cost)

    def _keep(self, notes: np.ndarray, measure: int, place: Place) -> None:
        """Take over the notes of a passage as they are now."""
        edges = np.searchsorted(notes["start"], place.barlines[:-1])
        before, *own = np.split(notes, edges)
        self.notes[measure : measure + len(own)] = own
        for note in before:  # what was held over is longer now
            earlier = int(np.searchsorted(self.starts, note["start"], side="right")) - 1
            same = self.notes[earlier][["start", "part", "pitch"]] == note[["start", "part", "pitch"]]
            self.notes[earlier]["length"][same] = note["length"]
        ends = notes["start"] + notes["length"]
        self.sounding = notes[(notes["start"] < place.after) & (ends >= place.after)]
