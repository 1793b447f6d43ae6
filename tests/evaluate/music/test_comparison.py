from __future__ import annotations

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.evaluate.music import comparison
from musicvae.evaluate.music.comparison import compare_samples, openings
from musicvae.evaluate.music.overlap import overlap
from musicvae.evaluate.music.statistics import describe
from musicvae.midi.likeness.tune_index import index_tunes
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song


def tune(number: int, measures: int) -> Song:
    """Return quarter notes; each number gives other ones, and more measures begin alike."""
    pitches = np.random.default_rng(number).integers(55, 75, 4 * measures).tolist()
    notes = make_notes((4 * index, 4, pitch, 80, 0) for index, pitch in enumerate(pitches))
    return Song(notes, (Meter(),) * measures, (Part("melody"),), Grid(4))


SONGS = [tune(number, 20) for number in range(4)]
SAMPLES = [tune(number, 12) for number in (7, 8, 9)]


def test_both_sides_are_compared_in_the_measures_that_samples_have() -> None:
    compared = compare_samples(SAMPLES, SONGS, None)
    assert (compared.measures, compared.samples.pieces, compared.songs.pieces) == (12, 3, 4)
    beginnings = openings(SONGS, 12)
    assert compared.songs.statistics == describe(beginnings)
    assert compared.samples.statistics == describe(SAMPLES)
    assert compared.overlap == overlap(SAMPLES, beginnings)


def test_no_more_than_sixteen_measures_are_compared() -> None:
    assert compare_samples(SONGS, SONGS, None).measures == 16


def test_the_overlap_of_many_pieces_is_that_of_a_fixed_draw_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compare_samples(SAMPLES, SONGS, None)
    monkeypatch.setattr(comparison, "MOST_OVERLAPPED", 3)
    some, again = (compare_samples(SAMPLES, SONGS, None) for _ in range(2))
    assert (whole.songs.overlap_of, some.samples.overlap_of, some.songs.overlap_of) == (4, 3, 3)
    assert some.overlap == again.overlap
    assert any(
        some.overlap == overlap(SAMPLES, openings([*SONGS[:left], *SONGS[left + 1 :]], 12))
        for left in range(4)
    )


def test_a_sample_that_is_shorter_than_most_is_left_out() -> None:
    compared = compare_samples([*SAMPLES, tune(5, 3)], SONGS, None)
    assert (compared.measures, compared.samples.pieces) == (12, 3)


def test_copies_are_counted_in_the_whole_of_pieces_where_training_songs_are_known() -> None:
    compared = compare_samples([*SAMPLES, SONGS[0]], SONGS, index_tunes(SONGS[:2]))
    assert compared.samples.copies is not None
    assert compared.songs.copies is not None
    assert (compared.samples.copies.known, compared.samples.copies.windows) == (13, 3 * 5 + 13)
    assert compared.songs.copies.share == 1 / 2


def test_without_training_songs_nothing_is_known_of_copies() -> None:
    compared = compare_samples(SAMPLES, SONGS, None)
    assert compared.samples.copies is compared.songs.copies is None


def test_fewer_than_two_songs_that_are_long_enough_are_refused() -> None:
    with pytest.raises(SongError, match="1 of the 2 songs have the 12 measures"):
        compare_samples(SAMPLES, [SONGS[0], tune(5, 3)], None)
