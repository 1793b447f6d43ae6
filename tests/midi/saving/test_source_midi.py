from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import mido
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.reading.smf.texts import SAYS_LATIN
from musicvae.midi.saving.source_midi import count_unsayable, source_to_midi
from musicvae.midi.songs.song import Grid, Meter, Part
from musicvae.midi.songs.source import (
    SOURCE_NOTE,
    KeyChange,
    Lyric,
    MeterChange,
    Source,
    TempoChange,
    TextAt,
)

FINE = 10080  # ticks to the beat, as scores count
DRUMS = Part("kit", 8, is_drums=True)
Row = tuple[int, int, int, int, int]  # start, end, pitch, velocity, track


def source_of(rows: Sequence[Row], *tracks: Part, ticks: int = 480) -> Source:
    notes = np.array(sorted(rows), SOURCE_NOTE)
    return Source(notes, tracks or (Part("flute", 73),), ticks)


SCORE = replace(
    source_of(
        [(0, FINE, 60, 80, 0), (0, 2 * FINE, 48, 70, 1), (FINE, 2 * FINE, 64, 90, 0)],
        Part("Sopran", 52),
        Part("Klavier", 0),
        ticks=FINE,
    ),
    meters=(MeterChange(0, Meter(6, 8)), MeterChange(3 * FINE, Meter(3, 4))),
    tempi=(TempoChange(0, 90.0), TempoChange(FINE, 72.5)),
    keys=(KeyChange(0, "Eb major"), KeyChange(FINE, "F# minor")),
    markers=(TextAt(FINE, "B"),),
    lyrics=(Lyric(0, "Hal-", 0), Lyric(FINE, "lo", 0)),
    title="Lied",
    composer="Fanny Hensel",
)


def midi_of(source: Source) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(source_to_midi(source)))


def events(track: mido.MidiTrack) -> list[tuple[int, mido.Message]]:
    ticks = np.cumsum([message.time for message in track]).tolist()
    return [(tick, message.copy(time=0)) for tick, message in zip(ticks, track, strict=True)]


def test_what_concerns_all_tracks_stands_in_the_first() -> None:
    [conductor, *_] = midi_of(SCORE).tracks
    assert events(conductor) == [
        (0, mido.MetaMessage("track_name", name="Lied")),
        (0, mido.MetaMessage("text", text="Composer: Fanny Hensel")),
        (0, mido.MetaMessage("set_tempo", tempo=666_667)),
        (0, mido.MetaMessage("time_signature", numerator=6, denominator=8)),
        (0, mido.MetaMessage("key_signature", key="Eb")),
        (480, mido.MetaMessage("set_tempo", tempo=827_586)),
        (480, mido.MetaMessage("key_signature", key="F#m")),
        (480, mido.MetaMessage("marker", text="B")),
        (1440, mido.MetaMessage("time_signature", numerator=3, denominator=4)),
        (1440, mido.MetaMessage("end_of_track")),
    ]


def test_each_track_has_its_name_its_program_its_notes_and_its_lyrics() -> None:
    [_, voice, piano] = midi_of(SCORE).tracks
    assert events(voice) == [
        (0, mido.MetaMessage("track_name", name="Sopran")),
        (0, mido.Message("program_change", channel=0, program=52)),
        (0, mido.MetaMessage("lyrics", text="Hal-")),
        (0, mido.Message("note_on", channel=0, note=60, velocity=80)),
        (480, mido.Message("note_off", channel=0, note=60, velocity=0)),
        (480, mido.MetaMessage("lyrics", text="lo")),
        (480, mido.Message("note_on", channel=0, note=64, velocity=90)),
        (960, mido.Message("note_off", channel=0, note=64, velocity=0)),
        (960, mido.MetaMessage("end_of_track")),
    ]
    assert [message.type for _, message in events(piano)] == [
        *("track_name", "program_change", "note_on", "note_off", "end_of_track")
    ]


