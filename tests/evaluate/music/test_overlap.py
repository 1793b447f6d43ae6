from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import gaussian_kde

from musicvae.evaluate.music.overlap import Overlap, overlap, overlapping_area
from musicvae.midi.songs.notes import make_notes, tidy_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

FLUTE, DRUMS = Part("flute"), Part("drums", is_drums=True)
MEASURES = 4


def tune(seed: int) -> Song:
    """Return 4 measures of 4/4: a walk in C major, in eighths and quarters."""
    rng = np.random.default_rng(seed)
    lengths = rng.choice([2, 4], 32)
    starts = np.cumsum(lengths) - lengths
    places = np.cumsum(rng.integers(-2, 3, 32)) + 35
    pitches = 12 * (places // 7) + np.array([0, 2, 4, 5, 7, 9, 11])[places % 7]
    rows = zip(starts, lengths, pitches, [80] * 32, [0] * 32, strict=True)
    notes = make_notes(row for row in rows if row[0] + row[1] <= 16 * MEASURES)
    return Song(notes, (Meter(4, 4),) * MEASURES, (FLUTE, DRUMS))


TUNES = [tune(seed) for seed in range(40)]
REFERENCE = [tune(seed) for seed in range(40, 80)]


def changed(song: Song, change: Callable[[np.ndarray], np.ndarray]) -> Song:
    return replace(song, notes=tidy_notes(change(song.notes.copy())))


def transposed(song: Song, semitones: int) -> Song:
    notes = song.notes.copy()
    notes["pitch"] += semitones
    return replace(song, notes=notes)


def drums_only() -> Song:
    return Song(make_notes([(0, 1, 36, 80, 1), (8, 1, 38, 80, 1)]), (Meter(4, 4),), (FLUTE, DRUMS))


def lower_than(before: Overlap, after: Overlap) -> set[str]:
    """Return the features whose overlap fell by more than 0.1."""
    return {name for name in Overlap._fields if getattr(after, name) < getattr(before, name) - 0.1}


ALIKE = overlap(TUNES, REFERENCE)


def test_songs_of_one_kind_overlap_nearly_wholly() -> None:
    assert min(ALIKE) > 0.9
    assert ALIKE.mean == pytest.approx(sum(ALIKE) / 6)


def test_the_order_of_songs_does_not_matter() -> None:
    assert tuple(overlap(TUNES[::-1], REFERENCE[::-1])) == pytest.approx(tuple(ALIKE), abs=1e-3)


def test_songs_all_alike_overlap_less_than_songs_as_various_as_the_reference() -> None:
    assert overlap(TUNES[:1] * 40, REFERENCE).mean < ALIKE.mean - 0.1


def test_another_key_is_seen_in_the_pitch_classes_alone_and_another_octave_nowhere() -> None:
    assert lower_than(ALIKE, overlap([transposed(song, 6) for song in TUNES], REFERENCE)) == {
        "pitch_class_histogram"
    }
    assert overlap([transposed(song, 12) for song in TUNES], REFERENCE) == ALIKE


def test_notes_in_disorder_are_seen_in_the_intervals_alone() -> None:
    def shuffle(notes: np.ndarray) -> np.ndarray:
        notes["pitch"] = np.random.default_rng(0).permutation(notes["pitch"])
        return notes

    lower = lower_than(ALIKE, overlap([changed(song, shuffle) for song in TUNES], REFERENCE))
    assert {"pitch_interval"} <= lower <= {"pitch_interval", "pitch_class_histogram"}  # lengths change places


def test_wider_leaps_are_seen_in_range_and_intervals() -> None:
    def stretch(notes: np.ndarray) -> np.ndarray:
        notes["pitch"] = 60 + 12 * (notes["pitch"] % 2) + notes["pitch"] % 12  # classes stay
        return notes

    lower = lower_than(ALIKE, overlap([changed(song, stretch) for song in TUNES], REFERENCE))
    assert lower == {"pitch_range", "pitch_interval"}


def test_shorter_notes_are_seen_in_their_lengths_alone() -> None:
    def halve(notes: np.ndarray) -> np.ndarray:
        notes["length"] //= 2
        return notes

    assert lower_than(ALIKE, overlap([changed(song, halve) for song in TUNES], REFERENCE)) == {"note_length"}


def test_fewer_notes_are_seen_in_their_number_and_in_the_time_between_them() -> None:
    def thin(notes: np.ndarray) -> np.ndarray:
        return notes[::3]

    lower = lower_than(ALIKE, overlap([changed(song, thin) for song in TUNES], REFERENCE))
    assert {"note_count", "inter_onset_interval"} <= lower


def test_a_second_part_at_the_same_onsets_leaves_the_time_between_them() -> None:
    def double(notes: np.ndarray) -> np.ndarray:
        below = notes.copy()
        below["pitch"] -= 24
        return np.concatenate([notes, below])

    doubled = overlap([changed(song, double) for song in TUNES], REFERENCE)
    assert doubled.inter_onset_interval == ALIKE.inter_onset_interval
    assert doubled.note_count == 0


def test_a_finer_grid_says_the_same() -> None:
    def finer(song: Song) -> Song:
        notes = song.notes.copy()
        notes["start"] *= 3
        notes["length"] *= 3
        return Song(notes, song.meters, song.parts, Grid(12))

    assert tuple(overlap([finer(song) for song in TUNES], REFERENCE)) == pytest.approx(tuple(ALIKE), abs=1e-3)


def test_drums_have_neither_pitch_nor_length() -> None:
    def add_drums(notes: np.ndarray) -> np.ndarray:
        return np.concatenate([notes, make_notes([(0, 16, 36, 80, 1), (32, 16, 99, 80, 1)])])

    with_drums = overlap([changed(song, add_drums) for song in TUNES], REFERENCE)
    for name in ("pitch_class_histogram", "pitch_range", "pitch_interval", "note_length"):
        assert getattr(with_drums, name) == getattr(ALIKE, name)
    assert with_drums.note_count != ALIKE.note_count


def test_songs_without_a_feature_have_no_part_in_it_and_silence_is_like_nothing() -> None:
    silence = replace(TUNES[0], notes=make_notes([]))
    mixed = overlap([*TUNES, silence], REFERENCE)
    assert mixed.pitch_range == ALIKE.pitch_range
    assert mixed.note_count < ALIKE.note_count
    assert overlap([silence], REFERENCE) == (0,) * 6


def test_what_the_reference_lacks_is_unknown_and_left_out_of_the_mean() -> None:
    areas = overlap([drums_only()], [drums_only(), drums_only()])
    assert math.isnan(areas.pitch_class_histogram)
    assert math.isnan(areas.note_length)
    assert (areas.note_count, areas.inter_onset_interval, areas.mean) == (1, 1, 1)


def test_a_reference_all_alike_overlaps_with_what_is_the_same() -> None:
    assert overlap(TUNES[:1], TUNES[:1] * 5) == (1,) * 6
    assert overlap([TUNES[0], transposed(TUNES[0], 1)], TUNES[:1] * 5) == (0.5, 1, 1, 1, 1, 1)


@pytest.mark.parametrize(("songs", "reference"), [(0, 2), (1, 1), (1, 0)])
def test_an_overlap_needs_songs_and_a_reference(songs: int, reference: int) -> None:
    with pytest.raises(ValueError, match="one song or more, and a reference of two"):
        overlap(TUNES[:songs], REFERENCE[:reference])


def test_the_area_is_that_under_both_kernel_densities() -> None:
    rng = np.random.default_rng(0)
    intra, inter = rng.gamma(2, 1, 500), rng.gamma(3, 1.2, 700)
    width = gaussian_kde(intra).factor * intra.std(ddof=1)
    densities = [gaussian_kde(each, width / each.std(ddof=1)) for each in (intra, inter)]
    grid = np.linspace(-5, 30, 20_001)
    expected = np.trapezoid(np.minimum(*(density(grid) for density in densities)), grid)
    assert overlapping_area(intra, inter) == pytest.approx(expected, abs=1e-3)
    assert 0.5 < expected < 0.9


def test_equal_distances_share_all_and_distant_ones_nothing() -> None:
    distances = np.random.default_rng(0).normal(5, 1, 200)
    assert overlapping_area(distances, distances) == pytest.approx(1)
    assert overlapping_area(distances, distances + 20) == 0
    assert overlapping_area(distances, np.full(7, 25.0)) == 0


def test_one_wild_distance_spoils_neither_grid_nor_area() -> None:
    distances = np.random.default_rng(0).normal(5, 1, 1000)
    wild = np.append(distances[1:], 1e6)
    assert overlapping_area(distances, wild) == pytest.approx(1, abs=0.01)
    assert overlapping_area(wild, wild) == pytest.approx(1)
