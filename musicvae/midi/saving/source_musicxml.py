"""What a file says, as MusicXML: on the coarsest grid that moves nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.midi.reading.note_steps import MOVED
from musicvae.midi.reading.quantise import part_graces, quantise
from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.saving.notation.annotations import Annotations
from musicvae.midi.saving.notation.musicxml import song_to_musicxml
from musicvae.midi.songs.notices import Notice, count_notices
from musicvae.midi.songs.song import FINE_GRID, MOST_STEPS, Grid, Song
from musicvae.midi.songs.source import Lyric, Source

_GRIDS = (4, 8, 12, 16, 24, 48, 60, 84, 96)  # steps a beat


class WrittenScore(NamedTuple):
    """A MusicXML file, and what was moved or left out on the way to it."""

    data: bytes
    notices: tuple[Notice, ...] = ()


def source_to_musicxml(source: Source) -> WrittenScore:
    """Return the MusicXML file of a source, with its composer, key signatures, words and grace notes.

    Of a score no note is moved. Music on no grid is laid on the fine one, as `note_steps` says. Other music
    shows a pick-up as it is: a first measure that is short needs no silence before it.

    Raises
    ------
    SongError
        If there are no notes.
    """
    grid, (timed, graces) = _choose_grid(source), part_graces(source)
    off = _count_off(timed, grid)
    song, notices, place = quantise(replace(timed, is_barred=source.is_barred or not off), grid)
    words = _gather_words(place, source.lyrics)
    lost = count_notices(
        {MOVED: off, "syllables left out, which have no note of their own": _count_unsung(words, song)}
    )
    annotations = Annotations(
        {int(place.to_steps([tick])[0]): key for tick, key in source.keys},
        words,
        _gather_graces(place, graces),
        source.composer,
    )
    told = (notice for notice in notices if notice.what != MOVED)  # which counts against this grid
    return WrittenScore(song_to_musicxml(song, annotations), (*lost, *told))


def _gather_words(place: TickMap, lyrics: Sequence[Lyric]) -> dict[int, dict[int, list[str]]]:
    """Return the syllables of tracks by their steps: what several voices sing at once, once."""
    gathered: defaultdict[int, dict[int, list[str]]] = defaultdict(dict)
    steps = place.to_steps([lyric.tick for lyric in lyrics]).tolist()
    for step, (_, text, track) in zip(steps, lyrics, strict=True):
        at_once = gathered[track].setdefault(step, [])
        if text not in at_once:
            at_once.append(text)
    return gathered


def _count_unsung(words: Mapping[int, Mapping[int, Sequence[str]]], song: Song) -> int:
    """Return how many syllables have no note: each takes notes of one length that begin at its step."""
    struck = Counter(
        (part, step) for part, step, _ in np.unique(song.notes[["part", "start", "length"]]).tolist()
    )
    placed = ((track, step, len(texts)) for track, said in words.items() for step, texts in said.items())
    return sum(max(0, texts - struck[track, step]) for track, step, texts in placed)


def _gather_graces(place: TickMap, graces: np.ndarray) -> dict[int, dict[int, list[int]]]:
    """Return the pitches of grace notes by track and step."""
    gathered: defaultdict[int, dict[int, list[int]]] = defaultdict(dict)
    steps = place.to_steps(graces["start"]).tolist()
    for step, track, pitch in zip(steps, graces["track"].tolist(), graces["pitch"].tolist(), strict=True):
        gathered[track].setdefault(step, []).append(pitch)
    return gathered


def _choose_grid(source: Source) -> Grid:
    """Return the coarsest grid on which nothing moves; of played notes one on which they come near."""
    if source.is_barred:
        times = np.concatenate([source.notes["start"], source.notes["end"]])
        exact = source.ticks_per_beat // int(np.gcd.reduce(times, initial=source.ticks_per_beat))
        if exact <= MOST_STEPS:
            return Grid(exact)
    grids = map(Grid, _GRIDS)
    return next((grid for grid in grids if not _count_off(source, grid)), FINE_GRID)


def _count_off(source: Source, grid: Grid) -> int:
    """Return how many notes begin or end between steps of a grid."""
    start, end = (source.notes[time] * grid.steps_per_beat for time in ("start", "end"))
    return int(np.count_nonzero((start % source.ticks_per_beat != 0) | (end % source.ticks_per_beat != 0)))
