"""A song with new measures, as an edit of the file that it was given as.

Conventions
-----------
New notes stand on the grid, given ones stay where they are. In measures written anew all those lose their
notes who gave any to the parts that are new, and nobody else; if they gave some to other parts, these stay. A
grace note belongs to the note to which it leads.
"""

from __future__ import annotations

from collections.abc import Sequence

from musicvae.midi.editing.edit import Edit, Emptied
from musicvae.midi.editing.file_notes import FileNote
from musicvae.midi.editing.given_file import GivenFile
from musicvae.midi.editing.new_notes import find_new, find_spared
from musicvae.midi.editing.placing import Placing
from musicvae.midi.reading.grid_measures import COMMON, UNKNOWN
from musicvae.midi.songs.song import Meter, Song
from musicvae.midi.songs.source import MeterChange, TextAt


def make_edit(
    given: GivenFile, piece: Song, first: int, after: int, parts: Sequence[int] | None = None
) -> Edit:
    """Return what makes of a given file the file of a piece.

    Parameters
    ----------
    given : GivenFile
    piece : Song
        Its song with new measures: after its last one, or in place of some.
    first, after : int
        These measures, counted from 0: from `first` up to `after`, which is not among them.
    parts : sequence of int, optional
        Those that are new there; all if left out.
    """
    place, parts = given.place, range(len(piece.parts)) if parts is None else parts
    begin, end = (int(piece.measure_starts[measure]) for measure in (first, after))
    found = find_new(given, piece, range(begin, end), parts)
    placing = Placing(given, piece, first, after)
    in_order = sorted(found.notes, key=lambda note: (note.part, note.start))  # so do new tracks come
    notes = [placing.place(note) for note in in_order]
    follows = first >= given.song.measures
    emptied = None if follows else _empty(given, begin, end, parts)
    return Edit(
        notes=[note for note in notes if note.end > note.start],
        players=tuple(placing.new_players.values()),
        emptied=emptied,
        ends=_let_out(given, emptied) | {note: place.to_tick(step) for note, step in found.ends.items()},
        seam=place.to_tick(begin) if follows else None,
        end=place.to_tick(end) if follows else 0,
        meters=_new_meters(given, piece, first, after) if follows else (),
        markers=_mark(given, piece, first, after),
    )


def _mark(given: GivenFile, piece: Song, first: int, after: int) -> list[TextAt]:
    """Return what tells new measures from given ones, if there are both."""
    begin, end = (given.place.to_tick(int(piece.measure_starts[measure])) for measure in (first, after))
    markers = [TextAt(max(0, begin), "new"), TextAt(end, "given")]
    if after == piece.measures:
        return markers[:1] if first else []
    return markers


def _empty(given: GivenFile, begin: int, end: int, parts: Sequence[int]) -> Emptied:
    place = given.place
    return Emptied(
        players=frozenset(each.player for part in parts for each in given.played[part]),
        first=place.first_tick(begin),
        after=place.first_tick(end),
        barline=place.to_tick(end),
        sounding=place.first_tick(end + place.width),
        graces=given.file.graces,
        spared=find_spared(given, parts),
    )


def _let_out(given: GivenFile, emptied: Emptied | None) -> dict[FileNote, int]:
    """Return where notes end again that were cut for grace notes of their key which are gone."""
    graces = given.file.graces
    gone = {(g.player, g.pitch, g.start): tick for g, tick in graces.items() if emptied and emptied.has(g)}
    ends = {note: gone.get((note.player, note.pitch, note.end or 0), 0) for note in given.file.notes}
    return {note: tick for note, tick in ends.items() if tick and note not in graces}


def _new_meters(given: GivenFile, piece: Song, first: int, after: int) -> list[MeterChange]:
    """Return the meters of new measures where they are not in force, and what holds after them again."""
    place, said = given.place, given.source.meters
    seam, *ticks, end = [place.to_tick(step) for step in piece.measure_starts[first : after + 1].tolist()]
    now = _meter_at(said, seam)
    changes: list[MeterChange] = []
    for tick, meter in zip((seam, *ticks), piece.meters[first:after], strict=True):
        if meter != now:
            changes.append(MeterChange(tick, meter))
        now = meter
    goes_on = max(track.end for track in given.file.tracks) > end
    later = _meter_at(said, end)
    if goes_on and later != now and end not in [tick for tick, _ in said]:
        changes.append(MeterChange(end, later))
    if changes and _is_unknown(said):  # which it is only as long as nothing else is said
        changes[:0] = [MeterChange(tick, COMMON) for tick, _ in said if tick <= seam]
    return changes


def _meter_at(said: Sequence[MeterChange], tick: int) -> Meter:
    """Return the meter in force at a tick, as `grid_measures` reads it."""
    if _is_unknown(said):
        return COMMON
    return [COMMON, *(meter for when, meter in said if when <= tick)][-1]


def _is_unknown(said: Sequence[MeterChange]) -> bool:
    return all(meter == UNKNOWN for _, meter in said)
