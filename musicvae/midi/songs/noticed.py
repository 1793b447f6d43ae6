"""A song on its way from a file, and what is to be told of that way."""

from __future__ import annotations

from typing import NamedTuple

from musicvae.midi.songs.song import Song


class NoticedSong(NamedTuple):
    """A song, and in short phrases what was guessed, moved or left out when it was made."""

    song: Song
    notices: tuple[str, ...] = ()
