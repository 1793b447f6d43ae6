from __future__ import annotations

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.midi.arranging.tracks import (
    find_basses,
    find_lowest_line,
    find_melody,
    find_track,
    measure_tracks,
)
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

Row = tuple[int, int, int, int, int]


def line(track: int, pitch: int, onsets: int = 16) -> list[Row]:
    """Return that many notes of one step, one after another."""
    return [(step, 1, pitch, 80, track) for step in range(onsets)]


def chords(track: int, *pitches: int) -> list[Row]:
    return [(4 * beat, 4, pitch, 80, track) for beat in range(4) for pitch in pitches]


def a_song(rows: list[Row], *tracks: Part) -> Song:
    return Song(make_notes(rows), (Meter(),), tracks)


def melody_of(song: Song) -> str:
    tracks = measure_tracks(song)
    (found,) = np.flatnonzero(find_melody(song, tracks, tracks.is_pitched))
    return song.parts[found].name


def test_figures_count_what_each_track_plays() -> None:
    song = a_song(
        line(0, 72) + chords(1, 48, 52) + line(3, 36), Part("a"), Part("b"), Part("empty"), Part("d", 0, True)
    )
    tracks = measure_tracks(song)
    assert tracks.notes.tolist() == [16, 8, 0, 16]
    assert tracks.onsets.tolist() == [16, 4, 0, 16]
    assert tracks.mean_pitch.tolist() == [72, 50, 0, 36]
    assert tracks.is_line.tolist() == [True, False, True, True]
    assert tracks.is_pitched.tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("rows", "is_line"),
    [
        ([(0, 4, 60, 80, 0), (4, 4, 62, 80, 0)], True),
        ([(0, 5, 60, 80, 0), (4, 4, 62, 80, 0)], True),  # legato
        ([(0, 16, 60, 80, 0), (4, 4, 62, 80, 0)], False),
        ([(0, 4, 60, 80, 0), (0, 4, 64, 80, 0)], False),
        ([(0, 16, 60, 80, 0), (2, 1, 62, 80, 0), (8, 4, 64, 80, 0)], False),  # a pedal below
        ([*line(0, 60, onsets=15), (15, 1, 62, 80, 0)], True),
        ([*line(0, 60, onsets=16), *line(0, 55, onsets=1)], False),  # 1 of 17
        ([], True),
    ],
)
def test_a_single_line_hardly_ever_sounds_two_notes(rows: list[Row], is_line: bool) -> None:
    assert measure_tracks(a_song(rows, Part("a"))).is_line.tolist() == [is_line]


def test_one_double_stop_in_twenty_is_forgiven() -> None:
    rows = [(step, 1, 60, 80, 0) for step in range(20)] + [(0, 1, 67, 80, 0)]
    song = Song(make_notes(rows), (Meter(), Meter()), (Part("fiddle"),))
    assert measure_tracks(song).is_line.tolist() == [True]


def test_the_last_note_of_a_track_does_not_overlap_the_first_of_the_next() -> None:
    song = a_song([(15, 1, 60, 80, 0), (0, 1, 60, 80, 1)], Part("a"), Part("b"))
    assert measure_tracks(song).is_line.tolist() == [True, True]


@pytest.mark.parametrize(
    "name",
    [
        "Melody",
        "MELODIE",
        "lead_vocal",
        "Lead Guitar",
        "sop:",
        "Vocals 1",
        "Soprano",
        "2. Voice",
        "Solo Flute",
    ],
)
def test_a_track_called_melody_is_the_melody_though_lower_and_polyphonic(name: str) -> None:
    song = a_song(line(0, 84) + chords(1, 48, 52), Part("Flute"), Part(name))
    assert melody_of(song) == name


@pytest.mark.parametrize(
    "name", ["Bandleader", "Leader", "Sawtooth Lead", "Lead 2 (sawtooth)", "Violin", "nonvocal"]
)
def test_other_names_do_not_count(name: str) -> None:
    song = a_song(line(0, 84) + chords(1, 48, 52), Part("Flute"), Part(name))
    assert melody_of(song) == "Flute"


def test_a_single_line_is_rather_the_melody_than_chords_a_little_higher() -> None:
    song = a_song(chords(0, 67, 76) + line(1, 67), Part("strings"), Part("oboe"))
    assert melody_of(song) == "oboe"


def test_the_left_hand_of_a_piano_is_not_the_melody() -> None:
    song = a_song(chords(0, 67, 76) + line(1, 48), Part("right"), Part("left"))
    assert melody_of(song) == "right"


def test_of_two_lines_the_higher_is_the_melody() -> None:
    song = a_song(line(0, 60) + line(1, 67), Part("viola"), Part("violin"))
    assert melody_of(song) == "violin"


def test_a_track_that_hardly_plays_is_not_the_melody() -> None:
    song = a_song(line(0, 96, onsets=2) + line(1, 67), Part("glockenspiel"), Part("violin"))
    assert melody_of(song) == "violin"


def test_no_candidates_have_no_melody_and_no_lowest_line() -> None:
    song = a_song(line(0, 60), Part("violin"))
    tracks = measure_tracks(song)
    nobody = np.array([False])
    assert not find_melody(song, tracks, nobody).any()
    assert not find_lowest_line(tracks, nobody).any()


@pytest.mark.parametrize(
    ("track", "is_bass"),
    [
        (Part("Fingered", 33), True),
        (Part("Bass", 0), True),
        (Part("Contrabass", 43), True),
        (Part("E-Bass 2", 0), True),
        (Part("Bassoon", 70), False),
        (Part("Bass", 0, is_drums=True), False),
    ],
)
def test_the_bass_is_known_by_its_program_or_its_name(track: Part, is_bass: bool) -> None:
    song = a_song(line(0, 40), track)
    assert find_basses(song, measure_tracks(song)).tolist() == [is_bass]


def test_the_lowest_line_is_not_a_lower_track_of_chords() -> None:
    song = a_song(chords(0, 36, 40) + line(1, 45) + line(2, 50), Part("a"), Part("b"), Part("c"))
    tracks = measure_tracks(song)
    assert find_lowest_line(tracks, tracks.is_pitched).tolist() == [False, True, False]


def test_a_song_without_tracks_has_no_figures() -> None:
    song = Song(make_notes([]), (Meter(),), ())
    tracks = measure_tracks(song)
    assert [len(figures) for figures in tracks] == [0, 0, 0, 0, 0]
    assert find_melody(song, tracks, tracks.is_pitched).tolist() == []


@pytest.mark.parametrize("named", ["2", "Flute", "flute ", "Solo (flute)"])
def test_a_track_is_found_by_its_number_its_label_or_its_name(named: str) -> None:
    parts = [Part("Solo", 40), Part("Solo", 73), Part("Flute", 42)]
    assert find_track(parts, named) == (2 if named.strip().lower() == "flute" else 1)


def test_a_track_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(SongError, match="no track is called 'tuba': name one of 1 flute, 2 Bass"):
        find_track([Part("", 73), Part("Bass", 33)], "tuba")
