from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes, split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

ModelMaker = Callable[..., MeasureVAE]
TWO = Meter(2, 4)


def measure_of(*notes: tuple[int, int, int, bool]) -> MeasureNotes:
    """Return a measure of notes (step, length, pitch, held)."""
    return np.array(
        [(0, step, length, pitch, 0, 80, held) for step, length, pitch, held in notes], MEASURE_NOTE
    )


def test_continuations_are_as_likely_as_copies_that_go_on_find_them(
    make_model: ModelMaker, config: MeasureVAEConfig
) -> None:
    rows = [(start, min(3, 24 - start), 60 + start, 80, start % 4 // 2) for start in range(0, 24, 2)]
    song = Song(make_notes(rows), (TWO,) * 3, config.parts, config.grid)
    scorer = ContinuationScorer(make_model(), SongOutline(song.meters))
    by_measure = split_measures(song)
    scorer.hear([by_measure[:1]])
    continuations = [[scorer.song.fit(0, by_measure[n]), *by_measure[2:]] for n in (1, 1)]
    continuations[1][0] = continuations[1][0][:1]
    before = scorer.song.memory
    weighed = scorer.weigh(continuations)
    copies = scorer.song.select([0, 0])
    torch.testing.assert_close(weighed, copies.hear(continuations).log_prob, atol=1e-4, rtol=1e-4)
    assert weighed[0].tolist() != weighed[1].tolist()
    assert scorer.song.at == 1  # nothing went on
    assert scorer.song.memory is before


@pytest.mark.parametrize("reach", [0, 2])
def test_a_song_that_is_rehearsed_begins_with_what_comes_later_in_mind(
    make_model: ModelMaker, reach: int
) -> None:
    def begin(*pitches: int) -> float:
        """Return how likely a measure is as a song's first, if the song was rehearsed so."""
        scorer = ContinuationScorer(make_model(reach=reach), SongOutline((TWO,) * 2))
        scorer.rehearse([measure_of((0, 8, pitch, False)) for pitch in pitches])
        assert (scorer.song.at, bool(scorer.song.memory.ringing.any())) == (0, False)
        return float(scorer.weigh([[measure_of((0, 8, 60, False))]]))

    looks_back = reach > 0  # a decoder that does not keeps what it rehearsed nowhere
    assert (begin(60, 62) != begin(60, 64)) == looks_back


def test_a_measure_does_not_see_itself_in_the_rehearsal(make_model: ModelMaker) -> None:
    scorer = ContinuationScorer(make_model(reach=2), SongOutline((TWO,) * 2))
    scorer.rehearse([measure_of((0, 8, pitch, False)) for pitch in (60, 62)])
    past, now = scorer.song.memory.pasts[0], int(scorer.song.memory.measures)
    in_sight = past.measure[0][past.measure[0] > now - 2]
    # The first measure sees the second one, all its steps, beside the choice to see nothing.
    assert sorted(in_sight.tolist())[:8] == [now - 1] * 8
    assert len(in_sight) == 9
