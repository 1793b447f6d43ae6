"""The new notes of a song's measures, and what becomes of given notes that sound into them.

Conventions
-----------
Times are steps of the song. New is what begins in the new measures. A note that is held into them sounds on
for as long as it does there, where the file let it sound past the barline; where the file ended it, it is
struck again at the barline, since given notes stay. In measures written anew a note that is not held any
more ends at the barline; one that the model did not hold before, such as those below the line that it took,
sounds as it did.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from musicvae.midi.editing.file_notes import FileNote, TrackChannel
from musicvae.midi.editing.given_file import GivenFile
from musicvae.midi.reading.note_steps import lay_notes
from musicvae.midi.songs.song import Song


class MadeNote(NamedTuple):
    """A new note of a part; its player is known where it goes on with a given note."""

    start: int
    end: int
    pitch: int
    velocity: int
    part: int
    player: TrackChannel | None = None


class MadeNotes(NamedTuple):
    """New notes, and the steps at which given ones end now."""

    notes: list[MadeNote]
    ends: dict[FileNote, int]


_Key = tuple[int, int, int]  # start, pitch and part of a note


def find_new(given: GivenFile, piece: Song, stretch: range) -> MadeNotes:
    """Return what is new in a stretch of a piece.

    Parameters
    ----------
    given : GivenFile
    piece : Song
        The given song with new measures.
    stretch : range
        Steps of these: from the song's end on, or within it.
    """
    begins = (piece.notes["start"] >= stretch.start) & (piece.notes["start"] < stretch.stop)
    notes = _take(piece, begins, stretch.stop)
    ends: dict[FileNote, int] = {}
    held, was_held = _find_held(piece, stretch), _find_held(given.song, stretch)
    spans = _lay_source(given)
    in_file = _find_in_file(given, spans, held | was_held)
    for key in held | was_held:
        note, now, before = in_file.get(key), held.get(key), was_held.get(key)
        if note and note.end is not None and spans[note.start, note.pitch].stop > stretch.start:
            until = now.end if now else stretch.start
            if before and until != before.end:
                ends[note] = until
        elif now:
            notes.append(now._replace(start=stretch.start, player=note.player if note else None))
    return MadeNotes(notes, ends)


def _find_held(song: Song, stretch: range) -> dict[_Key, MadeNote]:
    """Return the notes that sound over the barline where a stretch begins."""
    ends = song.notes["start"] + song.notes["length"]
    held = _take(song, (song.notes["start"] < stretch.start) & (ends > stretch.start), stretch.stop)
    return {(note.start, note.pitch, note.part): note for note in held}


def _take(song: Song, chosen: np.ndarray, stop: int) -> list[MadeNote]:
    """Return some notes of a song, up to a barline."""
    return [
        MadeNote(start, min(start + length, stop), pitch, velocity, part)
        for start, length, pitch, velocity, part in song.notes[chosen].tolist()
    ]


_Spans = dict[tuple[int, int], range]  # steps by the tick and the pitch of notes


def _lay_source(given: GivenFile) -> _Spans:
    """Return from which step to which each note of the source was laid."""
    notes, laid = given.source.notes, lay_notes(given.source, given.place.grid)
    begin = given.place.begin
    spans = zip(*((steps - begin).tolist() for steps in (laid.start, laid.end)), strict=True)
    places = notes[["start", "pitch"]].tolist()
    return {place: range(*span) for place, span in zip(places, spans, strict=True)}


def _find_in_file(given: GivenFile, spans: _Spans, keys: Iterable[_Key]) -> dict[_Key, FileNote]:
    """Return the notes of the file that some notes of its song come from."""
    wanted = {(start, pitch) for start, pitch, _ in keys}
    found: dict[tuple[int, int, TrackChannel], FileNote] = {}
    for note in given.file.notes:
        span = spans.get((note.start, note.pitch))
        is_grace = note in given.file.graces  # which no song has
        if span and not is_grace and (span.start, note.pitch) in wanted:
            found.setdefault((span.start, note.pitch, note.player), note)
    return {
        (start, pitch, part): found[start, pitch, each.player]
        for start, pitch, part in keys
        for each in given.played[part]
        if (start, pitch, each.player) in found
    }
