from __future__ import annotations

import numpy as np
import pytest

from musicvae.midi.reading.score_file import parse_score, parse_tune
from musicvae.midi.saving.source_musicxml import source_to_musicxml
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import SOURCE_NOTE, Lyric, Source

TUNE = """X:1
T:Words
C:Anon. & others
M:3/4
L:1/8
Q:1/4=100
K:Em
E2|"Em"G2 (3ABc B/A/G|e6|]
w:A glo-ri-ous thing it is to say.
"""


def test_a_tune_is_the_same_as_musicxml() -> None:
    tune = parse_tune(TUNE)
    again = parse_score(source_to_musicxml(tune).data, "musicxml")[0]
    assert again.notes[["start", "end", "pitch", "track"]].tolist() == (
        tune.notes[["start", "end", "pitch", "track"]].tolist()
    )
    for what in ("title", "composer", "key", "meters", "tempi"):
        assert getattr(again, what) == getattr(tune, what) != ""
    assert [lyric.text for lyric in again.lyrics] == [
        "A",
        "glo-",
        "ri-",
        "ous",
        "thing",
        "it",
        "is",
        "to",
        "say.",
    ]
    assert again.lyrics == tune.lyrics


def again(source: Source) -> Source:
    return parse_score(source_to_musicxml(source).data, "musicxml")[0]


def test_what_was_played_comes_to_sixteenths_and_triplets_and_that_is_told() -> None:
    notes = np.array([(3, 470, 60, 80, 0), (480, 960, 62, 80, 0)], SOURCE_NOTE)
    source = Source(notes, (Part("a"),), 480)
    read = again(source)
    assert (read.notes["start"] / read.ticks_per_beat).tolist() == [0, 1]
    moved = Notice("notes moved to the nearest step", 1)
    assert source_to_musicxml(source).notices == (moved,)


def test_words_titles_and_modes_of_any_language_are_kept() -> None:
    tune = parse_tune("X:1\nT:Песня\nM:4/4\nL:1/4\nK:D dor\nDEFG|\nw: бе-ла-я ночь\n")
    read = again(tune)
    assert (read.title, read.key) == ("Песня", "D dorian")
    assert [lyric.text for lyric in read.lyrics] == ["бе-", "ла-", "я", "ночь"]


RIGHT_HAND, LEFT_HAND = (0, 960, 72, 80, 0), (480, 960, 48, 80, 0)


def sung(*lyrics: Lyric) -> Source:
    """Return what a piano with two hands sings."""
    return Source(np.array([RIGHT_HAND, LEFT_HAND], SOURCE_NOTE), (Part("Piano"),), 480, lyrics=lyrics)


def test_words_of_any_voice_and_staff_are_kept() -> None:
    read = again(sung(Lyric(0, "high-", 0), Lyric(480, "er", 0)))
    assert [(lyric.tick / read.ticks_per_beat, lyric.text) for lyric in read.lyrics] == [
        (0, "high-"),
        (1, "er"),
    ]


def test_voices_that_sing_at_once_keep_their_words() -> None:
    notes = np.array([(0, 480, 72, 80, 0), (0, 960, 60, 80, 0), (480, 960, 71, 80, 0)], SOURCE_NOTE)
    words = (Lyric(0, "O-", 0), Lyric(0, "A-", 0), Lyric(480, "men", 0))
    read = again(Source(notes, (Part("Voices"),), 480, lyrics=words))
    assert [lyric.text for lyric in read.lyrics] == ["O-", "A-", "men"]


@pytest.mark.parametrize(
    "lost", [Lyric(0, "low", 0), Lyric(240, "late", 0), Lyric(0, "nobody's", -1)], ids=str
)
def test_a_syllable_without_a_note_is_told(lost: Lyric) -> None:
    told = source_to_musicxml(sung(Lyric(0, "high", 0), lost)).notices
    assert told == (Notice("syllables left out, which have no note of their own", 1),)


def test_changes_of_key_and_grace_notes_are_kept() -> None:
    tune = parse_tune("X:1\nM:2/4\nL:1/4\nK:C\n{de}CD|[K:G]{g}FF|]\n")
    read = again(tune)
    assert [key for _, key in read.keys] == [key for _, key in tune.keys] == ["C major", "G major"]
    assert placed(read) == placed(tune)
    assert source_to_musicxml(tune).notices == ()


def test_notes_of_a_score_that_no_usual_grid_holds_stay_where_they_are() -> None:
    tune = parse_tune("X:1\nM:4/4\nL:1/4\nK:C\n(7:4:7c/d/e/f/g/a/b/ (5:2:5e/f/g/a/b/ c|]\n")
    assert placed(again(tune)) == placed(tune)
    assert source_to_musicxml(tune).notices == ()


def placed(source: Source) -> list[tuple[float, float, int]]:
    """Return starts and ends in beats, and pitches."""
    notes = source.notes[["start", "end", "pitch"]].tolist()
    return [
        (start / source.ticks_per_beat, end / source.ticks_per_beat, pitch) for start, end, pitch in notes
    ]
