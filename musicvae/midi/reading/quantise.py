"""Lay a source on a grid: ticks become steps, meter changes become measures.

Conventions
-----------
- When notes begin and end is said by `musicvae.midi.reading.note_steps`: what was written stays as it is, and
  what was played by hand is put in order.
- A *grace note* has no length and stands at a note of its track that has one. It is left out: a step of
  its own would make it a second melody, and it is no part of the beat. Drums have no graces.
- Measures are cut by `musicvae.midi.reading.grid_measures`, which says how odd meters, pick-ups and very
  long measures are treated.
- The song begins where the file does, so that its measures are counted as a sequencer counts them, and
  ends with the measure in which the last note ends, or a later one if that is said.
- Nothing is dropped silently: notices say what was merged or moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError
from musicvae.midi.reading.grid_measures import MeterAt, lay_measures
from musicvae.midi.reading.note_steps import lay_notes
from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.songs.notes import NOTE, tidy_notes
from musicvae.midi.songs.notices import Notice, count_notices
from musicvae.midi.songs.song import Grid, Marker, Song, Tempo
from musicvae.midi.songs.source import Source, TempoChange, TextAt

MOST_PIECES = 5_000_000  # a file has 1.5 million notes at most, and few of any music cross a barline


class LaidSong(NamedTuple):
    """A song laid on a grid, what that changed, and where its steps lie in the file."""

    song: Song
    notices: tuple[Notice, ...]
    place: TickMap


def quantise(source: Source, grid: Grid, last_tick: int = 0) -> LaidSong:
    """Return the source as a song on the grid, with what that changed; its parts are the source's tracks.

    Parameters
    ----------
    source : Source
    grid : Grid
    last_tick : int
        Where the song ends, if that is after its last note.

    Raises
    ------
    SongError
        If there are no notes, more than 200,000 measures, or notes that are held through far too many.
    """
    if not len(source.notes):
        raise SongError("no notes: choose a song with at least one note")
    source, graces = part_graces(source)
    place = TickMap(source.ticks_per_beat, grid)
    start, end, moved, width = lay_notes(source, grid)
    steps = place.to_steps([change.tick for change in source.meters]).tolist()
    changes = [MeterAt(step, change.meter) for step, change in zip(steps, source.meters, strict=True)]
    first = None if source.is_barred else int(start.min())
    last = max(int(end.max()), int(place.to_steps([last_tick])[0]))
    measures = lay_measures(changes, first, last, grid)
    place = place._replace(begin=measures.begin, width=width)
    length = last - measures.begin
    tidy = tidy_notes(_make_notes(source, start - measures.begin, end - start))
    tempi = _place_tempi(source.tempi, place, length)
    markers = _place_markers(source.markers, place, length)
    song = Song(tidy, measures.meters, source.tracks, grid, tempi, markers, source.title)
    _check_held(song)
    counts = {
        "grace notes read, but not laid on the grid": len(graces),
        "notes of no length, given one step": int(
            np.count_nonzero(source.notes["start"] == source.notes["end"])
        ),
        "notes merged with one of their pitch on the same step": len(source.notes) - len(tidy),
    }
    return LaidSong(song, measures.notices + moved + count_notices(counts), place)


def _check_held(song: Song) -> None:
    """Refuse a song whose notes, cut at the barlines, would be far more than those of any music."""
    notes, starts = song.notes, song.measure_starts
    first = np.searchsorted(starts, notes["start"], side="right")
    last = np.searchsorted(starts, notes["start"] + notes["length"])
    pieces = int((last - first + 1).sum())
    if pieces > MOST_PIECES:
        raise SongError(
            f"its barlines cut its notes into {pieces:,} pieces: end the notes that are held for ever,"
            f" or split it into songs of {MOST_PIECES:,} or fewer"
        )


class Graces(NamedTuple):
    """A source without its grace notes, which have no place on a grid, and these."""

    timed: Source
    notes: np.ndarray


def part_graces(source: Source) -> Graces:
    """Return a source parted from its grace notes: those of no length where others of their track begin."""
    notes = source.notes
    graces: np.ndarray = notes["start"] == notes["end"]
    if graces.any():
        is_drums = np.array([track.is_drums for track in source.tracks], bool)
        place = notes["start"] * len(source.tracks) + notes["track"]
        graces = graces & ~is_drums[notes["track"]] & np.isin(place, place[~graces])
    return Graces(replace(source, notes=notes[~graces]), notes[graces])


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
