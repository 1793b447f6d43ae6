from __future__ import annotations

from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.notes import make_notes
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


def test_parts_that_are_the_same_are_one_and_others_come_beside_them() -> None:
    bass, flute, drums = Part("bass", 33), Part("flute", 73), Part("kit", is_drums=True)
    one = Song(
        make_notes([(0, 4, 40, 80, 0), (0, 4, 72, 80, 1), (4, 4, 74, 80, 2)]),
        (Meter(),),
        (bass, flute, flute),
    )
    other = Song(
        make_notes([(0, 4, 76, 80, 0), (0, 4, 36, 80, 1), (4, 4, 43, 80, 2)]),
        (Meter(),),
        (flute, drums, bass),
    )
    joined = join_songs([one, other])
    assert joined.parts == (bass, flute, flute, drums)
    assert joined.notes[["start", "pitch", "part"]].tolist() == [
        *((0, 40, 0), (0, 72, 1), (4, 74, 2)),
        *((16, 76, 1), (16, 36, 3), (20, 43, 0)),
    ]
