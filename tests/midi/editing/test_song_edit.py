from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest

from musicvae.midi.editing.edit import edit_midi
from musicvae.midi.editing.file_notes import FileNote, TrackChannel, find_notes
from musicvae.midi.editing.given_file import GivenFile, open_given
from musicvae.midi.editing.midi_chunks import take_apart
from musicvae.midi.editing.song_edit import make_edit
from musicvae.midi.reading.smf.midi_bytes import lay_events, make_chunk, make_header, make_meta
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import FINE_GRID, Grid, Meter, Song

Timed = tuple[int, mido.Message]
EventsOf = Callable[[bytes], list[list[Timed]]]
Row = tuple[int, int, int, int, int]  # start, length, pitch, velocity, part

MEASURE = 8  # steps of 2/4
TICKS = 960  # of a measure of the suite
DRUMS, BASS, CHORDS, MELODY = range(4)


@pytest.fixture
def band(suite: bytes) -> GivenFile:
    return open_given(Path("suite.mid"), suite, Grid(4), "band")


def longer(song: Song, rows: Sequence[Row], meters: Sequence[Meter] = (Meter(2, 4), Meter(2, 4))) -> Song:
    """Return a song with measures after it, whose notes are counted from their beginning."""
    new = make_notes((song.steps + start, *rest) for start, *rest in rows)
    return replace(song, notes=np.concatenate([song.notes, new]), meters=(*song.meters, *meters))


def filled(song: Song, first: int, after: int, rows: Sequence[Row]) -> Song:
    """Return a song with other notes in some measures, counted from their beginning; none are held."""
    begin, end = first * MEASURE, after * MEASURE
    starts, ends = song.notes["start"], song.notes["start"] + song.notes["length"]
    kept = song.notes[(starts < begin) | (starts >= end)].copy()
    crossing = (kept["start"] < begin) & (kept["start"] + kept["length"] > begin)
    kept["length"][crossing] = begin - kept["start"][crossing]
    tails = song.notes[(starts < end) & (ends > end) & (starts >= begin)].copy()
    tails["length"] = tails["start"] + tails["length"] - end
    tails["start"] = end
    new = make_notes((begin + start, *rest) for start, *rest in rows)
    return replace(song, notes=np.concatenate([kept, tails, new]))


def sounding(song: Song, chosen: np.ndarray | slice = slice(None)) -> set[tuple[int, int]]:
    """Return the onsets and pitches of some notes of a song."""
    return set(song.notes[chosen][["start", "pitch"]].tolist())


def continued(given: GivenFile, rows: Sequence[Row], *meters: Meter) -> bytes:
    piece = longer(given.song, rows, meters or (Meter(2, 4), Meter(2, 4)))
    return edit_midi(given.file, make_edit(given, piece, given.song.measures, piece.measures))


def notes_from(data: bytes, tick: int) -> list[FileNote]:
    return [note for note in find_notes(take_apart(data).tracks) if note.start >= tick]


def test_all_that_was_there_is_there_and_new_notes_are_played_after_it(
    band: GivenFile, suite: bytes, events_of: EventsOf
) -> None:
    rows = [(0, 2, 36, 80, DRUMS), (4, 4, 34, 80, BASS), (0, 4, 66, 80, CHORDS), (8, 2, 74, 80, MELODY)]
    data = continued(band, rows)
    for before, now in zip(events_of(suite), events_of(data), strict=True):
        assert [event for event in now if event in before] == before
        assert all(tick >= 8 * TICKS for tick, _ in now[len(before) :])
    played = [(note.player.track, note.start - 8 * TICKS, note.pitch) for note in notes_from(data, 8 * TICKS)]
    assert played == [(1, 960, 74), (2, 0, 66), (4, 480, 34), (6, 0, 36)]


