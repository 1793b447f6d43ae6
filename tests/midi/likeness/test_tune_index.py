from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from musicvae.midi.likeness.postings import gather_postings
from musicvae.midi.likeness.tune_index import Repeat, TuneIndex, index_tunes
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song


def tune(title: str, seed: int, measures: int = 12) -> Song:
    """Return four notes to each measure of 4/4, drawn by the seed."""
    pitches = np.random.default_rng(seed).integers(60, 80, 4 * measures)
    notes = make_notes((4 * index, 4, pitch, 80, 0) for index, pitch in enumerate(pitches.tolist()))
    return Song(notes, (Meter(),) * measures, (Part("melody"),), Grid(4), title=title)


def up(song: Song, semitones: int) -> Song:
    notes = song.notes.copy()
    notes["pitch"] += semitones
    return replace(song, notes=notes)


def after(*songs: Song) -> Song:
    """Return the songs one after another, without a title."""
    moved, begin = [], 0
    for song in songs:
        notes = song.notes.copy()
        notes["start"] += begin
        moved.append(notes)
        begin += song.steps
    return replace(
        songs[0],
        notes=np.concatenate(moved),
        meters=tuple(meter for song in songs for meter in song.meters),
        title="",
    )


REEL, JIG, AIR = tune("Reel", 1), tune("Jig", 2), tune("Air", 3)
UNKNOWN = tune("Unknown", 4)
INDEX = index_tunes([REEL, JIG, AIR])


def test_the_nearest_song_is_found_in_any_key() -> None:
    assert INDEX.nearest(up(JIG, 4)) == ("Jig", 1.0)


def test_songs_of_older_models_without_titles_are_told_apart_by_numbers() -> None:
    index = index_tunes([replace(song, title="") for song in (REEL, JIG)])
    assert index.nearest(JIG) == ("song 2, which has no title", 1.0)
    assert index.repeats(JIG) == ("song 2, which has no title", 0, 12)


def test_half_a_song_shares_half_of_itself() -> None:
    nearest = INDEX.nearest(after(UNKNOWN.cut(0, 6), AIR.cut(0, 6)))
    assert nearest is not None
    assert nearest.title == "Air"
    assert nearest.share == pytest.approx(18 / 42)  # 24 notes have 18 n-grams of 6 intervals, 48 have 42


@pytest.mark.parametrize("song", [UNKNOWN, UNKNOWN.cut(0, 1), replace(UNKNOWN, notes=UNKNOWN.notes[:0])])
def test_a_song_that_shares_nothing_has_none_nearest(song: Song) -> None:
    assert INDEX.nearest(song) is None
    assert INDEX.repeats(song) is None


def test_eight_measures_of_a_song_in_another_key_are_a_repeat() -> None:
    piece = after(UNKNOWN.cut(0, 5), up(JIG.cut(3, 11), -2), UNKNOWN.cut(5, 8))
    assert INDEX.repeats(piece) == Repeat("Jig", first=5, measures=8)


def test_seven_measures_of_a_song_are_not() -> None:
    assert INDEX.repeats(after(UNKNOWN.cut(0, 5), JIG.cut(3, 10), UNKNOWN.cut(5, 8))) is None


def test_the_longest_repeat_is_told() -> None:
    piece = after(REEL.cut(0, 8), UNKNOWN.cut(0, 2), AIR.cut(2, 12), UNKNOWN.cut(2, 3), JIG.cut(0, 9))
    assert INDEX.repeats(piece) == Repeat("Air", first=10, measures=10)


def test_a_repeat_is_of_one_song_though_others_share_measures_of_it() -> None:
    medley = replace(after(UNKNOWN.cut(0, 4), JIG.cut(2, 10)), title="Medley")
    assert index_tunes([medley, JIG]).repeats(JIG) == Repeat("Jig", first=0, measures=12)


def test_a_song_that_repeats_itself_is_found_once_and_whole() -> None:
    twice = replace(after(JIG, JIG), title="Twice")
    assert index_tunes([twice]).repeats(twice) == Repeat("Twice", first=0, measures=24)


def test_the_same_pitches_in_another_rhythm_are_near_but_no_repeat() -> None:
    notes = JIG.notes.copy()
    notes["start"][1::2] += 1
    notes["length"][1::2] -= 1
    dotted = replace(JIG, notes=notes)
    assert INDEX.nearest(dotted) == ("Jig", 1.0)
    assert INDEX.repeats(dotted) is None


def test_each_window_of_a_piece_is_known_or_not() -> None:
    known = INDEX.knows_windows(after(JIG.cut(0, 9), UNKNOWN.cut(0, 2)))
    assert known.tolist() == [True, True, False, False]


def test_a_repeat_may_be_shorter_where_the_index_says_so() -> None:
    piece = after(UNKNOWN.cut(0, 5), JIG.cut(3, 7))
    assert index_tunes([JIG], measures=4).repeats(piece) == Repeat("Jig", first=5, measures=4)


def test_an_empty_index_knows_nothing() -> None:
    empty = index_tunes([])
    assert empty.nearest(JIG) is None
    assert empty.repeats(JIG) is None
    assert not empty.knows_windows(JIG).any()


def test_a_tune_of_twelve_measures_takes_400_bytes() -> None:
    arrays = [array for each in (INDEX.ngrams, INDEX.windows) for array in (each.hashes, each.owners)]
    assert sum(array.nbytes for array in arrays) < 3 * 400


def test_titles_and_postings_must_be_of_the_same_songs() -> None:
    with pytest.raises(ValueError, match="2 titles for 3 songs by n-grams"):
        TuneIndex(INDEX.titles[:2], INDEX.ngrams, INDEX.windows)
    with pytest.raises(ValueError, match="3 titles for 3 songs by n-grams and 0 by windows"):
        TuneIndex(INDEX.titles, INDEX.ngrams, gather_postings([], np.uint64))


def test_a_window_has_a_measure_or_more() -> None:
    with pytest.raises(ValueError, match="at least one measure, got 0"):
        index_tunes([], measures=0)
