from __future__ import annotations

import pytest

from musicvae.midi.editing.edit import Edit, Emptied, NewPlayer, edit_midi
from musicvae.midi.editing.file_notes import FileNote, TrackChannel, find_notes
from musicvae.midi.editing.midi_chunks import MidiFile, take_apart
from musicvae.midi.editing.note_room import NewNote
from musicvae.midi.editing.track_events import TrackEvents
from musicvae.midi.reading.smf.midi_bytes import lay_events, make_chunk, make_header, make_meta
from musicvae.midi.songs.song import Meter
from musicvae.midi.songs.source import MeterChange, TextAt
from musicvae.provenance import Provenance, bytes_to_provenance, is_untouched

Said = tuple[int, str]  # a tick and an event, in hexadecimal digits

FLUTE, PIANO = TrackChannel(1, 0), TrackChannel(1, 1)
TITLE = make_meta(0, 3, b"Air")[1:]
LYRIC = make_meta(0, 5, b"la")[1:]


def track(*events: tuple[int, bytes], end: int = 0) -> bytes:
    return make_chunk(b"MTrk", lay_events(events, max(end, events[-1][0] if events else 0)))


def on(tick: int, pitch: int = 60, velocity: int = 64, channel: int = 0) -> tuple[int, bytes]:
    return tick, bytes((0x90 | channel, pitch, velocity))


def off(tick: int, pitch: int = 60, channel: int = 0) -> tuple[int, bytes]:
    return tick, bytes((0x80 | channel, pitch, 0))


def file_of(*tracks: bytes, kind: int = 1) -> MidiFile:
    return take_apart(make_header(kind, len(tracks), 96) + b"".join(tracks))


def told(track: TrackEvents) -> list[Said]:
    return [(e.tick, f"{e.status:02x} {e.data.hex()}") for e in track.events]


def after(file: MidiFile, edit: Edit) -> list[list[Said]]:
    """Return what each track says after an edit."""
    return [told(track) for track in take_apart(edit_midi(file, edit)).tracks]


def new(start: int, end: int, pitch: int = 72, player: TrackChannel = FLUTE) -> NewNote:
    return NewNote(start, end, pitch, 80, player)


def emptied(*players: TrackChannel) -> Emptied:
    """Return a gap from tick 100 to tick 200."""
    return Emptied(frozenset(players or {FLUTE}), 100, 200, 200, 201, {})


CONDUCTOR = track((0, TITLE))


def test_an_edit_of_nothing_gives_the_same_bytes() -> None:
    data = make_header(1, 2, 96) + CONDUCTOR + track(on(0), off(96))
    assert edit_midi(take_apart(data), Edit()) == data


def test_new_notes_stand_among_what_was_there() -> None:
    file = file_of(CONDUCTOR, track(on(0), (50, LYRIC), off(96)))
    assert after(file, Edit([new(40, 60)]))[1] == [
        (0, "90 3c40"),
        (40, "90 4850"),
        (50, "ff 05026c61"),
        (60, "80 4800"),
        (96, "80 3c00"),
    ]


def test_a_note_that_is_struck_again_ends_first() -> None:
    file = file_of(CONDUCTOR, track(on(0, 72), off(96, 72)))
    assert after(file, Edit([new(96, 120), new(120, 130)]))[1] == [
        (0, "90 4840"),
        (96, "80 4800"),
        (96, "90 4850"),
        (120, "80 4800"),
        (120, "90 4850"),
        (130, "80 4800"),
    ]


def test_a_new_note_that_reaches_a_given_one_of_its_key_ends_before_it_begins() -> None:
    file = file_of(CONDUCTOR, track(on(96, 72), off(120, 72)))
    assert [event for _, event in after(file, Edit([new(50, 110)]))[1]][:3] == [
        "90 4850",
        "80 4800",
        "90 4840",
    ]


