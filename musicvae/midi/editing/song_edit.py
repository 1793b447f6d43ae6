"""A song with new measures, as an edit of the file that it was given as.

Conventions
-----------
New notes stand on the grid, given ones stay where they are. In measures written anew all those lose their
notes who gave any to the model's parts, and nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from musicvae.midi.editing.edit import Edit, Emptied
from musicvae.midi.editing.given_file import GivenFile
from musicvae.midi.editing.new_notes import find_new
from musicvae.midi.editing.placing import Placing
from musicvae.midi.reading.grid_measures import COMMON, UNKNOWN
from musicvae.midi.songs.song import Meter, Song
from musicvae.midi.songs.source import MeterChange, TextAt


def make_edit(given: GivenFile, piece: Song, first: int, after: int) -> Edit:
    """Return what makes of a given file the file of a piece.

    Parameters
    ----------
    given : GivenFile
    piece : Song
        Its song with new measures: after its last one, or in place of some.
    first, after : int
        These measures, counted from 0: from `first` up to `after`, which is not among them.
    """
    place = given.place
    begin, end = (int(piece.measure_starts[measure]) for measure in (first, after))
    found = find_new(given, piece, range(begin, end))
    placing = Placing(given, piece, first, after)
    notes = [placing.place(note) for note in sorted(found.notes)]
    follows = first >= given.song.measures
    markers = [TextAt(max(0, place.to_tick(begin)), "new")]
    if after < piece.measures:
        markers.append(TextAt(place.to_tick(end), "given"))
    return Edit(
        notes=[note for note in notes if note.end > note.start],
        players=tuple(placing.new_players.values()),
        emptied=None if follows else _empty(given, begin, end),
        ends={note: place.to_tick(step) for note, step in found.ends.items()},
        seam=place.to_tick(begin) if follows else None,
        end=place.to_tick(end) if follows else 0,
        meters=list(_new_meters(given, piece, first, after)) if follows else (),
        markers=markers,
    )


def _empty(given: GivenFile, begin: int, end: int) -> Emptied:
    place = given.place
    return Emptied(
        players=given.players,
        first=place.first_tick(begin),
        after=place.first_tick(end),
        barline=place.to_tick(end),
        sounding=place.first_tick(end + 1),
    )


def _new_meters(given: GivenFile, piece: Song, first: int, after: int) -> Iterator[MeterChange]:
    """Yield the meters of new measures where they are others than those in force."""
    ticks = [given.place.to_tick(step) for step in piece.measure_starts[first:after].tolist()]
    now = _meter_at(given.meters, ticks[0])
    for tick, meter in zip(ticks, piece.meters[first:after], strict=True):
        if meter != now:
            yield MeterChange(tick, meter)
        now = meter


def _meter_at(said: Sequence[MeterChange], tick: int) -> Meter:
    """Return the meter in force at a tick, as `grid_measures` reads it."""
    if all(meter == UNKNOWN for _, meter in said):
        return COMMON
    return [COMMON, *(meter for when, meter in said if when <= tick)][-1]
