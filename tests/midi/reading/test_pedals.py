from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

import mido
import numpy as np
import pytest

from musicvae.midi.reading.laid_songs import lay_sources
from musicvae.midi.reading.pedals import hold_by_pedals
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import FINE_GRID, Part
from musicvae.midi.songs.source import PEDAL, SOURCE_NOTE, Source

BEAT = 480


def make_source(notes: Sequence[tuple[int, int, int, int]], pedals: Sequence[tuple[int, int, int]]) -> Source:
    """Return a source of notes (start, end, pitch, track) and pedals (start, end, track), in beats."""
    rows = [(BEAT * start, BEAT * end, pitch, 80, track) for start, end, pitch, track in notes]
    down = [(BEAT * start, BEAT * end, track) for start, end, track in pedals]
    return Source(np.array(rows, SOURCE_NOTE), (Part("a"), Part("b")), BEAT, pedals=np.array(down, PEDAL))


def ends(source: Source) -> list[int]:
    """Return the beats at which notes end once pedals hold them."""
    return (hold_by_pedals(source).source.notes["end"] // BEAT).tolist()


@pytest.mark.parametrize(
    ("note", "pedals", "end"),
    [
        ((0, 1, 60, 0), [(0, 4, 0)], 4),  # down all the time
        ((2, 3, 60, 0), [(3, 5, 0)], 5),  # down as the key is let go
        ((0, 1, 60, 0), [(2, 4, 0)], 1),  # too late
        ((0, 2, 60, 0), [(0, 2, 0)], 2),  # lifted with the key
        ((0, 3, 60, 0), [(0, 2, 0)], 3),  # lifted before the key
        ((0, 1, 60, 0), [(0, 4, 1)], 1),  # another track's
        ((0, 1, 60, 0), [(2, 5, 0), (0, 2, 0)], 2),  # changed: in any order
        ((0, 1, 60, 0), [(0, 99, 0)], 9),  # never lifted: it dies away
    ],
)
def test_a_note_sounds_until_the_pedal_is_lifted(
    note: tuple[int, int, int, int], pedals: list[tuple[int, int, int]], end: int
) -> None:
    assert ends(make_source([note], pedals)) == [end]


def test_a_note_ends_where_its_pitch_is_struck_again_in_its_track() -> None:
    notes = [(0, 1, 60, 0), (2, 3, 60, 0), (1, 2, 62, 0), (2, 3, 62, 1)]
    assert ends(make_source(notes, [(0, 6, 0)])) == [2, 6, 6, 3]


def test_drums_and_grace_notes_are_not_held() -> None:
    source = make_source([(0, 0, 60, 0), (0, 1, 62, 0), (0, 1, 36, 1)], [(0, 4, 0), (0, 4, 1)])
    assert ends(replace(source, tracks=(Part("a"), Part("kit", is_drums=True)))) == [0, 4, 1]


def test_without_pedals_nothing_changes() -> None:
    source = make_source([(0, 1, 60, 0)], [])
    held = hold_by_pedals(source)
    assert held.source is source and held.held == 0


def test_a_midi_file_is_heard_with_its_pedal_and_says_so() -> None:
    midi = mido.MidiFile(ticks_per_beat=BEAT)
    track = mido.MidiTrack()
    midi.tracks.append(track)
    track.append(mido.Message("control_change", control=64, value=127, time=0))
    track.append(mido.Message("note_on", note=60, velocity=80, time=0))
    track.append(mido.Message("note_off", note=60, time=BEAT))
    track.append(mido.Message("note_on", note=64, velocity=80, time=0))
    track.append(mido.Message("note_off", note=64, time=BEAT))
    track.append(mido.Message("control_change", control=64, value=0, time=2 * BEAT))
    data = io.BytesIO()
    midi.save(file=data)
    source = parse_midi(data.getvalue())
    assert source.pedals.tolist() == [(0, 4 * BEAT, 0)]
    assert source.notes["end"].tolist() == [BEAT, 2 * BEAT]  # as it is written
    [laid] = lay_sources([source], FINE_GRID, None).songs
    assert laid.song.notes["length"].tolist() == [4 * 24, 3 * 24]
    assert Notice("notes that sound on by the sustain pedal", 2) in laid.notices


def test_ticks_are_divided_with_those_of_the_notes() -> None:
    divided = make_source([(0, 1, 60, 0)], [(0, 4, 0)]).divide_ticks(BEAT)
    assert divided.pedals.tolist() == [(0, 4, 0)]
