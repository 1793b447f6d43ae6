"""Lay a source on a grid: ticks become steps, meter changes become measures.

Conventions
-----------
- A note begins at the nearest step, ends at the nearest step, and lasts one step or more.
- A *grace note* has no length and stands at a note of its track that has one. It is left out: a step of
  its own would make it a second melody, and it is no part of the beat. Drums have no graces.
- Measures are cut by `musicvae.midi.reading.grid_measures`, which says how odd meters, pick-ups and very
  long measures are treated.
- The song begins where the file does, so that its measures are counted as a sequencer counts them, and
  ends with the measure in which the last note ends.
- Nothing is dropped silently: notices say what was merged or moved.
- A *pulse* of k a beat has the strength mean(cos(2 pi k onset)), onsets in beats: 1 when every
  onset falls on it, about 0 when onsets fall anywhere. `off_grid` is 1 minus the strongest pulse
  among the grid's steps and their multiples down to one a beat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.reading.grid_measures import MeterAt, lay_measures
from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.songs.notes import NOTE, tidy_notes
from musicvae.midi.songs.notices import Notice, count_notices
from musicvae.midi.songs.song import Grid, Marker, Song, Tempo
from musicvae.midi.songs.source import Source, TempoChange, TextAt

SIXTEENTHS = Grid(4)
TRIPLETS = Grid(12)

FREE_TIMING = 0.85
_ENOUGH_NOTES = 100


class LaidSong(NamedTuple):
    """A song laid on a grid, what that changed, and where its steps lie in the file."""

    song: Song
    notices: tuple[Notice, ...]
    place: TickMap


class GridChoice(NamedTuple):
    """A grid, and in a short sentence why."""

    grid: Grid
    why: str


def quantise(source: Source, grid: Grid) -> LaidSong:
    """Return the source as a song on the grid, with what that changed; its parts are the source's tracks.

    Raises
    ------
    SongError
        If there are no notes, or more than 200,000 measures.
    """
    if not len(source.notes):
        raise SongError("no notes: choose a song with at least one note")
    graces = find_graces(source)
    source = replace(source, notes=source.notes[~graces])
    place = TickMap(source.ticks_per_beat, grid)
    start = place.to_steps(source.notes["start"])
    end = np.maximum(place.to_steps(source.notes["end"]), start + 1)
    steps = place.to_steps([change.tick for change in source.meters]).tolist()
    changes = [MeterAt(step, change.meter) for step, change in zip(steps, source.meters, strict=True)]
    first = None if source.is_barred else int(start.min())
    measures = lay_measures(changes, first, int(end.max()), grid)
    place = place._replace(begin=measures.begin)
    length = int(end.max()) - measures.begin
    tidy = tidy_notes(_make_notes(source, start - measures.begin, end - start))
    tempi = _place_tempi(source.tempi, place, length)
    markers = _place_markers(source.markers, place, length)
    song = Song(tidy, measures.meters, source.tracks, grid, tempi, markers, source.title)
    counts = {
        "grace notes read, but not laid on the grid": int(np.count_nonzero(graces)),
        "notes of no length, given one step": int(
            np.count_nonzero(source.notes["start"] == source.notes["end"])
        ),
        "notes merged with one of their pitch on the same step": len(source.notes) - len(tidy),
    }
    return LaidSong(song, measures.notices + count_notices(counts), place)


def off_grid(source: Source, grid: Grid) -> float:
    """Return how far the onsets lie off the grid: 0 all on it, about 1 anywhere.

    It stays low for music that was played by hand to a click.
    """
    divisors = [k for k in range(1, grid.steps_per_beat + 1) if grid.steps_per_beat % k == 0]
    return min(1.0, max(0.0, 1 - float(_pulses(_beats([source]), divisors).max())))


def is_free(source: Source) -> bool:
    """Say whether this seems a performance recorded without a click, whose beats mean nothing.

    That is: 100 notes or more, and `off_grid` on 12 steps per beat is `FREE_TIMING` or more. Fewer
    notes cannot tell, and are not said to be free.
    """
    return len(source.notes) >= _ENOUGH_NOTES and off_grid(source, TRIPLETS) >= FREE_TIMING


def choose_grid(sources: Sequence[Source]) -> GridChoice:
    """Return 4 steps per beat, or 12 where triplets need it.

    They do when most of the onsets that lie on no sixteenth lie on triplets, or (in music played by
    hand) when the onsets pulse with triplets rather than with sixteenths.
    """
    beats = _beats(sources)
    sixteenths, triplets = (_share_on(beats, grid) for grid in (SIXTEENTHS, TRIPLETS))
    if 1 - sixteenths >= 0.03 and triplets - sixteenths >= 0.75 * (1 - sixteenths):
        shares = f"{sixteenths:.0%} of the onsets are on sixteenths, {triplets:.0%} on sixteenths or triplets"
        return GridChoice(TRIPLETS, f"12 steps per beat: {shares}")
    in_four, in_three, in_six = _pulses(beats, [4, 3, 6]).tolist()
    in_three = max(in_three, in_six)
    pulses = (
        f"{sixteenths:.0%} of the onsets are on sixteenths (pulse {in_four:.2f}, of triplets {in_three:.2f})"
    )
    if in_three > in_four + 0.1:
        return GridChoice(TRIPLETS, f"12 steps per beat: {pulses}")
    return GridChoice(SIXTEENTHS, f"4 steps per beat: {pulses}")


def _beats(sources: Sequence[Source]) -> np.ndarray:
    """Onsets of all sources in beats, shape (notes,)."""
    onsets = [source.notes["start"] / source.ticks_per_beat for source in sources]
    return np.concatenate([np.empty(0), *onsets])


def _pulses(beats: np.ndarray, per_beat: Sequence[int]) -> np.ndarray:
    """Strength of the pulses of so many a beat, each -1 to 1, shape (pulses,)."""
    if not len(beats):
        return np.ones(len(per_beat))
    return np.array([np.cos(2 * np.pi * k * beats).sum() for k in per_beat]) / len(beats)


def _share_on(beats: np.ndarray, grid: Grid) -> float:
    """Share of onsets within 1/96 of a beat of a step."""
    steps = beats * grid.steps_per_beat
    on = np.abs(steps - np.rint(steps)) <= grid.steps_per_beat / 96
    return float(on.mean()) if len(on) else 1.0


def find_graces(source: Source) -> np.ndarray:
    """Say which notes are grace notes, bool (notes,)."""
    notes = source.notes
    empty: np.ndarray = notes["start"] == notes["end"]
    if not empty.any():
        return empty
    is_drums = np.array([track.is_drums for track in source.tracks], bool)
    place = notes["start"] * len(source.tracks) + notes["track"]
    graces: np.ndarray = empty & ~is_drums[notes["track"]] & np.isin(place, place[~empty])
    return graces


def _make_notes(source: Source, start: np.ndarray, length: np.ndarray) -> np.ndarray:
    notes = np.empty(len(source.notes), NOTE)
    notes["start"], notes["length"] = start, length
    notes["pitch"], notes["part"] = source.notes["pitch"], source.notes["track"]
    notes["velocity"] = np.clip(source.notes["velocity"], 1, 127)
    return notes


def _place_tempi(tempi: Sequence[TempoChange], place: TickMap, end: int) -> tuple[Tempo, ...]:
    """Tempi before the end: of several on one step the last, and none that changes nothing."""
    placed: dict[int, float] = {}
    steps = place.to_steps([tempo.tick for tempo in tempi])
    for step, tempo in zip(steps.tolist(), tempi, strict=True):
        if step < end:
            placed[max(0, step)] = tempo.bpm
    changes = [Tempo(step, bpm) for step, bpm in sorted(placed.items())]
    before = [None, *(tempo.bpm for tempo in changes)]
    return tuple(tempo for tempo, last in zip(changes, before, strict=False) if tempo.bpm != last)


def _place_markers(markers: Sequence[TextAt], place: TickMap, end: int) -> tuple[Marker, ...]:
    """Return the markers from the song's first step to its last."""
    steps = place.to_steps([marker.tick for marker in markers]).tolist()
    return tuple(
        Marker(step, marker.text) for step, marker in zip(steps, markers, strict=True) if 0 <= step < end
    )
