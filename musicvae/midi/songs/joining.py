"""Songs one after another as one song; `Song.cut` takes them apart again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from musicvae.midi.songs.song import DEFAULT_BPM, Marker, Part, Song, Tempo


def join_songs(songs: Sequence[Song], titles: Sequence[str] = ()) -> Song:
    """Return the songs one after another, each with its title as a marker where it begins.

    Parameters
    ----------
    songs : sequence of Song
        One or more, of one grid. Parts that are the same in several are one part of the whole.
    titles : sequence of str
        A marker for each song; none are written when it is empty.

    Raises
    ------
    ValueError
        If there is no song, or grids differ.
    """
    if not songs:
        raise ValueError("no songs to join")
    if any(song.grid != songs[0].grid for song in songs):
        raise ValueError("only songs of one grid can be joined")
    parts, numbers = _join_parts([song.parts for song in songs])
    notes, tempi, markers, begin = [], [], [], 0
    for index, song in enumerate(songs):
        moved = song.notes.copy()
        moved["start"] += begin
        moved["part"] = numbers[index][moved["part"]]
        notes.append(moved)
        own_tempi = song.tempi or (Tempo(0, DEFAULT_BPM),)
        tempi += [Tempo(begin + step, bpm) for step, bpm in own_tempi]
        if titles:
            markers.append(Marker(begin, titles[index]))
        markers += [Marker(begin + step, text) for step, text in song.markers]
        begin += song.steps
    changes = tempi[:1] + [now for before, now in pairwise(tempi) if before.bpm != now.bpm]
    return replace(
        songs[0],
        parts=parts,
        notes=np.concatenate(notes),
        meters=tuple(meter for song in songs for meter in song.meters),
        tempi=tuple(changes),
        markers=tuple(markers),
    )


def _join_parts(songs: Sequence[tuple[Part, ...]]) -> tuple[tuple[Part, ...], list[np.ndarray]]:
    """Return the parts of songs as those of one, and which of these each song's are.

    Parts that are the same in two songs are one; of several such in a song the first is the first, and so on.
    """
    known: dict[tuple[Part, int], int] = {}
    numbers = []
    for parts in songs:
        seen: Counter[Part] = Counter()
        own = []
        for part in parts:
            own.append(known.setdefault((part, seen[part]), len(known)))
            seen[part] += 1
        numbers.append(np.array(own, np.int16))
    return tuple(part for part, _ in known), numbers
