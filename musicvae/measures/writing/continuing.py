"""Ways to go on with some of the songs that are being written, by a measure that is known or drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch

from musicvae.core.categorical import Draw
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.writing.side_by_side import Continuation, HeardSongs, Writing
from musicvae.midi.songs.measure_notes import MeasureNotes

# How often a measure that may be refused is drawn side by side; and if all are refused, how often again.
DRAWN, REDRAWN = 3, 12


def hear_known(writing: Writing, known: Mapping[int, MeasureNotes]) -> dict[int, Continuation]:
    """Return how songs go on by measures that are known, one for each."""
    if not known:
        return {}
    heard = writing.select(list(known)).hear([[measure] for measure in known.values()]).writing
    return {song: Continuation(heard, row) for row, song in enumerate(known)}


def hear_through(
    writing: Writing, by_measure: Sequence[Sequence[MeasureNotes]], on_measure: Callable[[int], None]
) -> Writing:
    """Return songs after measures that are known, as many for each, telling how many are heard by then."""
    for heard in writing.hear_in_parts(by_measure):
        writing = heard.writing
        on_measure(writing.at)
    return writing


def hear_fitting(writing: Writing, by_measure: Sequence[Sequence[MeasureNotes]]) -> HeardSongs:
    """Return songs after measures that come from elsewhere, the first of each song fitted to what rings."""
    fitting = [[writing.fit(song, first), *later] for song, (first, *later) in enumerate(by_measure)]
    return writing.hear(fitting)


def draw_measures(
    writing: Writing, songs: Sequence[int], noisy: NoisyCodes, draw: Draw
) -> list[Continuation]:
    """Return how some songs go on by a drawn measure, one as often as it is named.

    Parameters
    ----------
    writing : Writing
    songs : sequence of int
    noisy : NoisyCodes
        A row for each that is named.
    draw : Draw
        For all songs of the writing.
    """
    if not songs:
        return []
    chosen = torch.tensor(songs, dtype=torch.long, device=writing.device)
    drawn = writing.select(songs).write(noisy, draw.of(chosen))
    return [Continuation(drawn, row) for row in range(len(songs))]


def draw_until_accepted(
    writing: Writing,
    songs: Sequence[int],
    draw: Draw,
    accepts: Callable[[int, MeasureNotes], bool],
    tell: Callable[[Sequence[int], Sequence[float]], NoisyCodes],
) -> dict[int, Continuation]:
    """Return how some songs go on by the first measure drawn that is accepted, else by the last one.

    Parameters
    ----------
    writing : Writing
    songs : sequence of int
    draw : Draw
        For all songs of the writing.
    accepts : callable
        Asked of a song and a measure drawn for it (see `DRAWN` and `REDRAWN`).
    tell : callable
        Asked for the codes of songs, each named once for each time that it is drawn, and told which share of
        its tries is gone by then.
    """
    chosen: dict[int, Continuation] = {}
    accepted: set[int] = set()
    for before, times in ((0, DRAWN), (DRAWN, REDRAWN)):
        often = [song for song in songs if song not in accepted for _ in range(times)]
        gone = [(before + row % times) / (DRAWN + REDRAWN) for row in range(len(often))]
        ways = draw_measures(writing, often, tell(often, gone), draw) if often else []
        for song, way in zip(often, ways, strict=True):
            if song not in accepted:
                chosen[song] = way
                if accepts(song, way.measure):
                    accepted.add(song)
    return chosen
