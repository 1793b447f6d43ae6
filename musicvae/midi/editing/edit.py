"""What is to become of a MIDI file, and the file that it becomes.

Conventions
-----------
Times are ticks of the file. Every event stays with its bytes and its tick, but for those of notes that are
taken out or end elsewhere. Tracks in which nothing changes stay byte for byte; the first one has what
concerns all: a text that says where the file comes from, markers, meters. A track ends where it did, or
later if it has to.

A key that is down cannot be struck again: of new notes and given ones of one pitch and channel no two
overlap, and the given ones come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from musicvae.midi.editing.file_notes import FileNote, TrackChannel
from musicvae.midi.editing.midi_chunks import MidiFile, put_together
from musicvae.midi.editing.note_room import KeyDown, NewNote, fit_notes
from musicvae.midi.editing.seam import settle
from musicvae.midi.editing.track_events import Rank, TrackChanges
from musicvae.midi.reading.smf.midi_bytes import make_meta
from musicvae.midi.reading.smf.midi_numbers import (
    MARKER,
    META,
    METER,
    NAME,
    NOTE_OFF,
    NOTE_ON,
    PROGRAM,
    TEXT,
)
from musicvae.midi.saving.meta_values import meter_to_bytes, text_to_bytes
from musicvae.midi.songs.source import MeterChange, TextAt
from musicvae.provenance import Provenance, provenance_to_text, seal


class NewPlayer(NamedTuple):
    """A track that the file has not, or in a file of one track a channel of it.

    Parameters
    ----------
    player : TrackChannel
        Its track is one after the file's last, but in a file of one track that one.
    name : str
    program : int
    tick : int
        Where it begins to play.
    """

    player: TrackChannel
    name: str
    program: int
    tick: int


class Emptied(NamedTuple):
    """Measures that lose their notes.

    Parameters
    ----------
    players : frozenset of TrackChannel
        Whose notes go; all others stay.
    first, after : int
        Ticks from and up to which a note must begin to belong to the measures: players hurry and drag.
    barline : int
        Tick at which they end. What sounded past it begins there anew.
    sounding : int
        A note that ends at this tick or later sounds past the barline.
    graces : mapping of FileNote to int
        Grace notes, which belong where they are written: at the note that follows them.
    spared : frozenset of FileNote
        Notes of the players that stay.
    """

    players: frozenset[TrackChannel]
    first: int
    after: int
    barline: int
    sounding: int
    graces: Mapping[FileNote, int]
    spared: frozenset[FileNote] = frozenset()

    def has(self, note: FileNote) -> bool:
        """Say whether a note is taken out."""
        if note.player not in self.players or note in self.spared:
            return False
        return self.first <= self.graces.get(note, note.start) < self.after

    def is_outlasted_by(self, note: FileNote) -> bool:
        """Say whether a note that began before the measures' end sounds past it."""
        return note.end is not None and note.end >= self.sounding


@dataclass(frozen=True)
class Edit:
    """What is to become of a MIDI file.

    Parameters
    ----------
    notes : sequence of NewNote
    players : sequence of NewPlayer
        Those of new notes that the file has not.
    emptied : Emptied, optional
    ends : mapping of FileNote to int
        Given notes that end at another tick, in the measures emptied or at their beginning.
    seam : int, optional
        Tick from which new measures follow the song: see `seam`.
    end : int
        Tick up to which the file lasts at least.
    meters : sequence of MeterChange
        What the file says of meters between the seam and the end goes.
    markers : sequence of TextAt
    """

    notes: Sequence[NewNote] = ()
    players: Sequence[NewPlayer] = ()
    emptied: Emptied | None = None
    ends: Mapping[FileNote, int] = field(default_factory=dict)
    seam: int | None = None
    end: int = 0
    meters: Sequence[MeterChange] = ()
    markers: Sequence[TextAt] = ()


def edit_midi(file: MidiFile, edit: Edit, provenance: Provenance | None = None) -> bytes:
    """Return the bytes of a file after an edit; the same edit gives the same bytes.

    Parameters
    ----------
    file : MidiFile
    edit : Edit
    provenance : Provenance, optional
        How it came about: it stands before one that the file had, which tells of the song given.
    """
    tracks = 1 + max([len(file.tracks) - 1, *(each.player.track for each in edit.players)])
    changes = [TrackChanges() for _ in range(tracks)]
    if provenance:
        _add_meta(changes[0], Rank.FIRST, 0, TEXT, provenance_to_text(provenance).encode("ascii"))
    _add_heading(changes[0], edit)
    _add_players(changes, file, edit.players)
    tails = _take_out(file, edit, changes)
    notes = fit_notes(edit.notes, _keep_sounding(file.notes, edit))
    _add_notes(notes, tails, edit, changes)
    if edit.seam is not None:
        _drop_meters(file, range(edit.seam + 1, edit.end), changes)
        settle(file, (edit.seam, edit.end), dict.fromkeys(n.player for n in notes), changes)
    return seal(put_together(file, changes))