def test_emptied_measures_lose_the_notes_that_begin_there_and_nothing_else() -> None:
    bend, pedal = (150, b"\xe0\x00\x30"), (150, b"\xb0\x40\x7f")
    given = (on(0), off(90), on(100, 62), off(130, 62), bend, pedal, (160, LYRIC), on(200, 64), off(300, 64))
    [_, events] = after(file_of(CONDUCTOR, track(*given)), Edit(emptied=emptied()))
    stay = [each for each in given if each not in (on(100, 62), off(130, 62))]
    assert events == told(file_of(track(*stay)).tracks[0])


def test_a_note_is_taken_out_whatever_ends_it() -> None:
    by_velocity_0 = track(on(100), (130, b"\x90\x3c\x00"), on(200, 62), off(210, 62))
    assert len(after(file_of(CONDUCTOR, by_velocity_0), Edit(emptied=emptied()))[1]) == 2
    never = track(on(100), on(200, 62), off(210, 62))
    assert len(after(file_of(CONDUCTOR, never), Edit(emptied=emptied()))[1]) == 2


def test_of_notes_that_overlap_the_right_one_is_taken_out() -> None:
    given = track(on(90, velocity=11), on(110, velocity=22), off(120), off(140))
    assert after(file_of(CONDUCTOR, given), Edit(emptied=emptied()))[1] == [(90, "90 3c0b"), (120, "80 3c00")]


def test_other_tracks_and_channels_keep_their_notes() -> None:
    both = track(on(100), on(100, channel=1), off(130), off(130, channel=1))
    bass = track(on(100), off(130))
    data = edit_midi(file_of(CONDUCTOR, both, bass), Edit(emptied=emptied()))
    assert told(take_apart(data).tracks[1]) == [(100, "91 3c40"), (130, "81 3c00")]
    assert data.endswith(bass)


def test_a_note_that_sounded_past_emptied_measures_begins_at_their_end() -> None:
    file = file_of(CONDUCTOR, track(on(150, velocity=33), off(260)))
    assert after(file, Edit(emptied=emptied()))[1] == [(200, "90 3c21"), (260, "80 3c00")]


def test_a_new_note_that_reaches_the_barline_sounds_on_where_one_of_its_pitch_did() -> None:
    file = file_of(CONDUCTOR, track(on(150), off(260)))
    edit = Edit([new(180, 200, 60)], emptied=emptied())
    assert after(file, edit)[1] == [(180, "90 3c50"), (260, "80 3c00")]


def test_a_new_note_that_ends_before_the_barline_does_not() -> None:
    file = file_of(CONDUCTOR, track(on(150), off(260)))
    edit = Edit([new(170, 190, 60)], emptied=emptied())
    assert [tick for tick, _ in after(file, edit)[1]] == [170, 190, 200, 260]


def held(file: MidiFile) -> FileNote:
    return find_notes(file.tracks)[0]


@pytest.mark.parametrize("tick", [100, 120, 180])
def test_a_held_note_ends_where_it_is_told_to(tick: int) -> None:
    file = file_of(CONDUCTOR, track(on(0), off(150)))
    edit = Edit(emptied=emptied(), ends={held(file): tick})
    assert after(file, edit)[1] == [(0, "90 3c40"), (tick, "80 3c00")]


def test_a_note_held_throughout_ends_and_begins_anew_where_the_gap_ends() -> None:
    file = file_of(CONDUCTOR, track(on(0, velocity=33), off(260)))
    edit = Edit(emptied=emptied(), ends={held(file): 100})
    assert after(file, edit)[1] == [(0, "90 3c21"), (100, "80 3c00"), (200, "90 3c21"), (260, "80 3c00")]


def test_a_key_that_a_held_note_lets_go_can_be_struck_at_once() -> None:
    file = file_of(CONDUCTOR, track(on(0), off(150)))
    edit = Edit([new(100, 110, 60)], emptied=emptied(), ends={held(file): 100})
    assert [event for _, event in after(file, edit)[1]] == ["90 3c40", "80 3c00", "90 3c50", "80 3c00"]


