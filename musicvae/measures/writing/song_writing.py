"""Codes -> songs: the one way in which songs are written, for songs of any length.

Songs are written in groups of like length, those of a group side by side, measure after measure. How the next
measure of each comes about is a `Step`: its code is said, or whatever else those who compose make of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple, Protocol

import torch

from musicvae.core.categorical import Draw
from musicvae.core.training.precision import bf16_is_faster_here
from musicvae.core.training.threads import one_thread
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.data.song_batch import SongOutline, group_by_length
from musicvae.measures.network.model import MeasureVAE, device_of
from musicvae.measures.writing.side_by_side import Writing, begin_writing
from musicvae.midi.songs.song import Song

MANY_SONGS = 64
# Songs are written side by side up to this many measures, padding included: it bounds the memory.
MEASURES_AT_ONCE = 2048


class Step(Protocol):
    """How the next measures of songs come about."""

    def __call__(self, writing: Writing, noisy: NoisyCodes) -> Writing:
        """Return the songs with their next measures, given codes as for `Writing.write`."""

    def of(self, songs: Sequence[int]) -> Step:
        """Return how those of some of the songs do, the others being written to their ends."""


class _Say(NamedTuple):
    """Measures are said by their codes alone."""

    draw: Draw

    def __call__(self, writing: Writing, noisy: NoisyCodes) -> Writing:
        return writing.write(noisy, self.draw)

    def of(self, songs: Sequence[int]) -> _Say:
        return _Say(self.draw.of(torch.tensor(songs)))


def decode_songs(
    model: MeasureVAE, outlines: Sequence[SongOutline], noisy: Sequence[NoisyCodes], draw: Draw
) -> list[Song]:
    """Return the songs that codes stand for, each measure written from its code.

    Parameters
    ----------
    model : MeasureVAE
    outlines : sequence of SongOutline
        One for each song.
    noisy : sequence of NoisyCodes
        For each song, of shapes (N, Z) and (N,).
    draw : Draw
        For all songs.
    """

    def write(chosen: list[int], on_measure: Callable[[int], None]) -> list[Song]:
        table = pad_codes(model, [noisy[index] for index in chosen])
        writing = begin_writing(model, [outlines[index] for index in chosen])
        return go_on(writing, table, _Say(draw).of(chosen), on_measure)

    return write_in_groups(model, [len(outline.meters) for outline in outlines], write)


def write_in_groups(
    model: MeasureVAE,
    measures: Sequence[int],
    write: Callable[[list[int], Callable[[int], None]], list[Song]],
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
    most_songs: int | None = None,
) -> list[Song]:
    """Return songs of so many measures each, written in groups.

    Parameters
    ----------
    model : MeasureVAE
    measures : sequence of int
        Of each song.
    write : callable
        Writes some of the songs, and tells how many measures of them are written whenever there are more.
    on_progress : callable
        Told the measures written so far and in all; those of songs written side by side count once.
    most_songs : int, optional
        Of a group.
    """
    songs: dict[int, Song] = {}
    for chosen, on_measure in group_songs(measures, on_progress, most_songs):
        with torch.inference_mode(), pace(model, len(chosen)):
            songs.update(zip(chosen, write(chosen, on_measure), strict=True))
    return [songs[index] for index in range(len(measures))]


def group_songs(
    measures: Sequence[int], on_progress: Callable[[int, int], None], most_songs: int | None = None
) -> Iterator[tuple[list[int], Callable[[int], None]]]:
    """Yield the numbers of songs in groups of like length, and what to tell how far each group is.

    Arguments are those of `write_in_groups`.
    """
    groups = []
    for group in group_by_length(measures, MEASURES_AT_ONCE):
        most = most_songs or len(group)
        groups += [group[first : first + most] for first in range(0, len(group), most)]
    done, total = 0, sum(measures[chosen[-1]] for chosen in groups)  # the last is the longest
    for chosen in groups:
        yield chosen, partial(_count_on, on_progress, done, total)
        done += measures[chosen[-1]]


def _count_on(on_progress: Callable[[int, int], None], done: int, total: int, measures: int) -> None:
    on_progress(done + measures, total)


def go_on(
    writing: Writing, noisy: NoisyCodes, step: Step, on_measure: Callable[[int], None] = lambda measures: None
) -> list[Song]:
    """Return songs with all their measures written, given their codes (songs, N, Z).

    A decoder that does not hear the song writes each measure by itself, and so all of them in one step.
    """
    if not writing.model.decoder.hears_song:
        writing = step(writing, NoisyCodes(noisy.code.flatten(0, 1), noisy.freedom.flatten()))
        on_measure(writing.at)
    written, left = dict[int, Song](), list(range(len(writing.outlines)))  # the numbers of songs
    while True:
        going = [row for row, outline in enumerate(writing.outlines) if len(outline.meters) > writing.at]
        if len(going) < len(left):  # those at their end are written no further
            ended = [row for row in range(len(left)) if row not in going]
            written.update(zip((left[row] for row in ended), writing.select(ended).songs(), strict=True))
            if not going:
                return [written[song] for song in range(len(written))]
            left = [left[row] for row in going]
            writing, noisy, step = writing.select(going), noisy.of(going), step.of(going)
        told = NoisyCodes(noisy.code[:, writing.at], noisy.freedom[:, writing.at])
        writing = step(writing, told)
        on_measure(writing.at)


def pad_codes(model: MeasureVAE, noisy: Sequence[NoisyCodes]) -> NoisyCodes:
    """Return the codes of songs as one table (songs, N, Z), with none after the end of a shorter one."""
    songs, measures, device = len(noisy), max(len(own.freedom) for own in noisy), device_of(model)
    code = torch.zeros(songs, measures, model.config.code_size, device=device)
    freedom = torch.ones(songs, measures, device=device)
    for row, own in enumerate(noisy):
        code[row, : len(own.code)], freedom[row, : len(own.freedom)] = own.code, own.freedom
    return NoisyCodes(code, freedom)


@contextmanager
def pace(model: MeasureVAE, songs: int) -> Iterator[None]:
    """Set threads and precision for writing this many songs at once.

    Many: in bf16, where that is faster. Few: by one thread.
    """
    if songs < MANY_SONGS:
        with one_thread():
            yield
        return
    in_half = device_of(model).type == "cpu" and bf16_is_faster_here(one_size=False)
    with torch.autocast("cpu", torch.bfloat16, enabled=in_half):
        yield