def _add_heading(first: TrackChanges, edit: Edit) -> None:
    """Add what concerns all tracks to the first one."""
    first.end = edit.end
    for tick, meter in edit.meters:
        _add_meta(first, Rank.STATE, tick, METER, meter_to_bytes(meter))
    for tick, text in edit.markers:
        _add_meta(first, Rank.STATE, tick, MARKER, text_to_bytes(text))


def _drop_meters(file: MidiFile, stretch: range, changes: Sequence[TrackChanges]) -> None:
    """Leave out the meters that a file says in some ticks, where new measures have their own."""
    for track, own in zip(file.tracks, changes, strict=False):
        said = enumerate(track.events)
        own.dropped |= {number for number, event in said if event.is_meta(METER) and event.tick in stretch}


def _add_players(changes: Sequence[TrackChanges], file: MidiFile, players: Sequence[NewPlayer]) -> None:
    for player, name, program, tick in players:
        track, is_new = changes[player.track], player.track >= len(file.tracks)
        if is_new:
            _add_meta(track, Rank.FIRST, 0, NAME, text_to_bytes(name))
        track.add(Rank.STATE, 0 if is_new else tick, PROGRAM | player.channel, bytes((program,)))


def _add_meta(track: TrackChanges, rank: Rank, tick: int, kind: int, payload: bytes) -> None:
    track.add(rank, tick, META, make_meta(0, kind, payload)[2:])  # without delta and status


_Key = tuple[TrackChannel, int]  # a player and a pitch


def _take_out(file: MidiFile, edit: Edit, changes: Sequence[TrackChanges]) -> dict[_Key, FileNote]:
    """Take notes out or end them elsewhere, and return those that are to begin anew at the barline."""
    tails: dict[_Key, FileNote] = {}
    for note in file.notes:
        track = changes[note.player.track]
        if edit.emptied and edit.emptied.has(note):
            track.dropped.add(note.on)
            if edit.emptied.is_outlasted_by(note):
                tails[note.player, note.pitch] = note
            elif note.off is not None:
                track.dropped.add(note.off)
        elif note in edit.ends and note.off is not None:
            tick = edit.ends[note]
            if edit.emptied and edit.emptied.is_outlasted_by(note):
                tails[note.player, note.pitch] = note
                track.add(Rank.END, tick, NOTE_OFF | note.player.channel, bytes((note.pitch, 0)))
            else:
                track.move(note.off, file.tracks[note.player.track].events[note.off], Rank.END, tick)
    return tails


def _keep_sounding(given: Sequence[FileNote], edit: Edit) -> Iterator[KeyDown]:
    """Yield what sounds of the given notes after the edit."""
    emptied = edit.emptied
    for note in given:
        if note.end is None:
            continue
        goes = emptied is not None and emptied.has(note)
        if not goes:
            yield KeyDown(note.player.channel, note.pitch, note.start, edit.ends.get(note, note.end))
        if emptied and (goes or note in edit.ends) and emptied.is_outlasted_by(note):
            yield KeyDown(note.player.channel, note.pitch, emptied.barline, note.end)


def _add_notes(
    notes: Sequence[NewNote], tails: dict[_Key, FileNote], edit: Edit, changes: Sequence[TrackChanges]
) -> None:
    """Add new notes; one that reaches the barline sounds on where what sounded past it had its pitch."""
    barline = edit.emptied.barline if edit.emptied else None
    for note in notes:
        track, channel = changes[note.player.track], note.player.channel
        track.end = max(track.end, edit.end)
        track.add(Rank.ONSET, note.start, NOTE_ON | channel, bytes((note.pitch, note.velocity)))
        if note.end != barline or not tails.pop((note.player, note.pitch), None):
            track.add(Rank.END, note.end, NOTE_OFF | channel, bytes((note.pitch, 0)))
    for (player, pitch), tail in tails.items():
        begin = bytes((pitch, tail.velocity))
        changes[player.track].add(Rank.ONSET, barline or tail.start, NOTE_ON | player.channel, begin)