def test_meters_and_markers_stand_in_the_first_track_and_tracks_end_with_the_new_measures() -> None:
    file = file_of(CONDUCTOR, track(on(0), off(96)), track(on(0), off(96)))
    edit = Edit([new(96, 120)], end=480, meters=[MeterChange(96, Meter(6, 8))], markers=[TextAt(96, "nëw")])
    changed = take_apart(edit_midi(file, edit))
    assert told(changed.tracks[0])[1:] == [(96, "ff 580406031808"), (96, "ff 06036eeb77")]
    assert [track.end for track in changed.tracks] == [480, 480, 96]


def test_the_provenance_is_the_first_event_and_seals_the_file() -> None:
    data = make_header(1, 2, 96) + CONDUCTOR + track(on(0), off(96))
    once = edit_midi(take_apart(data), Edit(), Provenance("musicvae continue a.mid", 1))
    twice = edit_midi(take_apart(once), Edit(), Provenance("musicvae infill b.mid", 2))
    for made, seed in ((once, 1), (twice, 2)):
        provenance = bytes_to_provenance(made)
        assert provenance is not None
        assert provenance.seed == seed
        assert is_untouched(made)
        assert take_apart(made).tracks[0].events[0].is_meta(1)
    assert told(take_apart(twice).tracks[0])[1] == told(take_apart(once).tracks[0])[0]  # the song given
    assert twice.endswith(track(on(0), off(96)))


def test_a_new_player_has_a_track_of_its_own() -> None:
    player = TrackChannel(2, 5)
    file = file_of(CONDUCTOR, track(on(0), off(96)))
    edit = Edit([new(96, 120, player=player)], [NewPlayer(player, "bass", 33, 96)], end=192)
    changed = take_apart(edit_midi(file, edit))
    assert changed.header.tracks == 3
    assert told(changed.tracks[2]) == [
        (0, "ff 030462617373"),
        (0, "c5 21"),
        (96, "95 4850"),
        (120, "85 4800"),
    ]
    assert changed.tracks[2].end == 192


def test_in_a_file_of_type_0_a_new_player_has_a_channel_of_its_own() -> None:
    player = TrackChannel(0, 5)
    file = file_of(track((0, TITLE), on(0), off(96)), kind=0)
    edit = Edit([new(96, 120, player=player)], [NewPlayer(player, "bass", 33, 96)], seam=96, end=192)
    changed = take_apart(edit_midi(file, edit))
    assert (changed.header.kind, changed.header.tracks) == (0, 1)
    assert told(changed.tracks[0])[-4:] == [
        (96, "80 3c00"),
        (96, "c5 21"),
        (96, "95 4850"),
        (120, "85 4800"),
    ]


def test_in_a_file_of_type_0_channels_are_emptied_one_by_one() -> None:
    player = TrackChannel(0, 0)
    file = file_of(track(on(100), on(100, channel=1), off(130), off(130, channel=1)), kind=0)
    assert after(file, Edit(emptied=emptied(player))) == [[(100, "91 3c40"), (130, "81 3c00")]]


def test_what_hangs_at_the_seam_is_ended_there() -> None:
    file = file_of(CONDUCTOR, track((0, b"\xb0\x40\x7f"), on(0), off(96)))
    events = after(file, Edit([new(96, 120)], seam=96, end=192))[1]
    assert events[3:] == [(96, "b0 4000"), (96, "90 4850"), (120, "80 4800")]


def test_a_meter_beyond_255_is_written_as_in_any_other_file() -> None:
    [conductor, _] = after(
        file_of(CONDUCTOR, track(on(0), off(96))), Edit(meters=[MeterChange(96, Meter(600, 8))])
    )
    assert conductor[-1] == (96, "ff 580496011808")
