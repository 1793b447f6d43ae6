from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.arranging.ensembles import arrange
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

Row = tuple[int, int, int, int, int]

DRUMS = Part("kit", 8, is_drums=True)


def line(track: int, *pitches: int) -> list[Row]:
    """Return one note of a beat for each pitch."""
    return [(4 * beat, 4, pitch, 80, track) for beat, pitch in enumerate(pitches)]


def chords(track: int, *pitches: int) -> list[Row]:
    return [row for pitch in pitches for row in line(track, *[pitch] * 4)]


def a_song(rows: list[Row], *tracks: Part) -> Song:
    return Song(make_notes(rows), (Meter(),), tracks)


def pitches_of(song: Song, part: str) -> list[int]:
    index = [part.name for part in song.parts].index(part)
    return song.notes["pitch"][song.notes["part"] == index].tolist()


def is_one_line(song: Song, part: int) -> bool:
    notes = song.notes[song.notes["part"] == part]
    return bool(np.all(np.diff(notes["start"]) >= notes["length"][:-1]))


LINES = [("melody", 0), ("voices", 0), ("voices", 1), ("voices", 2), ("voices", 3), ("band", 3)]


@given(data=st.data(), ensemble=st.sampled_from(list(ENSEMBLES)))
def test_any_song_has_all_parts_of_the_ensemble_and_no_new_notes(
    random_songs: st.SearchStrategy[Song], data: st.DataObject, ensemble: str
) -> None:
    song = data.draw(random_songs)
    arranged = arrange(song, ensemble).song
    assert [part.name for part in arranged.parts] == [part.name for part in ENSEMBLES[ensemble]]
    assert arranged.meters == song.meters
    onsets = {(note["start"], note["pitch"], note["velocity"]) for note in song.notes}
    assert {(note["start"], note["pitch"], note["velocity"]) for note in arranged.notes} <= onsets


@pytest.mark.parametrize(("ensemble", "part"), LINES)
@given(data=st.data())
def test_a_line_sounds_one_note_at_a_time(
    random_songs: st.SearchStrategy[Song], data: st.DataObject, ensemble: str, part: int
) -> None:
    assert is_one_line(arrange(data.draw(random_songs), ensemble).song, part)


@given(data=st.data(), ensemble=st.sampled_from(list(ENSEMBLES)))
def test_arranging_again_changes_nothing(
    random_songs: st.SearchStrategy[Song], data: st.DataObject, ensemble: str
) -> None:
    arranged = arrange(data.draw(random_songs), ensemble).song
    assert arrange(arranged, ensemble).song == arranged


@given(data=st.data())
def test_a_band_plays_every_pitch_of_every_onset(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs)
    arranged = arrange(song, "band").song
    assert {(n["start"], n["pitch"]) for n in arranged.notes} == {
        (n["start"], n["pitch"]) for n in song.notes
    }


def test_tempi_markers_and_title_are_kept() -> None:
    song = replace(
        a_song(line(0, 60, 62), Part("a")), tempi=(Tempo(0, 90.0),), markers=(Marker(0, "A"),), title="Air"
    )
    arranged = arrange(song, "melody").song
    assert (arranged.tempi, arranged.markers, arranged.title) == (song.tempi, song.markers, song.title)


def test_melody_is_the_highest_note_of_the_melody_track() -> None:
    song = a_song(line(0, 72, 74) + line(0, 60, 62) + chords(1, 48), Part("violin", 40), Part("cello", 42))
    arranged, notices = arrange(song, "melody")
    assert pitches_of(arranged, "melody") == [72, 74]
    assert arranged.parts[0].program == 40
    assert [*map(str, notices)] == [
        "tracks taken: 1 (violin as melody)",
        "tracks left out: 1 (cello)",
        "notes left out that do not fit into one line: 2",
    ]


@pytest.mark.parametrize("ensemble", ["melody", "band"])
def test_the_track_that_is_known_to_be_the_melody_is_it(ensemble: str) -> None:
    song = a_song(line(0, 72, 74) + line(1, 40, 42), Part("violin", 40), Part("bass", 33))
    assert pitches_of(arrange(song, ensemble, melody=1).song, "melody") == [40, 42]


def test_a_bass_alone_is_a_melody_too() -> None:
    assert pitches_of(arrange(a_song(line(0, 40, 43), Part("bass", 33)), "melody").song, "melody") == [40, 43]


def test_piano_takes_all_pitched_notes_and_no_drums() -> None:
    rows = line(0, 72, 74) + line(1, 60, 74) + line(2, 36, 38, 40)
    arranged, notices = arrange(a_song(rows, Part("violin", 40), Part("viola", 41), DRUMS), "piano")
    assert sorted(pitches_of(arranged, "piano")) == [60, 72, 74]
    assert [*map(str, notices)] == [
        "tracks taken: 2 (violin as piano, viola as piano)",
        "tracks left out: 1 (kit)",
        "notes of one pitch in several tracks became one: 1",
    ]


def test_voices_keep_single_lines_from_high_to_low() -> None:
    rows = line(0, 48, 50) + line(1, 72, 74) + line(2, 60, 62)
    arranged = arrange(a_song(rows, Part("cello", 42), Part("violin", 40), Part("viola", 41)), "voices").song
    assert [pitches_of(arranged, part.name) for part in arranged.parts] == [[72, 74], [60, 62], [48, 50], []]
    assert [part.program for part in arranged.parts] == [40, 41, 42, 40]  # the empty one as the highest


def test_voices_that_cross_stay_in_their_lines() -> None:
    rows = line(0, 72, 60, 72) + line(1, 62, 64, 62)
    arranged = arrange(a_song(rows, Part("a"), Part("b")), "voices").song
    assert pitches_of(arranged, "soprano") == [72, 60, 72]
    assert pitches_of(arranged, "alto") == [62, 64, 62]


