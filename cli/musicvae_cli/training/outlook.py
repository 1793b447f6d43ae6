"""What a training may come to, said before it and early: nobody should wait for what cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musicvae.measures.data.store import MeasureStore

FEW_SONGS, FEW_MEASURES = 20, 200
COPIES = 0.2  # share of the songs from which on copies are no accident
HARD = 0.6  # onset F1 by the sketch alone below which there is much left to learn


def doubt_songs(store: MeasureStore) -> Iterator[str]:
    """Yield what is wrong with songs as a folder to learn from, and what to do."""
    different = store.different_songs()
    copies = store.songs - different
    if copies > COPIES * store.songs:
        yield (
            f"{copies:,} of {store.songs:,} songs are copies of others: a model that is scored on what it has"
            " learned looks better than it is, so leave them out"
        )
    measures = store.measures * different // max(1, store.songs)
    if different < FEW_SONGS or measures < FEW_MEASURES:
        yield (
            f"this is little music (songs: {different:,}, measures: {measures:,}): the model soon knows it by"
            f" heart; from {FEW_SONGS} songs and {FEW_MEASURES} measures on it learns what they share"
        )


def doubt_music(figures: Mapping[str, float]) -> str:
    """Return what to say where the first scores of songs that were not learned promise little."""
    onset_f1 = figures.get("onset_f1", math.nan)
    if not onset_f1 < HARD:
        return ""
    return (
        f"unseen songs come back at an onset F1 of only {onset_f1:.3f} so far: the songs are few, of many"
        " kinds, or too full for so short a training; give it more --minutes, or songs of one kind"
    )
