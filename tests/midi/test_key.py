from __future__ import annotations

import pytest

from musicvae.midi.key import find_key, pitch_class_histogram
from musicvae.midi.song import Meter, Part, Song, make_notes

MAJOR_SCALE = [0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0]
HARMONIC_MINOR_SCALE = [0, 2, 3, 5, 7, 8, 11, 12, 7, 3, 0]


def a_tune(pitches: list[int], last: int = 4, parts: tuple[Part, ...] = (Part("melody"),)) -> Song:
    """Return a song of one step a pitch, the last one longer."""
    rows = [(step, 1, pitch, 80, 0) for step, pitch in enumerate(pitches)]
    if rows:
        rows[-1] = (len(rows) - 1, last, pitches[-1], 80, 0)
    return Song(make_notes(rows), (Meter(),) * 4, parts)


@pytest.mark.parametrize(
    ("tonic", "scale", "key"),
    [
        (60, MAJOR_SCALE, "C major"),
        (67, MAJOR_SCALE, "G major"),
        (70, MAJOR_SCALE, "Bb major"),
        (54, MAJOR_SCALE, "F# major"),
        (69, HARMONIC_MINOR_SCALE, "A minor"),
        (54, HARMONIC_MINOR_SCALE, "F# minor"),
        (62, HARMONIC_MINOR_SCALE, "D minor"),
    ],
)
def test_a_scale_that_rests_on_its_tonic_is_in_its_key(tonic: int, scale: list[int], key: str) -> None:
    assert find_key(a_tune([tonic + interval for interval in scale])) == key


def test_long_notes_count_for_more() -> None:
    song = a_tune([60, 62, 60], last=5)
    assert pitch_class_histogram(song).tolist() == [6, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def test_drums_have_no_key() -> None:
    assert find_key(a_tune([36, 38, 42], parts=(Part("drums", is_drums=True),))) == ""


def test_a_song_without_notes_has_no_key() -> None:
    assert find_key(a_tune([])) == ""


def test_twelve_equal_pitch_classes_have_no_key() -> None:
    assert find_key(a_tune(list(range(60, 72)), last=1)) == ""
