from __future__ import annotations

import numpy as np
import pytest

from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.notes import NOTE, make_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

MELODY = (Part("melody"),)


def song_of(*rows: tuple[int, int, int, int, int]) -> Song:
    """Return one measure with these notes."""
    return Song(make_notes(rows), (Meter(),), MELODY)


def test_joined_songs_follow_each_other_under_their_titles() -> None:
    song = song_of((0, 4, 60, 80, 0))
    joined = join_songs([song, song], ["one", "two"])
    assert joined.notes["start"].tolist() == [0, 16]
    assert joined.markers == (Marker(0, "one"), Marker(16, "two"))


def test_joined_songs_can_be_cut_apart_again() -> None:
    first, second = song_of((0, 4, 60, 80, 0), (4, 12, 64, 80, 0)), song_of((8, 8, 67, 80, 0))
    joined = join_songs([first, second])
    assert [joined.cut(0, 1).notes.tolist(), joined.cut(1, 2).notes.tolist()] == [
        first.notes.tolist(),
        second.notes.tolist(),
    ]


def test_joining_says_a_tempo_only_where_it_changes() -> None:
    slow = Song(make_notes([(0, 1, 60, 80, 0)]), (Meter(),), MELODY, tempi=(Tempo(0, 60.0),))
    plain = song_of((0, 1, 60, 80, 0))
    assert join_songs([slow, slow, plain]).tempi == (Tempo(0, 60.0), Tempo(32, 120.0))


def test_songs_of_other_parts_are_not_joined() -> None:
    with pytest.raises(ValueError, match="same parts"):
        join_songs([song_of(), Song(np.empty(0, NOTE), (Meter(),), (Part("bass"),))])
