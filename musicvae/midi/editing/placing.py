"""Where the notes of new measures go: to a track and channel, at ticks, and how loud.

Conventions
-----------
A part that nobody in the file plays gets a new track with a free channel, or, in a file of one track, a free
channel of that. Where no channel is free, its notes go to whoever plays near them in other parts.
"""

from __future__ import annotations

from collections.abc import Sequence

from musicvae.midi.editing.edit import NewPlayer
from musicvae.midi.editing.file_notes import TrackChannel
from musicvae.midi.editing.given_file import GivenFile
from musicvae.midi.editing.new_notes import MadeNote
from musicvae.midi.editing.note_room import NewNote
from musicvae.midi.editing.players import AROUND, Played, choose_player, choose_velocity, take_around
from musicvae.midi.songs.instruments import DRUM_CHANNEL, PITCHED_CHANNELS
from musicvae.midi.songs.song import Song


class Placing:
    """Places new notes, one after another.

    Parameters
    ----------
    given : GivenFile
    piece : Song
        Its song with new measures.
    first, after : int
        These measures: from `first` up to `after`, which is not among them.
    """

    def __init__(self, given: GivenFile, piece: Song, first: int, after: int) -> None:
        starts = piece.measure_starts.tolist()
        nearby = range(starts[max(0, first - AROUND)], starts[min(piece.measures, after + AROUND)])
        new = range(starts[first], starts[after])
        self.given, self.parts = given, piece.parts
        self.played = [take_around(played, nearby, new) for played in given.played]
        self._everywhere = {each.player: each for played in given.played for each in played}
        self.new_players: dict[int, NewPlayer] = {}  # of each part that needs one
        self._free = _free_channels(given)

    def place(self, note: MadeNote) -> NewNote:
        """Return a note as the file is to have it; those of a part are given in order of their onsets."""
        is_drums, velocity = self.parts[note.part].is_drums, note.velocity
        start, end = (max(0, self.given.place.to_tick(step)) for step in (note.start, note.end))
        if note.player:
            player = note.player
        elif played := self.played[note.part] or self._stand_ins(note.part):
            chosen = choose_player(played, note.pitch, is_drums)
            player, velocity = (
                chosen.player,
                choose_velocity(chosen, self._everywhere[chosen.player], note.pitch, is_drums),
            )
        else:
            player = self._new_player(note.part, start)
        return NewNote(start, end, note.pitch, velocity, player)

    def _stand_ins(self, part: int) -> Sequence[Played]:
        """Return who plays a part for which there is no channel any more."""
        if part in self.new_players or self._free or self.parts[part].is_drums:
            return ()
        parts = zip(self.parts, self.played, strict=True)
        return [each for other, played in parts if not other.is_drums for each in played]

    def _new_player(self, part: int, tick: int) -> TrackChannel:
        """Return who plays a part that nobody in the file plays."""
        if part not in self.new_players:
            file, own = self.given.file, self.parts[part]
            channel = DRUM_CHANNEL if own.is_drums else next(iter(self._free), 0)
            self._free = [free for free in self._free if free != channel]
            track = 0 if file.has_one_track else len(file.tracks) + len(self.new_players)
            self.new_players[part] = NewPlayer(TrackChannel(track, channel), own.name, own.program, tick)
        return self.new_players[part].player


def _free_channels(given: GivenFile) -> list[int]:
    """Return the channels that no event of a file concerns, but for that of the drums."""
    events = (event for track in given.file.tracks for event in track.events)
    taken = {event.channel for event in events if event.is_of_channel}
    return [channel for channel in PITCHED_CHANNELS if channel not in taken]
