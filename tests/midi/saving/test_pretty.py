from __future__ import annotations

import subprocess
import sys

import numpy as np
import pretty_midi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.errors import SongError
from musicvae.midi.saving.pretty import pretty_midi_to_song, song_to_pretty_midi
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import FINE_GRID, Grid, Meter, Part, Song, Tempo

PIANO = (Part("piano"),)


@given(data=st.data())
def test_songs_survive_a_round_trip_through_pretty_midi(
    framed_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(framed_songs)
    again = pretty_midi_to_song(song_to_pretty_midi(song), song.grid)
    np.testing.assert_array_equal(again.notes, song.notes)
    assert (again.meters, again.parts, again.grid) == (song.meters, song.parts, song.grid)
    assert [step for step, _ in again.tempi] == [0, *(step for step, _ in song.tempi)]
    assert [bpm for _, bpm in again.tempi] == pytest.approx([120.0, *(bpm for _, bpm in song.tempi)])


def test_times_are_seconds_by_the_tempi() -> None:
    tempi = (Tempo(0, 60.0), Tempo(8, 120.0))
    notes = make_notes([(4, 8, 60, 70, 0), (12, 4, 62, 80, 0)])
    midi = song_to_pretty_midi(Song(notes, (Meter(),), PIANO, Grid(4), tempi))
    first, second = midi.instruments[0].notes
    assert (first.start, first.end, second.start, second.end) == pytest.approx((1.0, 2.5, 2.5, 3.0))
    assert (first.pitch, first.velocity, second.pitch, second.velocity) == (60, 70, 62, 80)


def test_every_part_is_an_instrument_even_an_empty_one() -> None:
    parts = (Part("flute", 73), Part("drums", 0, is_drums=True))
    midi = song_to_pretty_midi(Song(make_notes([(0, 4, 60, 80, 0)]), (Meter(6, 8),), parts))
    assert [(i.name, i.program, i.is_drum) for i in midi.instruments] == [
        ("flute", 73, False),
        ("drums", 0, True),
    ]
    assert [(t.numerator, t.denominator, t.time) for t in midi.time_signature_changes] == [(6, 8, 0.0)]


def test_a_song_comes_from_a_pretty_midi_made_by_hand() -> None:
    midi = pretty_midi.PrettyMIDI(initial_tempo=90)
    violin = pretty_midi.Instrument(40, name="violin")
    beat = 60 / 90
    violin.notes.append(pretty_midi.Note(100, 69, 0.0, beat))
    violin.notes.append(pretty_midi.Note(0, 71, 1.26 * beat, 2 * beat))  # a little late, and silent
    midi.instruments.append(violin)
    midi.time_signature_changes.append(pretty_midi.TimeSignature(3, 4, 0.0))
    song = pretty_midi_to_song(midi)
    assert song.notes.tolist() == [(0, 24, 69, 100, 0), (30, 18, 71, 1, 0)]
    assert (song.meters, song.parts, song.grid) == ((Meter(3, 4),), (Part("violin", 40),), FINE_GRID)
    assert song.bpm == pytest.approx(90)


def test_a_meter_that_is_none_is_passed_over() -> None:
    midi = pretty_midi.PrettyMIDI()
    midi.instruments.append(pretty_midi.Instrument(0))
    midi.instruments[0].notes.append(pretty_midi.Note(80, 60, 0.0, 1.0))
    midi.time_signature_changes.append(pretty_midi.TimeSignature(4, 3, 0.0))
    assert pretty_midi_to_song(midi).meters == (Meter(4, 4),)


def test_a_pretty_midi_without_notes_is_refused() -> None:
    with pytest.raises(SongError, match="no notes"):
        pretty_midi_to_song(pretty_midi.PrettyMIDI())


def test_a_song_too_long_for_pretty_midi_is_refused() -> None:
    song = Song(make_notes([]), (Meter(),) * 6000, PIANO)
    with pytest.raises(SongError, match="6000 measures are too many for pretty_midi: cut the song"):
        song_to_pretty_midi(song)


def test_songs_alone_do_not_import_pretty_midi() -> None:
    code = "import sys, musicvae.midi.songs.song; sys.exit('pretty_midi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
