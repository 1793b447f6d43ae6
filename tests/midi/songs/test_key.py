from __future__ import annotations

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.midi.songs.key import (
    find_key,
    key_name,
    name_signature,
    parse_key,
    parse_signature,
    pitch_class_histogram,
    pitch_name,
    signature_fifths,
    transpose_key,
)
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

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
    assert find_key(a_tune([tonic + interval for interval in scale])) == parse_key(key)


def test_long_notes_count_for_more() -> None:
    song = a_tune([60, 62, 60], last=5)
    assert pitch_class_histogram(song).tolist() == [6, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def test_drums_have_no_key() -> None:
    assert find_key(a_tune([36, 38, 42], parts=(Part("drums", is_drums=True),))) == 0


def test_a_song_without_notes_has_no_key() -> None:
    assert find_key(a_tune([])) == 0


def test_twelve_equal_pitch_classes_have_no_key() -> None:
    assert find_key(a_tune(list(range(60, 72)), last=1)) == 0


# ---- keys as names and numbers


@pytest.mark.parametrize(
    ("index", "name"),
    [(0, ""), (1, "C major"), (2, "Db major"), (12, "B major"), (13, "C minor"), (24, "B minor")],
)
def test_a_key_has_a_number_and_a_name(index: int, name: str) -> None:
    assert key_name(index) == name


@pytest.mark.parametrize(("pitch", "name"), [(60, "C4"), (61, "C♯4"), (69, "A4"), (0, "C-1"), (127, "G9")])
def test_middle_c_is_c4(pitch: int, name: str) -> None:
    assert pitch_name(pitch) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("G", "G major"), ("G major", "G major"), ("Gmaj", "G major"), ("g", "G major"), ("GM", "G major")),
        *(("g minor", "G minor"), ("Gm", "G minor"), ("gMIN", "G minor"), ("  G   Minor ", "G minor")),
        *(("F#m", "F# minor"), ("f♯ minor", "F# minor"), ("Gb minor", "F# minor"), ("Gb", "F# major")),
        *(("Bb major", "Bb major"), ("B♭", "Bb major"), ("bb", "Bb major"), ("A# major", "Bb major")),
        *(("b", "B major"), ("bm", "B minor"), ("bbm", "Bb minor"), ("Cb", "B major"), ("B#m", "C minor")),
    ],
)
def test_keys_are_read_as_people_write_them(text: str, name: str) -> None:
    assert key_name(parse_key(text)) == name


@pytest.mark.parametrize("index", range(1, 25))
def test_a_key_that_was_named_is_read_again(index: int) -> None:
    assert parse_key(key_name(index)) == index


@pytest.mark.parametrize("text", ["", "H", "major", "D dorian", "C##", "Gminorish", "4/4"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(SongError, match="is not a key: write it as G major, F#m or Bb minor"):
        parse_key(text)


def test_a_transposed_key_keeps_its_mode_and_none_stays_none() -> None:
    keys = np.array([*(parse_key(name) for name in ("C", "B", "Am", "Cm")), 0], np.int16)
    moved = transpose_key(keys, np.array([7, 1, -12, -1, 5]))
    assert [key_name(index) for index in moved] == ["G major", "C major", "A minor", "B minor", ""]
    assert moved.dtype == np.int16


@pytest.mark.parametrize("semitones", [-5, 0, 6])
def test_the_key_of_a_transposed_song_is_the_transposed_key(semitones: int) -> None:
    for scale in (MAJOR_SCALE, HARMONIC_MINOR_SCALE):
        before, after = (
            find_key(a_tune([60 + by + interval for interval in scale])) for by in (0, semitones)
        )
        assert transpose_key(np.array([before]), np.array([semitones])).tolist() == [after]


@pytest.mark.parametrize("fifths", range(-7, 8))
@pytest.mark.parametrize("mode", ["major", "minor", "dorian", "locrian"])
def test_the_signature_of_a_key_is_the_one_that_it_was_named_after(fifths: int, mode: str) -> None:
    assert parse_signature(name_signature(fifths, mode)) == (fifths, mode)


@pytest.mark.parametrize("name", ["", "H major", "G# major", "Fb minor"])
def test_some_keys_have_no_signature(name: str) -> None:
    assert parse_signature(name) is None


@pytest.mark.parametrize(
    ("letter", "accidental", "mode", "fifths"),
    [
        *[("C", "", "major", 0), ("F", "#", "major", 6), ("B", "b", "major", -2), ("C", "", "minor", -3)],
        *[
            ("D", "", "dorian", 0),
            ("E", "♭", "lydian", -2),
            ("B", "", "locrian", 0),
            ("A", "", "mixolydian", 2),
        ],
    ],
)
def test_a_key_has_the_sharps_of_its_signature(letter: str, accidental: str, mode: str, fifths: int) -> None:
    assert signature_fifths(letter, accidental, mode) == fifths
