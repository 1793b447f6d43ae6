from __future__ import annotations

import numpy as np

from musicvae.compose.repair.passage import Scope, cut_passages, passage_key, settle, trace
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.measure_notes import split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

BARLINES = np.array([8, 16, 28])  # of measures 2 and 3 of a song in 2/4, 2/4 and 3/4


def notes(*rows: tuple[int, int, int]) -> np.ndarray:
    """Return notes of the melody by start, length and pitch."""
    return make_notes((*row, 80, 0) for row in rows)


def test_notes_may_have_begun_at_sixteenths_and_triplets_nearby() -> None:
    sources = np.empty(0, int)
    assert Scope(BARLINES, (0, 28), (), sources).starts_near(9, 2) == [8, 10, 11]
    fine = Scope(6 * BARLINES, (0, 168), (), sources, sixteenth=6)
    assert fine.starts_near(60, 2) == [48, 52, 54, 56, 64, 66, 68, 72]


def test_passages_are_cut_as_their_song_is() -> None:
    some = notes((0, 4, 60), (6, 4, 62), (10, 2, 64), (14, 8, 65), (22, 6, 67))
    song = Song(some, (Meter(2, 4), Meter(2, 4), Meter(3, 4)), ENSEMBLES["melody"])
    by_measure = split_measures(song)
    other = notes((8, 8, 50))
    [first, second] = cut_passages([some[1:], other], BARLINES)
    for measure, expected in zip(first, by_measure[1:], strict=True):
        names = [name for name in measure.dtype.names or () if name != "measure"]
        assert sorted(measure[names].tolist()) == sorted(expected[names].tolist())
    assert [len(measure) for measure in second] == [1, 0]


def test_a_line_sounds_one_note_at_a_time() -> None:
    settled = settle(notes((10, 4, 60), (8, 4, 62)), lines=(0,))
    assert settled is not None
    assert settled[["start", "length"]].tolist() == [(8, 2), (10, 4)]


def test_elsewhere_notes_of_other_pitches_may_overlap() -> None:
    settled = settle(notes((10, 4, 60), (8, 4, 62), (12, 4, 60)), lines=())
    assert settled is not None
    assert settled[["start", "length"]].tolist() == [(8, 4), (10, 2), (12, 4)]


def test_two_notes_of_a_line_that_begin_together_are_no_line() -> None:
    assert settle(notes((8, 4, 60), (8, 4, 62)), lines=(0,)) is None


def test_passages_of_the_same_notes_have_one_name_however_loud() -> None:
    ours, theirs = notes((8, 4, 60)), notes((8, 4, 60))
    theirs["velocity"] = 0
    assert passage_key(ours) == passage_key(theirs) != passage_key(notes((8, 4, 61)))


def test_notes_often_begin_at_sixteenths_and_triplets_and_where_one_does() -> None:
    scope = Scope(np.array([24, 48]), (24, 48), (0,), np.arange(2), sixteenth=6)
    begun = trace(make_notes([(23, 3, 60, 80, 0), (31, 5, 62, 80, 0)]))
    assert scope.find_usual(begun).tolist() == [0, 4, 6, 7, 8, 12, 16, 18, 20]
