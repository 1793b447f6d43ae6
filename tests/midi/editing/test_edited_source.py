from __future__ import annotations

from pathlib import Path

import numpy as np

from musicvae.midi.editing.edit import Edit, edit_midi
from musicvae.midi.editing.edited_source import read_edited
from musicvae.midi.editing.given_file import open_given
from musicvae.midi.editing.song_edit import make_edit
from musicvae.midi.songs.song import Grid

TUNE = 'X:1\nT:Песня\nC:Глинка\nM:2/4\nL:1/4\nK:D dor\nV:1 name="Сопрано"\nDE|FG|\nw: бе-ла-я ночь\n'


def test_a_score_with_new_measures_keeps_its_words_in_any_alphabet() -> None:
    given = open_given(Path("song.abc"), TUNE.encode(), Grid(4), "melody")
    song = given.song
    piece = type(song)(song.notes[:2], song.meters, song.parts, song.grid)
    edited = read_edited(edit_midi(given.file, make_edit(given, piece, 1, 2)), given.source)
    assert (edited.title, edited.composer) == ("Песня", "Глинка")
    assert (edited.key, edited.tracks[0].name) == ("D dorian", "Сопрано")
    assert [lyric.text for lyric in edited.lyrics] == ["бе-", "ла-", "я", "ночь"]
    assert len(edited.notes) == 2


def test_words_that_latin_1_has_side_by_side_are_kept_too() -> None:
    score = 'X:1\nM:2/4\nL:1/4\nK:C\nV:1 name="Öö"\nDE|FG|\nw: Åå Öö Řřř Åå\n'
    given = open_given(Path("song.abc"), score.encode(), Grid(4), "melody")
    edited = read_edited(edit_midi(given.file, Edit()), given.source)
    assert edited.tracks[0].name == "Öö"
    assert [lyric.text for lyric in edited.lyrics] == ["Åå", "Öö", "Řřř", "Åå"]


def test_a_midi_file_says_after_an_edit_of_nothing_what_it_said(suite: bytes) -> None:
    given = open_given(Path("suite.mid"), suite, Grid(4), "band")
    edited, source = read_edited(edit_midi(given.file, Edit()), given.source), given.source
    assert np.array_equal(edited.notes, source.notes)
    assert (edited.tracks, edited.lyrics) == (source.tracks, source.lyrics)


def test_voices_whose_names_midi_cannot_tell_apart_keep_their_names_and_words() -> None:
    voices = 'V:1 name="Сопрано"\nDE|FG|\nw: бе-ла-я ночь\nV:2 name="Баритон"\nFG|AB|\nw: ту-ма-н дым\n'
    score = "X:1\nM:2/4\nL:1/4\nK:C\n" + voices
    given = open_given(Path("song.abc"), score.encode(), Grid(4), "melody")
    edited = read_edited(edit_midi(given.file, Edit()), given.source)
    assert [part.name for part in edited.tracks] == ["Сопрано", "Баритон"]
    assert edited.lyrics == given.source.lyrics
    assert edited.is_barred
