from __future__ import annotations

import math

from musicvae.evaluate.music.memorisation import Copies, count_copies
from musicvae.midi.likeness.tune_index import index_tunes
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song


def song(*pitches: int) -> Song:
    """Return one whole note a measure."""
    rows = make_notes((16 * index, 16, pitch, 80, 0) for index, pitch in enumerate(pitches))
    return Song(rows, (Meter(),) * len(pitches), (Part("melody"),), Grid(4))


KNOWN = song(60, 62, 64, 65)
INDEX = index_tunes([KNOWN], measures=3)


def test_what_was_learned_from_is_memorised_in_every_key() -> None:
    assert count_copies([KNOWN, song(67, 69, 71, 72)], INDEX).share == 1


def test_the_share_is_of_all_windows_of_all_songs() -> None:
    # Of the windows of three: 1 of 3, 0 of 1.
    copies = count_copies([song(60, 62, 64, 60, 50), song(60, 50, 60)], INDEX)
    assert copies == Copies(known=1, windows=4, share=1 / 4)


def test_songs_without_windows_say_nothing() -> None:
    assert math.isnan(count_copies([song(60, 62)], INDEX).share)
    assert math.isnan(count_copies([], INDEX).share)
