"""What holds of any edit: what was there stays, and the file sounds as the song that it was made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicvae.compose.performance.splice import splice
from musicvae.midi.editing.edit import edit_midi
from musicvae.midi.editing.given_file import open_given
from musicvae.midi.editing.midi_chunks import take_apart
from musicvae.midi.editing.song_edit import make_edit
from musicvae.midi.editing.track_events import Event, TrackEvents
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.saving.writer import song_to_bytes
from musicvae.midi.songs.notes import make_notes, tidy_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

GRID, TWO = Grid(4), Meter(2, 4)
MEASURE, MEASURES = 8, 5  # steps, and measures of the songs
FIRST, LAST = (0, 1, 90, 80, 0), (MEASURE * MEASURES - 1, 1, 91, 80, 0)  # so that a reader cuts nothing off


def a_song(rows: list[tuple[int, int, int]], measures: int, *others: tuple[int, int, int, int, int]) -> Song:
    """Return a song of (start, length, pitch) rows, none longer than the song."""
    steps = measures * MEASURE
    cut = [
        (start, min(length, steps - start), pitch, 80, 0) for start, length, pitch in rows if start < steps
    ]
    return Song(tidy_notes(make_notes([*cut, *others])), (TWO,) * measures, (Part("piano"),), GRID)


# Few pitches, so that notes are struck again and held, in the given measures and the new ones alike.
ROWS = st.lists(
    st.tuples(st.integers(0, MEASURE * 7 - 1), st.integers(1, 20), st.sampled_from([60, 61, 64])), max_size=25
)


def sounding(song: Song) -> set[tuple[int, int]]:
    """Return the steps at which each pitch sounds."""
    rows = song.notes[["start", "length", "pitch"]].tolist()
    return {(step, pitch) for start, length, pitch in rows for step in range(start, start + length)}


def said(track: TrackEvents) -> list[Event]:
    return [event._replace(spoken=True) for event in track.events]


def is_among(some: list[Event], every: list[Event]) -> bool:
    """Say whether some events stand in this order among others."""
    rest = iter(every)
    return all(any(event == other for other in rest) for event in some)


@given(ROWS, ROWS)
def test_a_continued_song_has_all_its_events_and_sounds_as_it_was_written(
    rows: list[tuple[int, int, int]], new: list[tuple[int, int, int]]
) -> None:
    song = a_song(rows, MEASURES, FIRST, LAST)
    file = open_given(Path("a.mid"), song_to_bytes(song), GRID, "piano")
    piece = splice(file.song, a_song(new, MEASURES + 2), np.arange(MEASURES + 2) >= MEASURES)
    made = edit_midi(file.file, make_edit(file, piece, MEASURES, MEASURES + 2))
    for before, now in zip(file.file.tracks, take_apart(made).tracks, strict=True):
        assert is_among(said(before), said(now))
    assert sounding(quantise(parse_midi(made), GRID).song) == sounding(piece)


@given(ROWS, ROWS, st.integers(1, MEASURES - 2), st.integers(1, 2))
def test_a_filled_song_sounds_as_it_was_written(
    rows: list[tuple[int, int, int]], new: list[tuple[int, int, int]], first: int, measures: int
) -> None:
    song = a_song(rows, MEASURES, FIRST, LAST)
    after = min(first + measures, MEASURES - 1)
    is_new = (np.arange(MEASURES) >= first) & (np.arange(MEASURES) < after)
    file = open_given(Path("a.mid"), song_to_bytes(song), GRID, "piano")
    piece = splice(file.song, a_song(new, MEASURES), is_new)
    made = edit_midi(file.file, make_edit(file, piece, first, after))
    assert sounding(quantise(parse_midi(made), GRID).song) == sounding(piece)