def test_a_tracks_without_new_notes_stays_byte_for_byte(band: GivenFile, suite: bytes) -> None:
    before, after = take_apart(suite).chunks, take_apart(continued(band, [(0, 2, 74, 80, MELODY)])).chunks
    changed = [number for number, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert changed == [0, 1]  # the conductor's and the flute's


def test_chords_go_to_the_hand_that_is_near_and_are_as_loud_as_it(band: GivenFile) -> None:
    rows = [(0, 4, pitch, 1, CHORDS) for pitch in (40, 60, 68)]
    notes = notes_from(continued(band, rows), 8 * TICKS)
    assert [(note.player.track, note.pitch, note.velocity) for note in notes] == [
        (2, 68, 80),
        (3, 40, 55),
        (5, 60, 70),
    ]


def test_drums_are_as_loud_as_their_key(band: GivenFile) -> None:
    rows = [(0, 1, 36, 1, DRUMS), (2, 1, 42, 1, DRUMS), (4, 1, 38, 1, DRUMS)]
    notes = notes_from(continued(band, rows), 8 * TICKS)
    assert [(note.pitch, note.velocity) for note in notes] == [(36, 60), (42, 78), (38, 78)]


def test_the_file_lasts_as_long_as_the_new_measures(band: GivenFile) -> None:
    changed = take_apart(continued(band, [(0, 2, 74, 80, MELODY)]))
    assert (changed.tracks[0].end, changed.tracks[1].end) == (10 * TICKS, 10 * TICKS)


def test_meters_are_said_where_they_change(band: GivenFile, events_of: EventsOf) -> None:
    def meters(*asked: Meter) -> list[tuple[int, int]]:
        first = events_of(continued(band, [(0, 2, 74, 80, MELODY)], *asked))[0]
        return [(tick // TICKS, m.numerator) for tick, m in first if m.type == "time_signature"][1:]

    assert meters(Meter(2, 4), Meter(2, 4)) == []
    assert meters(Meter(3, 4), Meter(3, 4)) == [(8, 3)]
    assert meters(Meter(2, 4), Meter(3, 4)) == [(9, 3)]


def test_markers_show_where_new_measures_begin_and_given_ones_go_on(
    band: GivenFile, events_of: EventsOf
) -> None:
    def markers(data: bytes) -> list[tuple[int, str]]:
        return [(tick // TICKS, m.text) for tick, m in events_of(data)[0] if m.type == "marker"]

    assert markers(continued(band, [])) == [(0, "A"), (8, "new")]
    piece = filled(band.song, 2, 4, [])
    assert markers(edit_midi(band.file, make_edit(band, piece, 2, 4))) == [(0, "A"), (2, "new"), (4, "given")]
    assert markers(edit_midi(band.file, make_edit(band, piece, 6, 8))) == [(0, "A"), (6, "new")]


def test_where_some_parts_are_new_all_others_stay(band: GivenFile, suite: bytes, events_of: EventsOf) -> None:
    piece = filled(band.song, 2, 4, [(0, 8, 80, 80, MELODY), (0, 8, 30, 80, BASS)])
    data = edit_midi(band.file, make_edit(band, piece, 2, 4, (MELODY,)))
    changed = [n for n, (a, b) in enumerate(zip(events_of(suite), events_of(data), strict=True)) if a != b]
    assert changed == [0, 1]  # the conductor's, for its markers, and the flute's
    flute = [note for note in find_notes(take_apart(data).tracks) if note.player.track == 1]
    assert [note.pitch for note in flute if 2 * TICKS <= note.start < 3.9 * TICKS] == [80]


def test_who_plays_other_parts_too_keeps_their_notes(suite: bytes) -> None:
    given = open_given(Path("suite.mid"), suite, Grid(4), "voices")
    begin, end = 2 * MEASURE, 4 * MEASURE
    song = given.song
    inside = (song.notes["start"] >= begin) & (song.notes["start"] < end)
    bass = song.notes["part"] == song.notes["part"].max()
    piece = replace(song, notes=song.notes[~(inside & bass)])
    edited = edit_midi(given.file, make_edit(given, piece, 2, 4, (int(song.notes["part"].max()),)))
    again = open_given(Path("suite.mid"), edited, Grid(4), "voices").song
    others = {(n[0], n[2]) for n in song.notes[inside & ~bass].tolist()}
    left = {
        (n[0], n[2])
        for n in again.notes[(again.notes["start"] >= begin) & (again.notes["start"] < end)].tolist()
    }
    gone = {(n[0], n[2]) for n in song.notes[inside & bass].tolist()} - others
    assert gone and not gone & left
    assert others <= left


def test_a_part_that_nobody_plays_comes_beside_the_song_from_its_beginning(
    band: GivenFile, suite: bytes, events_of: EventsOf
) -> None:
    lonely = replace(band, played=(*band.played[:MELODY], ()))
    kept = band.song.notes[band.song.notes["part"] != MELODY]
    lonely = replace(lonely, song=replace(band.song, notes=kept))
    new = make_notes([(0, 8, 80, 80, MELODY)])
    piece = replace(band.song, notes=np.concatenate([kept, new]))
    data = edit_midi(band.file, make_edit(lonely, piece, 0, piece.measures, (MELODY,)))
    before, after = events_of(suite), events_of(data)
    assert after[: len(before)] == before  # no markers either: there is nothing else to tell it from
    [track] = after[len(before) :]
    assert [(tick, m.note) for tick, m in track if m.type == "note_on" and m.velocity] == [(0, 80)]


def test_a_note_that_is_held_over_the_songs_end_is_struck_again(band: GivenFile, suite: bytes) -> None:
    song = band.song
    last = song.notes[song.notes["part"] == MELODY][-1:]
    held = song.notes.copy()
    held["length"][song.notes == last] += 4
    piece = replace(longer(song, []), notes=held)
    data = edit_midi(band.file, make_edit(band, piece, 8, 10))
    [again] = notes_from(data, 8 * TICKS)
    assert (again.player, again.pitch) == (TrackChannel(1, 0), int(last["pitch"][0]))
    assert (again.end, len(find_notes(take_apart(data).tracks))) == (
        8 * TICKS + 480,
        len(find_notes(take_apart(suite).tracks)) + 1,
    )


def is_in(tick: int, first: int, after: int) -> bool:
    return first * TICKS - 60 <= tick < after * TICKS - 60  # players hurry


def test_emptied_measures_lose_their_notes_and_nothing_else_is_touched(
    band: GivenFile, suite: bytes, events_of: EventsOf
) -> None:
    piece = filled(band.song, 2, 4, [])
    data = edit_midi(band.file, make_edit(band, piece, 2, 4))
    for number, (before, now) in enumerate(zip(events_of(suite), events_of(data), strict=True)):
        others = [event for event in before if not event[1].type.startswith("note")]
        assert [event for event in now if event in others] == others
        strokes = [
            event for event in before if event[1].type == "note_on" and event[1].velocity and number != 5
        ]
        kept = [event for event in strokes if not is_in(event[0], 2, 4)]
        assert [event for event in now if event in strokes] == kept


def test_players_that_the_model_does_not_speak_keep_their_notes(suite: bytes, events_of: EventsOf) -> None:
    given = open_given(Path("suite.mid"), suite, Grid(4), "melody")
    data = edit_midi(given.file, make_edit(given, filled(given.song, 2, 4, []), 2, 4))
    assert events_of(data)[2:] == events_of(suite)[2:]
    assert len(events_of(data)[1]) == len(events_of(suite)[1]) - 2 * 8


def test_a_note_played_a_little_early_belongs_to_the_measure_that_it_begins(band: GivenFile) -> None:
    data = edit_midi(band.file, make_edit(band, filled(band.song, 2, 4, []), 2, 4))
    flute = [note.start for note in find_notes(take_apart(data).tracks) if note.player.track == 1]
    assert 2 * TICKS - 9 not in flute
    assert 4 * TICKS - 9 in flute


def strings_of(data: bytes) -> list[tuple[int, int | None, int]]:
    notes = find_notes(take_apart(data).tracks)
    return [(note.start, note.end, note.pitch) for note in notes if note.player.track == 5]


def test_a_held_note_that_the_new_measures_do_not_hold_ends_at_the_barline(band: GivenFile) -> None:
    # The strings sound from the second beat of every other measure for four beats: over a barline.
    data = edit_midi(band.file, make_edit(band, filled(band.song, 1, 2, []), 1, 2))
    assert strings_of(data)[0] == (480, TICKS, 58)


def test_a_held_note_that_the_new_measures_hold_sounds_as_long_as_they_say(band: GivenFile) -> None:
    piece = filled(band.song, 1, 2, [])
    held = piece.notes.copy()
    held["length"][(held["start"] == 4) & (held["pitch"] == 58)] = 6
    data = edit_midi(band.file, make_edit(band, replace(piece, notes=held), 1, 2))
    assert strings_of(data)[0] == (480, TICKS + 240, 58)


def test_a_note_from_emptied_measures_that_sounded_on_begins_at_the_barline(band: GivenFile) -> None:
    data = edit_midi(band.file, make_edit(band, filled(band.song, 0, 1, []), 0, 1))
    assert strings_of(data)[0] == (TICKS, 480 + TICKS, 58)


def test_notes_below_a_line_sound_over_the_barline_as_they_did(events_of: EventsOf) -> None:
    strokes = [(0, b"\x90\x48\x40"), (0, b"\x90\x3c\x40"), (480, b"\x80\x48\x00"), (600, b"\x80\x3c\x00")]
    data = a_file([*strokes, (768, b"\x90\x48\x40"), (1152, b"\x80\x48\x00")])
    given = open_given(Path("two.mid"), data, Grid(4), "melody")
    edit = make_edit(given, replace(given.song, notes=cut_at(given.song, 16, after=32)), 1, 2)
    notes = find_notes(take_apart(edit_midi(given.file, edit)).tracks)
    assert [(note.pitch, note.end) for note in notes] == [(72, 384), (60, 600), (72, 1152)]


def cut_at(song: Song, step: int, after: int) -> np.ndarray:
    """Return the notes of a song with nothing in a measure; what sounds into it ends there."""
    notes = song.notes[(song.notes["start"] < step) | (song.notes["start"] >= after)].copy()
    notes["length"] = np.where(
        notes["start"] < step, np.minimum(notes["length"], step - notes["start"]), notes["length"]
    )
    return notes


def a_file(events: Sequence[tuple[int, bytes]], *metas: tuple[int, bytes], kind: int = 0) -> bytes:
    """Return a file of one track, 96 ticks to the beat."""
    every = [*((tick, meta[1:]) for tick, meta in metas), *events]
    return make_header(kind, 1, 96) + make_chunk(b"MTrk", lay_events(every, every[-1][0]))


TUNE = [(0, b"\x93\x48\x40"), (96, b"\x83\x48\x00"), (288, b"\x93\x4a\x40"), (384, b"\x83\x4a\x00")]


@pytest.mark.parametrize("kind", [0, 1])
def test_a_part_that_nobody_plays_gets_a_player_with_a_free_channel(kind: int) -> None:
    given = open_given(Path("tune.mid"), a_file(TUNE, kind=kind), Grid(4), "band")
    rows = [(0, 4, 34, 70, BASS), (0, 2, 36, 90, DRUMS), (0, 4, 72, 64, MELODY)]
    changed = take_apart(continued(given, rows, Meter(4, 4)))
    notes = [note for note in find_notes(changed.tracks) if note.start >= 384]
    new = {note.pitch: (note.player, note.velocity) for note in notes}
    tracks = (0, 0) if kind == 0 else (2, 1)
    assert new[34] == (TrackChannel(tracks[0], 0), 70)
    assert new[36] == (TrackChannel(tracks[1], 9), 90)
    assert new[72] == (TrackChannel(0, 3), 64)
    programs = [e.data[0] for track in changed.tracks for e in track.events if e.kind == 0xC0]
    assert sorted(programs) == [0, 33]
    assert changed.header.tracks == (1 if kind == 0 else 3)


def test_where_no_channel_is_free_others_play(events_of: EventsOf) -> None:
    busy = [(0, bytes((0xB0 | channel, 7, 100))) for channel in range(16)]
    given = open_given(Path("tune.mid"), a_file([*busy, *TUNE]), Grid(4), "band")
    changed = take_apart(continued(given, [(0, 4, 34, 70, BASS)], Meter(4, 4)))
    [note] = [note for note in find_notes(changed.tracks) if note.start >= 384]
    assert note.player == TrackChannel(0, 3)
    assert len(changed.tracks[0].events) == len(given.file.tracks[0].events) + 3  # a note and a marker


def test_one_quarter_throughout_is_what_readers_take_for_common_time() -> None:
    data = a_file(TUNE, (0, make_meta(0, 0x58, b"\x01\x02\x18\x08")))
    given = open_given(Path("tune.mid"), data, Grid(4), "melody")
    piece = longer(given.song, [], [Meter(4, 4)])
    assert make_edit(given, piece, 1, 2).meters == []
    edit = make_edit(given, longer(given.song, [], [Meter(3, 4)]), 1, 2)
    assert edit.meters == [(0, Meter(4, 4)), (384, Meter(3, 4))]


def test_what_a_file_says_of_meters_after_its_song_holds_after_the_new_measures() -> None:
    data = a_file([*TUNE, (768, b"\xff\x58\x04\x02\x02\x18\x08"), (1536, b"\xb0\x07\x40")])
    given = open_given(Path("tune.mid"), data, Grid(4), "melody")

    def meters(*asked: Meter) -> list[tuple[int, str]]:
        said = parse_midi(continued(given, [(0, 4, 72, 64, 0)], *asked)).meters
        return [(tick, str(meter)) for tick, meter in said]

    assert meters(Meter(3, 4), Meter(3, 4)) == [(384, "3/4"), (960, "2/4")]
    assert meters(Meter(2, 4), Meter(2, 4)) == [(384, "2/4"), (768, "2/4")]
    assert meters(Meter(4, 4)) == [(768, "2/4")]
    assert meters(*[Meter(3, 4)] * 4) == [(384, "3/4")]  # the file ends there


def test_new_notes_before_the_file_begins_are_left_out() -> None:
    metas = ((0, make_meta(0, 0x58, b"\x01\x02\x18\x08")), (0, make_meta(0, 0x01)))
    pick_up = [(0, b"\x90\x48\x40"), (96, b"\x80\x48\x00"), (96, b"\xff\x58\x04\x03\x02\x18\x08")]
    data = a_file([*pick_up, (96, b"\x90\x4a\x40"), (384, b"\x80\x4a\x00")], *metas)
    given = open_given(Path("tune.mid"), data, Grid(4), "melody")
    assert given.place.begin == -8
    rows = make_notes([(0, 4, 60, 80, 0), (4, 8, 62, 80, 0), (12, 12, 74, 80, 0)])
    edit = make_edit(given, replace(given.song, notes=rows), 0, 1)
    assert [(note.pitch, note.start, note.end) for note in edit.notes] == [(62, 0, 96)]


def test_what_was_played_by_hand_is_found_by_where_it_was_laid() -> None:
    ticks = [2, 95, 187, 297, 380, 486, 570, 669]  # quarters, 96 ticks each, played a little early or late
    events = [
        event
        for tick, after in zip(ticks, [*ticks[1:], 768], strict=True)
        for event in ((tick, b"\x93\x48\x40"), (after - 3, b"\x83\x48\x00"))
    ]
    given = open_given(Path("played.mid"), a_file(events), FINE_GRID, "melody")
    assert given.song.notes["start"].tolist() == [24 * beat for beat in range(8)]
    edit = make_edit(given, replace(given.song, notes=given.song.notes[:4]), 1, 2)
    assert edit.emptied is not None
    assert [note.start for note in given.file.notes if edit.emptied.has(note)] == ticks[4:]
    assert (edit.notes, edit.ends) == ([], {})


@pytest.mark.parametrize("ensemble", ["melody", "piano", "band"])
@pytest.mark.parametrize(("held", "short"), [(1, 2), (2, 1)])
def test_a_held_note_ends_at_the_barline_whatever_begins_in_unison_with_it(
    ensemble: str, held: int, short: int
) -> None:
    begins, ends = ([status | channel for channel in (held, short)] for status in (0x90, 0x80))
    events = [
        (0, bytes([0xC0 | short, 32])),
        *((192, bytes([status, 72, 64])) for status in begins),
        (240, bytes([ends[1], 72, 0])),
        (576, bytes([ends[0], 72, 0])),
        (600, bytes([begins[0], 74, 64])),
        (700, bytes([ends[0], 74, 0])),
    ]
    given = open_given(Path("unison.mid"), a_file(events), FINE_GRID, ensemble)
    notes = given.song.notes[given.song.notes["start"] < 96].copy()
    notes["length"] = np.minimum(notes["length"], 96 - notes["start"])  # nothing is held into measure 2
    edit = make_edit(given, replace(given.song, notes=notes), 1, 2)
    assert [(note.player.channel, note.end, tick) for note, tick in edit.ends.items()] == [(held, 576, 384)]
    assert edit.notes == []


def test_the_same_edit_gives_the_same_bytes(band: GivenFile) -> None:
    rows = [(0, 4, pitch, 1, CHORDS) for pitch in (40, 60, 68)]
    assert continued(band, rows) == continued(band, rows)
    assert mido.MidiFile(file=io.BytesIO(continued(band, rows))).type == 1


def graced(music: str, empty: int) -> list[tuple[int, int, int | None]]:
    """Return pitch, start and end of the notes of a tune without a measure; a grace note lasts 59 ticks."""
    tune = f"X:1\nM:4/4\nL:1/4\nK:C\n{music}|\n"
    given = open_given(Path("tune.abc"), tune.encode(), Grid(12), "melody")
    piece = replace(given.song, notes=cut_at(given.song, 48 * empty, after=48 * empty + 48))
    data = edit_midi(given.file, make_edit(given, piece, empty, empty + 1))
    return [(note.pitch, note.start, note.end) for note in find_notes(take_apart(data).tracks)]


def test_grace_notes_stay_and_go_with_the_note_to_which_they_lead() -> None:
    tune = "C4|{ga}D4|E4"
    assert graced(tune, empty=0) == [(79, 1802, 1861), (81, 1861, 1920), (62, 1920, 3840), (64, 3840, 5760)]
    assert graced(tune, empty=1) == [(60, 0, 1920), (64, 3840, 5760)]


def test_a_note_cut_for_a_grace_note_that_goes_is_whole_again() -> None:
    assert graced("G4|{ga}D4|E4", empty=1)[0] == (67, 0, 1920)


def test_a_grace_note_of_the_same_key_is_not_taken_for_the_note_that_is_held() -> None:
    notes = graced("C3{DED}D-|D4|E4", empty=1)
    assert [note for note in notes if note[0] == 62] == [(62, 1263, 1322), (62, 1381, 1440), (62, 1440, 1920)]


def test_new_tracks_come_in_the_order_of_parts(band: GivenFile, events_of: EventsOf) -> None:
    lonely = replace(band, played=((), (), *band.played[CHORDS:]))
    kept = band.song.notes[band.song.notes["part"] >= CHORDS]
    lonely = replace(lonely, song=replace(band.song, notes=kept))
    new = make_notes([(4, 4, 36, 80, DRUMS), (0, 8, 40, 80, BASS)])
    piece = replace(band.song, notes=np.concatenate([kept, new]))
    data = edit_midi(band.file, make_edit(lonely, piece, 0, piece.measures, (DRUMS, BASS)))
    names = [m.name for track in events_of(data) for _, m in track if m.type == "track_name"]
    assert names[-2:] == ["drums", "bass"]