def test_a_tune_goes_to_the_first_voice() -> None:
    arranged = arrange(a_song(line(0, 60, 62), Part("fiddle", 40)), "voices").song
    assert [pitches_of(arranged, part.name) for part in arranged.parts] == [[60, 62], [], [], []]


def test_chords_of_one_track_are_split_into_voices_and_the_rest_is_counted() -> None:
    arranged, notices = arrange(a_song(chords(0, 48, 52, 55, 60, 64), Part("organ", 19)), "voices")
    voices = [pitches_of(arranged, part.name) for part in arranged.parts]
    assert voices == [[64] * 4, [60] * 4, [55] * 4, [48] * 4]
    assert notices == (Notice("notes left out that do not fit into four lines", 4),)
    assert {part.program for part in arranged.parts} == {19}


def test_five_lines_are_split_at_each_onset() -> None:
    rows = [row for track in range(5) for row in line(track, 80 - 5 * track)]
    arranged = arrange(a_song(rows, *[Part(f"voice {number}") for number in range(5)]), "voices").song
    assert sorted(arranged.notes["pitch"].tolist()) == [60, 70, 75, 80]


def test_tracks_named_as_the_voices_keep_their_places() -> None:
    rows = line(0, 48) + line(1, 60)  # the tenor below the bass, soprano and alto silent
    arranged = arrange(a_song(rows, Part("Tenor"), Part("Bass")), "voices").song
    assert (pitches_of(arranged, "tenor"), pitches_of(arranged, "bass")) == ([48], [60])


def test_a_band_has_drums_bass_chords_and_melody() -> None:
    rows = line(0, 36, 38) + line(1, 43, 45) + chords(2, 60, 64) + line(3, 72, 74) + chords(4, 55, 59)
    tracks = (DRUMS, Part("Bass", 34), Part("Piano", 1), Part("Flute", 73), Part("Strings", 48))
    arranged, notices = arrange(a_song(rows, *tracks), "band")
    assert pitches_of(arranged, "drums") == [36, 38]
    assert pitches_of(arranged, "bass") == [43, 45]
    assert set(pitches_of(arranged, "chords")) == {55, 59, 60, 64}
    assert pitches_of(arranged, "melody") == [72, 74]
    assert [part.program for part in arranged.parts] == [8, 34, 1, 73]
    assert [part.is_drums for part in arranged.parts] == [True, False, False, False]
    assert notices == ()


def test_in_a_band_the_lowest_line_is_the_bass_where_none_is_called_so() -> None:
    rows = line(0, 72, 74) + chords(1, 60, 64) + line(2, 43, 45)
    arranged = arrange(a_song(rows, Part("flute"), Part("guitar"), Part("tuba", 58)), "band").song
    assert pitches_of(arranged, "bass") == [43, 45]


def test_in_a_band_a_single_piano_plays_melody_and_chords() -> None:
    arranged = arrange(
        a_song(line(0, 72, 74) + chords(0, 48, 52) + line(1, 36), Part("piano"), DRUMS), "band"
    ).song
    assert pitches_of(arranged, "melody") == [72, 74, 52, 52]
    assert set(pitches_of(arranged, "chords")) == {48, 52}
    assert pitches_of(arranged, "bass") == []


def test_drums_alone_leave_other_ensembles_silent() -> None:
    arranged, notices = arrange(a_song(line(0, 36, 38), DRUMS), "voices")
    assert len(arranged.notes) == 0
    assert notices == (Notice("tracks left out", 1, ("kit",)),)


def test_of_a_choir_a_melody_is_its_soprano_and_the_other_voices_are_named() -> None:
    rows = line(0, 72, 74) + line(1, 67, 69) + line(2, 60, 62) + line(3, 48, 50)
    _, notices = arrange(a_song(rows, *ENSEMBLES["voices"]), "melody")
    assert notices == (
        Notice("tracks taken", 1, ("soprano as melody",)),
        Notice("tracks left out", 3, ("alto", "tenor", "bass")),
    )


def test_tracks_of_one_instrument_are_numbered_and_of_many_the_first_are_named() -> None:
    rows = [row for track in range(12) for row in line(track, 100 - 5 * track)]
    _, notices = arrange(a_song(rows, *[Part("")] * 12), "melody")
    others = ", ".join(f"grand piano {number}" for number in range(2, 10))
    assert [*map(str, notices)] == [
        "tracks taken: 1 (grand piano 1 as melody)",
        f"tracks left out: 11 ({others}, and others)",
    ]


def test_an_unknown_ensemble_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(ValueError, match="no ensemble 'choir': choose one of melody, piano, voices, band"):
        arrange(a_song([], Part("a")), "choir")


TUNE = a_song(line(0, 60, 62), Part("fiddle"))
CHORALE = a_song(
    line(0, 72) + line(1, 67) + line(2, 60) + line(3, 48), Part("1"), Part("2"), Part("3"), Part("4")
)
SONATA = a_song(chords(0, 60, 64, 67), Part("piano"))
POP = a_song(line(0, 36) + line(1, 40) + chords(2, 60, 64), DRUMS, Part("bass", 33), Part("guitar"))
BEAT = a_song(line(0, 36, 38), DRUMS)
EMPTY = a_song([], Part("a"))


def test_voices_that_nobody_gives_sound_as_the_highest() -> None:
    choir = Song(make_notes([(0, 4, 67, 80, 0)]), (Meter(4, 4),), (Part("Tune", program=52),))
    assert [part.program for part in arrange(choir, "voices").song.parts] == [52] * 4
    assert [part.program for part in arrange(choir, "band").song.parts] == [0, 33, 0, 52]