@pytest.mark.parametrize(
    ("start", "ticks"), [(0, 480), (FINE // 3, 480), (FINE // 7, 3360), (FINE // 9, 1440), (1, FINE)]
)
def test_there_are_as_many_ticks_as_the_notes_need(start: int, ticks: int) -> None:
    midi = midi_of(source_of([(start, FINE, 60, 80, 0)], ticks=FINE))
    assert midi.ticks_per_beat == ticks
    [tick] = [tick for tick, message in events(midi.tracks[1]) if message.type == "note_on"]
    assert tick * FINE == start * ticks


@pytest.mark.parametrize("ticks", [96, 120, 960])
def test_other_ticks_stay_where_they_cannot_be_fewer(ticks: int) -> None:
    assert midi_of(source_of([(1, 3, 60, 80, 0)], ticks=ticks)).ticks_per_beat == ticks


_ROWS = st.lists(
    st.tuples(
        st.integers(0, 400).map(lambda tens: 10 * tens),  # no two a grace note's length apart
        st.integers(0, 90).map(lambda tens: 10 * tens),
        st.integers(0, 127),
        st.integers(1, 127),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[2],  # so that no two of one pitch overlap
)


@given(_ROWS)
def test_every_note_is_read_again_as_it_was(rows: list[Row]) -> None:
    rows = [(start, start + length, *rest) for start, length, *rest in rows]  # type: ignore[misc]
    source = source_of(rows, Part("a"), DRUMS, Part("b", 40))
    again = parse_midi(source_to_midi(source))
    tracks = [part.name for part in again.tracks]
    names = [part.name for part in source.tracks]
    read = [(*row[:4], names.index(tracks[row[4]])) for row in again.notes.tolist()]
    assert sorted(read) == source.notes.tolist()


def test_all_that_is_said_of_a_piece_is_read_again() -> None:
    source = replace(SCORE, notes=SCORE.notes.copy(), lyrics=())
    again = parse_midi(source_to_midi(source))
    ticks = [again.ticks_per_beat * tick // FINE for tick in (0, FINE, 3 * FINE)]
    assert again.meters == (MeterChange(ticks[0], Meter(6, 8)), MeterChange(ticks[2], Meter(3, 4)))
    assert again.tempi == (TempoChange(0, 90.0), TempoChange(ticks[1], 72.5))
    assert again.keys == (KeyChange(0, "Eb major"), KeyChange(ticks[1], "F# minor"))
    assert (again.markers, again.title) == ((TextAt(ticks[1], "B"),), "Lied")
    assert again.composer == "Fanny Hensel"
    assert again.tracks == SCORE.tracks


def strokes_of(source: Source) -> list[tuple[int, str, int, int]]:
    [_, track] = midi_of(source).tracks
    return [(tick, m.type, m.note, m.velocity) for tick, m in events(track) if m.type.startswith("note")]


ADORNED = source_of([(0, 480, 62, 80, 0), (480, 480, 64, 80, 0), (480, 960, 64, 90, 0)])


def test_a_grace_note_is_heard_before_the_note_that_it_adorns() -> None:
    assert strokes_of(ADORNED) == [
        (0, "note_on", 62, 80),
        (421, "note_on", 64, 80),
        (480, "note_off", 62, 0),
        (480, "note_off", 64, 0),
        (480, "note_on", 64, 90),
        (960, "note_off", 64, 0),
    ]


def test_a_grace_note_at_the_beginning_is_struck_first_and_let_go() -> None:
    assert strokes_of(source_of([(0, 0, 64, 80, 0), (0, 480, 62, 90, 0)])) == [
        (0, "note_on", 64, 80),
        (0, "note_on", 62, 90),
        (59, "note_off", 64, 0),
        (480, "note_off", 62, 0),
    ]


def test_a_file_with_grace_notes_says_how_long_they_last() -> None:
    def said(source: Source) -> list[str]:
        return [m.text for m in midi_of(source).tracks[0] if m.type == "text" and "grace" in m.text]

    assert said(ADORNED) == ["musicvae: grace notes last 59 ticks of 480 to the beat"]
    assert said(SCORE) == []


def test_a_score_and_its_file_are_the_same_song_on_the_grid() -> None:
    again = parse_midi(source_to_midi(ADORNED))
    assert again.notes.tolist() == ADORNED.notes.tolist()
    for grid in (Grid(4), Grid(12)):
        read, written = quantise(again, grid), quantise(ADORNED, grid)
        assert (read.song, read.notices) == (written.song, written.notices)


def test_the_file_lasts_as_long_as_is_asked_for() -> None:
    [conductor, track] = mido.MidiFile(file=io.BytesIO(source_to_midi(ADORNED, end=1920))).tracks
    assert (events(conductor)[-1][0], events(track)[-1][0]) == (1920, 960)


def all_at_once(*tracks: Part) -> Source:
    """Return a source in which all tracks play one note together."""
    return source_of([(0, 480, 60, 80, track) for track in range(len(tracks))], *tracks)


def channels_of(*tracks: Part) -> list[int]:
    midi = midi_of(all_at_once(*tracks))
    return [m.channel for track in midi.tracks for m in track if m.type == "program_change"]


def test_drums_play_on_channel_10_and_others_on_one_each() -> None:
    assert channels_of(Part("a"), DRUMS, Part("b"), DRUMS) == [0, 9, 1, 9]


def test_of_more_tracks_than_channels_those_of_one_program_share() -> None:
    choir = [Part(f"voice {number}", 52 + number % 2) for number in range(20)]
    assert channels_of(*choir) == [*range(9), *range(10, 16), 1, 0, 3, 2, 5]


def test_a_program_that_comes_late_has_a_channel_of_its_own() -> None:
    channels = channels_of(*(Part(f"violin {number}", 40) for number in range(18)), Part("flute", 73))
    assert channels[-1] not in channels[:-1]


def test_more_programs_than_channels_share_them() -> None:
    parts = [Part(f"part {number}", number) for number in range(17)]
    assert channels_of(*parts) == [*range(9), *range(10, 16), 0, 1]


def test_programs_that_play_one_after_another_take_turns() -> None:
    parts = [Part(f"part {number}", number) for number in range(40)]
    rows = [(480 * (number // 10), 480 * (number // 10) + 480, 60, 80, number) for number in range(40)]
    source = source_of(rows, *parts)
    back = parse_midi(source_to_midi(source))
    assert (back.tracks, back.notes.tolist()) == (source.tracks, source.notes.tolist())
    assert count_unsayable(source) == ()
    # As any player has it, which hears what a channel was told last.
    told = sorted(
        (tick, message.type != "note_off", message.type == "note_on", message.channel, message)
        for track in midi_of(source).tracks[1:]
        for tick, message in events(track)
        if message.type in ("program_change", "note_on", "note_off")
    )
    playing: dict[int, int] = {}
    heard = []
    for tick, _, _, channel, message in told:
        if message.type == "program_change":
            playing[channel] = message.program
        elif message.type == "note_on" and message.velocity:
            heard.append((tick, playing[channel]))
    assert sorted(heard) == [(480 * (number // 10), number) for number in range(40)]


def test_parts_that_another_instrument_drowns_are_told() -> None:
    def told(*tracks: Part) -> list[str]:
        return [str(notice) for notice in count_unsayable(all_at_once(*tracks))]

    parts = [Part(f"part {number}", number) for number in range(16)]
    assert told(*parts, Part("first again", 0)) == ["parts that share a channel with another instrument: 3"]
    assert told(*parts[1:], *parts[1:], DRUMS) == []


@pytest.mark.parametrize(("key", "said"), [("D dorian", ["C"]), ("G# major", []), ("A minor", ["Am"])])
def test_keys_that_midi_does_not_know_become_their_signature(key: str, said: list[str]) -> None:
    source = replace(source_of([(0, 480, 60, 80, 0)]), keys=(KeyChange(0, key),))
    assert [m.key for m in midi_of(source).tracks[0] if m.type == "key_signature"] == said


def test_letters_that_latin_1_lacks_become_the_nearest() -> None:
    source = replace(SCORE, title="Dvořák", lyrics=(Lyric(0, "Ště-", 0),))
    conductor, voice, _ = midi_of(source).tracks
    assert conductor.name == "Dvorák"
    assert [m.text for m in voice if m.type == "lyrics"] == ["Ste-"]


def test_texts_in_latin_1_are_read_as_they_were_written() -> None:
    source = source_of([(0, 480, 60, 80, 0)], Part("Coração"))
    again = parse_midi(source_to_midi(replace(source, title="Öö", markers=(TextAt(0, "Åå"),))))
    assert (again.title, again.tracks[0].name, again.markers) == ("Öö", "Coração", (TextAt(0, "Åå"),))


def test_a_file_says_that_its_texts_are_in_latin_1_only_where_they_are_not_in_ascii() -> None:
    assert SAYS_LATIN in source_to_midi(replace(SCORE, title="Dvořák"))
    assert SAYS_LATIN not in source_to_midi(replace(SCORE, title="Ravel’s Ř"))


@pytest.mark.parametrize(
    ("meter", "said"),
    [
        (Meter(255, 8), (255, 8)),
        (Meter(600, 8), (150, 2)),
        (Meter(257, 8), (255, 8)),
        (Meter(300, 1), (255, 1)),
    ],
)
def test_a_meter_of_more_than_255_is_counted_in_longer_notes(meter: Meter, said: tuple[int, int]) -> None:
    source = replace(source_of([(0, 480, 60, 80, 0)]), meters=(MeterChange(0, meter),))
    [time] = [m for m in midi_of(source).tracks[0] if m.type == "time_signature"]
    assert (time.numerator, time.denominator) == said
