from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from musicvae.midi.likeness.ngrams import (
    FEWEST,
    NgramIndex,
    find_duplicates,
    interval_ngrams,
    melody_line,
    part_ngrams,
)
from musicvae.midi.likeness.postings import gather_postings
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

TUNE = [67, 71, 74, 79, 78, 76, 74, 71, 67, 64, 62, 66, 69, 72, 71, 69, 67, 66, 64, 67]
OTHER = [60, 62, 63, 60, 58, 55, 58, 60, 63, 67, 65, 63, 62, 58, 60, 53, 55, 58, 60, 72]


def song(*lines: list[int], step: int = 2, parts: tuple[Part, ...] = ()) -> Song:
    """Return a song of one line a part, all notes `step` steps long."""
    rows = [
        (step * index, step, pitch, 80, part)
        for part, line in enumerate(lines)
        for index, pitch in enumerate(line)
    ]
    measures = max(len(line) for line in lines) * step // 16 + 1
    return Song(make_notes(rows), (Meter(),) * measures, parts or (Part("a"), Part("b"))[: len(lines)])


def up(line: list[int], semitones: int) -> list[int]:
    return [pitch + semitones for pitch in line]


def test_the_melody_is_the_top_line() -> None:
    notes = make_notes([(0, 4, 72, 80, 0), (0, 2, 60, 80, 0), (2, 2, 64, 80, 0), (4, 2, 65, 80, 0)])
    line = melody_line(Song(notes, (Meter(),), (Part("a"),)))
    assert line[["start", "pitch"]].tolist() == [(0, 72), (4, 65)]


def test_a_melody_takes_no_room_for_the_steps_that_notes_last() -> None:
    notes = make_notes([(0, 2_048_000, pitch, 80, 0) for pitch in (60, 62)] + [(8, 4, 65, 80, 0)])
    held = Song(notes, (Meter(128, 1),) * 1000, (Part("a"),))
    tracemalloc.start()
    try:
        assert melody_line(held)[["start", "pitch"]].tolist() == [(0, 62), (8, 65)]
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_drums_are_no_melody() -> None:
    both = song(TUNE, up(TUNE, 20), parts=(Part("a"), Part("drums", is_drums=True)))
    assert melody_line(both)["pitch"].tolist() == TUNE


def test_the_ngrams_are_the_same_in_every_key_and_at_every_speed() -> None:
    assert np.array_equal(interval_ngrams(song(TUNE)), interval_ngrams(song(up(TUNE, -7), step=4)))


def test_they_are_the_same_on_every_grid_and_in_another_rhythm() -> None:
    plain = interval_ngrams(song(TUNE))
    finer = replace(song(TUNE, step=6), grid=Grid(12))
    assert np.array_equal(plain, interval_ngrams(finer))
    dotted = song(TUNE).notes.copy()
    dotted["start"][1::2] += 1
    dotted["length"][1::2] -= 1
    swung = replace(song(TUNE), notes=dotted)
    assert np.array_equal(plain, interval_ngrams(swung))


def test_hashes_are_the_same_on_every_machine() -> None:
    assert interval_ngrams(song(TUNE[:7])).tolist() == [10374644209746674435]


@pytest.mark.parametrize("notes", [0, 1, 6])
def test_too_few_notes_have_no_ngrams(notes: int) -> None:
    assert interval_ngrams(song(TUNE[:notes])).shape == (0,)


def test_two_settings_of_one_melody_differ_in_the_ngrams_of_all_parts() -> None:
    one, other = song(TUNE, up(TUNE, -12)), song(TUNE, up(OTHER, -12))
    assert np.array_equal(interval_ngrams(one), interval_ngrams(other))
    assert not np.array_equal(part_ngrams(one), part_ngrams(other))
    assert np.array_equal(part_ngrams(one), part_ngrams(song(up(TUNE, -12), TUNE)))


def index_ngrams(songs: Sequence[np.ndarray]) -> NgramIndex:
    return NgramIndex(gather_postings(songs, np.uint64))


def test_the_nearest_song_shares_most() -> None:
    index = index_ngrams([interval_ngrams(song(OTHER)), interval_ngrams(song(TUNE))])
    assert index.nearest(interval_ngrams(song(up(TUNE, 3)))) == (1, 1.0)
    assert index.nearest(interval_ngrams(song(TUNE[:16] + OTHER))) == (0, 1.0)


def test_an_empty_index_has_no_nearest_song() -> None:
    assert index_ngrams([]).nearest(interval_ngrams(song(TUNE))) is None


def test_songs_that_are_too_short_share_nothing() -> None:
    short = interval_ngrams(song(TUNE[: FEWEST + 5]))
    assert index_ngrams([interval_ngrams(song(TUNE))]).nearest(short) == (0, 0.0)


def test_the_same_tune_in_another_key_and_a_longer_setting_is_dropped() -> None:
    tunes = [TUNE, OTHER, up(TUNE, 5), [*OTHER, *TUNE[:5], *OTHER], TUNE[::-1]]
    assert find_duplicates([interval_ngrams(song(tune)) for tune in tunes]).tolist() == [2, 3]


def test_a_tune_like_one_that_was_dropped_may_stay() -> None:
    chain = [np.arange(first, first + 20, dtype=np.uint64) for first in (0, 10, 20)]
    assert find_duplicates(chain, threshold=0.5).tolist() == [1]


def test_no_songs_have_no_duplicates() -> None:
    assert find_duplicates([]).tolist() == []
