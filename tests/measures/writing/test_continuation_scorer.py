from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.look_back import ALWAYS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.continuation_scorer import ContinuationScorer
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes, split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

ModelMaker = Callable[..., MeasureVAE]
TWO = Meter(2, 4)
STEPS = 8  # of a measure of it
EVERY = np.arange(STEPS)


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
    # The first measure sees the second one, its only row, beside the choice to see nothing.
    assert sorted(in_sight.tolist()) == [now - 1, ALWAYS]


def cut(*notes: tuple[int, int, int, int]) -> MeasureNotes:
    """Return a measure of notes (step, length, pitch, part)."""
    return np.array([(0, *note, 80, False) for note in notes], MEASURE_NOTE)


@pytest.fixture
def scorer(make_model: Callable[..., MeasureVAE]) -> ContinuationScorer:
    written = ContinuationScorer(make_model(), SongOutline((TWO,) * 3))
    written.hear([[cut((0, 2, 60, 0), (2, 6, 62, 0))]])
    return written


def test_an_onset_is_expected_as_much_as_it_is_likely(
    scorer: ContinuationScorer, config: MeasureVAEConfig
) -> None:
    # The highest note of the last part at the last step: its length and that no more follows are certain.
    part, pitch, step = len(config.parts) - 1, 127, STEPS - 1
    without = cut((0, 3, 60, 0), (4, 2, 64, 0))
    with_it = np.append(without, cut((step, 1, pitch, part)))
    heard = scorer.weigh([[without], [with_it]])[:, 0]
    expected = scorer.expect(without, np.array([step]))[0]
    nothing = torch.log1p(-expected.exp().sum())
    torch.testing.assert_close(heard[1] - heard[0], expected[part, pitch] - nothing, atol=1e-4, rtol=1e-4)


def test_what_is_expected_at_a_step_knows_nothing_of_what_begins_later(scorer: ContinuationScorer) -> None:
    alone, followed = (scorer.expect(cut((0, 1, 60, 0), *notes), EVERY) for notes in ([], [(4, 2, 64, 1)]))
    torch.testing.assert_close(alone[:4], followed[:4])
    torch.testing.assert_close(alone[4, 0], followed[4, 0])
    assert not torch.allclose(alone[5:], followed[5:])


def test_onsets_are_expected_as_far_as_anything_is_and_surely_where_something_begins(
    scorer: ContinuationScorer,
) -> None:
    expected = scorer.expect(cut((0, 1, 60, 0), (4, 1, 127, 0)), EVERY)
    something = expected.exp().sum((1, 2))
    assert (something[1:4] < 0.9).all()
    # Above the highest note of the first part begin those of the second one, or no more.
    assert something[4] > something[1:4].max()


def test_steps_are_asked_for_one_by_one(scorer: ContinuationScorer) -> None:
    notes = cut((0, 1, 60, 0), (4, 2, 64, 0))
    some = np.array([0, 3, 5])
    torch.testing.assert_close(scorer.expect(notes, some), scorer.expect(notes, EVERY)[some])


def test_what_rings_is_not_struck(scorer: ContinuationScorer) -> None:
    expected = scorer.expect(cut((0, 4, 60, 0)), EVERY)
    assert expected.shape == (STEPS, 2, 128)
    assert torch.isneginf(expected[:, 0, 60]).tolist() == [
        False,
        True,
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_part_is_expected_given_the_parts_before_it(scorer: ContinuationScorer) -> None:
    alone, beside = (scorer.expect(cut(*notes), EVERY) for notes in ([], [(3, 1, 60, 0)]))
    torch.testing.assert_close(alone[:3], beside[:3])
    torch.testing.assert_close(alone[3, 0], beside[3, 0])
    assert not torch.allclose(alone[3, 1], beside[3, 1])
