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

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from musicvae.midi.editing.file_notes import FileNote, TrackChannel
from musicvae.midi.editing.given_file import GivenFile
from musicvae.midi.reading.note_steps import lay_notes
from musicvae.midi.reading.quantise import part_graces
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


def find_new(given: GivenFile, piece: Song, stretch: range, parts: Sequence[int]) -> MadeNotes:
    """Return what is new in a stretch of a piece.

    Parameters
    ----------
    given : GivenFile
    piece : Song
        The given song with new measures.
    stretch : range
        Steps of these: from the song's end on, or within it.
    parts : sequence of int
        Those that are new there.
    """
    begins = (piece.notes["start"] >= stretch.start) & (piece.notes["start"] < stretch.stop)
    notes = _take(piece, begins & np.isin(piece.notes["part"], parts), stretch.stop)
    ends: dict[FileNote, int] = {}
    held, was_held = (_find_held(song, stretch, parts) for song in (piece, given.song))
    in_file = _find_in_file(given, held | was_held)
    for key in held | was_held:
        laid, now, before = in_file.get(key), held.get(key), was_held.get(key)
        if laid and laid.note.end is not None and laid.steps.stop > stretch.start:
            until = now.end if now else stretch.start
            if before and until != before.end:
                ends[laid.note] = until
        elif now:
            notes.append(now._replace(start=stretch.start, player=laid.note.player if laid else None))
    return MadeNotes(notes, ends)


def find_spared(given: GivenFile, parts: Sequence[int]) -> frozenset[FileNote]:
    """Return the notes of other parts that those play who play some parts: they stay where these are new."""
    own = {each.player for part in parts for each in given.played[part]}
    theirs = {each.player for part, played in enumerate(given.played) if part not in parts for each in played}
    if not own & theirs:
        return frozenset()
    notes = given.song.notes
    is_own = np.isin(notes["part"], parts)
    spared = set(notes[~is_own][["start", "pitch"]].tolist())
    spared -= set(notes[is_own][["start", "pitch"]].tolist())
    return frozenset(laid.note for laid in _lay_file(given) if (laid.steps.start, laid.note.pitch) in spared)


def _find_held(song: Song, stretch: range, parts: Sequence[int]) -> dict[_Key, MadeNote]:
    """Return the notes of some parts that sound over the barline where a stretch begins."""
    start, end = song.notes["start"], song.notes["start"] + song.notes["length"]
    over = (start < stretch.start) & (end > stretch.start) & np.isin(song.notes["part"], parts)
    held = _take(song, over, stretch.stop)
    return {(note.start, note.pitch, note.part): note for note in held}


def _take(song: Song, chosen: np.ndarray, stop: int) -> list[MadeNote]:
    """Return some notes of a song, up to a barline."""
    return [
        MadeNote(start, min(start + length, stop), pitch, velocity, part)
        for start, length, pitch, velocity, part in song.notes[chosen].tolist()
    ]


class _LaidNote(NamedTuple):
    """A note of the file, and the steps on which it was laid."""

    note: FileNote
    steps: range


def _lay_file(given: GivenFile) -> Iterator[_LaidNote]:
    """Yield the notes of the file as they were laid, but for grace notes, which no song has."""
    source, begin = part_graces(given.source).timed, given.place.begin  # just as `quantise` laid it
    notes, laid = source.notes, lay_notes(source, given.place.grid)
    spans = map(range, (laid.start - begin).tolist(), (laid.end - begin).tolist())
    at: defaultdict[tuple[int, int], list[tuple[int, range]]] = defaultdict(list)
    for (start, end, pitch), span in zip(notes[["start", "end", "pitch"]].tolist(), spans, strict=True):
        at[start, pitch].append((end, span))
    for note in given.file.notes:
        unison, end = at.get((note.start, note.pitch)), note.end or note.start
        if unison and note not in given.file.graces:
            yield _LaidNote(note, min(unison, key=lambda one: abs(one[0] - end))[1])


def _find_in_file(given: GivenFile, keys: Iterable[_Key]) -> dict[_Key, _LaidNote]:
    """Return the notes of the file that some notes of its song come from: the longest of each unison."""
    parts: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for start, pitch, part in keys:
        parts[start, pitch].append(part)
    players = [{each.player for each in played} for played in given.played]
    found: dict[_Key, _LaidNote] = {}
    for laid in sorted(_lay_file(given), key=lambda laid: -laid.steps.stop):
        start, pitch = laid.steps.start, laid.note.pitch
        for part in parts.get((start, pitch), ()):
            if laid.note.player in players[part]:
                found.setdefault((start, pitch, part), laid)
    return found
