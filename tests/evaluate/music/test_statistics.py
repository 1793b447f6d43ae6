from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from musicvae.evaluate.music.statistics import (
    describe,
    groove_similarity,
    length_beats,
    mean_interval,
    notes_per_measure,
    pitch_range,
    polyphony,
    repeated_measures,
    scale_consistency,
)
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

FLUTE, VIOLIN, DRUMS = Part("flute"), Part("violin"), Part("drums", is_drums=True)


def song(
    notes: Sequence[tuple[int, int, int, int]],  # start, length, pitch, part
    meters: Sequence[Meter] = (Meter(4, 4),),
    parts: Sequence[Part] = (FLUTE, VIOLIN, DRUMS),
) -> Song:
    rows = make_notes((start, length, pitch, 80, part) for start, length, pitch, part in notes)
    return Song(rows, tuple(meters), tuple(parts), Grid(4))


def line(*pitches: int, length: int = 2, part: int = 0) -> list[tuple[int, int, int, int]]:
    return [(length * index, length, pitch, part) for index, pitch in enumerate(pitches)]


SILENCE = song([])


def test_a_scale_is_wholly_consistent_in_major_and_in_its_relative_minor() -> None:
    assert scale_consistency(song(line(60, 62, 64, 65, 67, 69, 71, 72))) == 1
    assert scale_consistency(song(line(69, 71, 72, 74, 76, 77, 79, 81))) == 1


def test_one_foreign_note_in_eight_costs_an_eighth() -> None:
    assert scale_consistency(song(line(60, 61, 62, 64, 65, 67, 69, 71))) == 7 / 8


def test_a_chromatic_scale_has_seven_notes_of_twelve_in_any_key() -> None:
    assert scale_consistency(song(line(*range(60, 72), length=1))) == pytest.approx(7 / 12)


def test_drum_keys_have_no_scale_no_interval_and_no_range() -> None:
    drums = song(line(36, 37, 38, 39, part=2))
    assert math.isnan(scale_consistency(drums))
    assert math.isnan(mean_interval(drums))
    assert math.isnan(pitch_range(drums))


def test_the_mean_interval_counts_steps_up_and_down_alike() -> None:
    assert mean_interval(song(line(60, 64, 62, 62))) == pytest.approx((4 + 2 + 0) / 3)


def test_the_highest_note_of_a_chord_is_its_melody() -> None:
    chords = [(0, 4, 48, 0), (0, 4, 60, 0), (4, 4, 50, 0), (4, 4, 65, 0)]
    assert mean_interval(song(chords)) == 5


def test_intervals_are_taken_within_a_part() -> None:
    two_parts = line(60, 62, part=0) + line(40, 44, part=1)
    assert mean_interval(song(two_parts)) == pytest.approx((2 + 4) / 2)


def test_notes_per_measure_count_empty_measures_too() -> None:
    assert notes_per_measure(song(line(60, 62, 64), [Meter(4, 4)] * 2)) == 1.5


def test_groove_counts_the_steps_at_which_one_measure_alone_begins_notes() -> None:
    # 3/4 has 12 steps. Onsets: 0, 4, 8 and then 0, 4, 6: steps 6 and 8 differ.
    waltz = [(0, 4, 60, 0), (4, 4, 62, 0), (8, 4, 64, 0), (12, 4, 60, 0), (16, 2, 62, 0), (18, 2, 64, 0)]
    assert groove_similarity(song(waltz, [Meter(3, 4)] * 2)) == pytest.approx(1 - 2 / 12)


def test_groove_is_that_of_the_sixteenths_on_any_grid() -> None:
    rows = make_notes([(start, 6, 60, 80, 0) for start in (0, 24, 48, 72, 97, 108)])
    assert groove_similarity(Song(rows, (Meter(3, 4),) * 2, (FLUTE,), Grid(24))) == pytest.approx(1 - 2 / 12)


def test_groove_compares_neighbours_of_one_length_only() -> None:
    meters = [Meter(4, 4), Meter(3, 4), Meter(3, 4)]
    assert groove_similarity(song([(0, 1, 60, 0), (16, 1, 60, 0), (28, 1, 60, 0)], meters)) == 1
    assert math.isnan(groove_similarity(song([(0, 1, 60, 0)], meters[:2])))


def test_a_measure_said_again_is_repeated_whatever_its_velocities() -> None:
    rows = make_notes([(0, 4, 60, 80, 0), (16, 4, 62, 80, 0), (32, 4, 60, 99, 0), (64, 4, 60, 80, 0)])
    tune = Song(rows, (Meter(4, 4),) * 5, (FLUTE,), Grid(4))  # A B A silence A
    assert repeated_measures(tune) == pytest.approx(2 / 4)


@pytest.mark.parametrize("other", [(17, 4, 60, 0), (16, 5, 60, 0), (16, 4, 61, 0), (16, 4, 60, 1)])
def test_another_start_length_pitch_or_part_is_no_repeat(other: tuple[int, int, int, int]) -> None:
    assert repeated_measures(song([(0, 4, 60, 0), other], [Meter(4, 4)] * 2)) == 0


def test_range_and_length_are_those_of_the_pitched_notes() -> None:
    music = song([(0, 4, 60, 0), (4, 12, 79, 1), (0, 1, 36, 2)])
    assert pitch_range(music) == 19
    assert length_beats(music) == pytest.approx((1 + 3) / 2)


def test_polyphony_is_averaged_over_the_steps_that_sound() -> None:
    # Two notes for 4 steps, one for 4 more, silence for 8.
    assert polyphony(song([(0, 8, 60, 0), (0, 4, 64, 1)])) == pytest.approx((4 * 2 + 4 * 1) / 8)


def test_songs_count_alike_and_those_without_an_answer_are_left_out() -> None:
    short, long = song(line(60, 62)), song(line(60, 64, 60, 64, 60, 64))
    described = describe([short, long, SILENCE])
    assert described.mean_interval == pytest.approx((2 + 4) / 2)
    assert described.notes_per_measure == pytest.approx((2 + 6 + 0) / 3)


def test_silence_is_described_as_unknown() -> None:
    described = describe([SILENCE])
    assert described.notes_per_measure == 0
    assert math.isnan(described.scale_consistency)
    assert math.isnan(described.repeated_measures)
    assert math.isnan(described.polyphony)


def test_nothing_can_be_said_of_no_songs() -> None:
    with pytest.raises(ValueError, match="no songs"):
        describe([])
