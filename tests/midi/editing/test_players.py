from __future__ import annotations

import numpy as np

from musicvae.midi.editing.file_notes import FileNote, TrackChannel
from musicvae.midi.editing.players import Played, choose_player, choose_velocity, find_players, take_around
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import SOURCE_NOTE, Source

LEFT, RIGHT = TrackChannel(1, 0), TrackChannel(2, 0)


def played(player: TrackChannel, *rows: tuple[int, int, int]) -> Played:
    """Return what somebody plays: (start, pitch, velocity) of each note."""
    return Played(player, *np.array(rows, np.int64).reshape(-1, 3).T)


def file_notes(player: TrackChannel, *onsets: tuple[int, int]) -> list[FileNote]:
    return [FileNote(player, pitch, 80, start, start + 10, 0, 0) for start, pitch in onsets]


def source_of(*tracks: list[tuple[int, int]]) -> Source:
    rows = [
        (start, start + 10, pitch, 80, n) for n, track in enumerate(tracks) for start, pitch in sorted(track)
    ]
    return Source(np.array(rows, SOURCE_NOTE), (Part("a"),) * len(tracks), 480)


def test_the_player_of_a_track_is_who_has_its_notes() -> None:
    notes = [*file_notes(LEFT, (0, 40), (10, 41)), *file_notes(RIGHT, (0, 60), (10, 61))]
    source = source_of([(0, 60), (10, 61)], [(0, 40), (10, 41)], [(5, 99)])
    assert find_players(source, notes) == (RIGHT, LEFT, None)


def test_tracks_that_say_the_same_stand_in_the_order_of_their_players() -> None:
    same = [(0, 60), (10, 61)]
    notes = [*file_notes(RIGHT, *same), *file_notes(LEFT, *same)]
    assert find_players(source_of(same, same), notes) == (LEFT, RIGHT)


def test_one_player_may_play_several_programs() -> None:
    notes = file_notes(LEFT, (0, 60), (10, 61))
    assert find_players(source_of([(0, 60)], [(10, 61)]), notes) == (LEFT, LEFT)


def test_a_note_goes_to_the_hand_whose_notes_lie_nearest() -> None:
    hands = [played(LEFT, (0, 40, 80), (4, 52, 80)), played(RIGHT, (0, 64, 80), (4, 76, 80))]
    assert [choose_player(hands, pitch, False).player for pitch in (30, 55, 60, 90)] == [
        LEFT,
        LEFT,
        RIGHT,
        RIGHT,
    ]


def test_a_drum_goes_to_whoever_strikes_it_most() -> None:
    kits = [played(LEFT, (0, 36, 80), (4, 42, 80)), played(RIGHT, (0, 38, 80), (4, 42, 80), (8, 42, 80))]
    assert [choose_player(kits, pitch, True).player for pitch in (36, 38, 42, 99)] == [
        LEFT,
        RIGHT,
        RIGHT,
        LEFT,
    ]


def test_new_notes_are_as_loud_as_the_players_and_drums_as_their_key() -> None:
    kit = played(LEFT, (0, 36, 100), (4, 42, 30), (8, 42, 40), (12, 42, 50))
    assert choose_velocity(kit, kit, 60, False) == 45
    assert [choose_velocity(kit, kit, pitch, True) for pitch in (36, 42, 99)] == [100, 40, 45]


def test_new_notes_are_as_soft_as_those_around_but_do_not_fade_out_with_them() -> None:
    song = played(LEFT, (0, 60, 90), (4, 60, 80), (8, 60, 50))
    assert choose_velocity(played(LEFT, (8, 60, 50)), song, 60, False) == 50
    assert choose_velocity(played(LEFT, (8, 60, 4)), song, 60, False) == 40


def test_what_is_played_around_counts_and_what_is_taken_out_does_not() -> None:
    hands = [played(LEFT, (0, 40, 1), (16, 41, 2), (32, 42, 3)), played(RIGHT, (0, 60, 1), (20, 61, 2))]
    [left] = take_around(hands, range(10, 48), range(16, 32))
    assert (left.player, left.pitch.tolist(), left.velocity.tolist()) == (LEFT, [42], [3])


def test_where_all_rest_the_whole_song_counts() -> None:
    hands = [played(LEFT, (0, 40, 1)), played(RIGHT, (0, 60, 1))]
    assert take_around(hands, range(100, 200), range(120, 140)) == hands
