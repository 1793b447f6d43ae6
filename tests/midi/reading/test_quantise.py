from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Grid, Meter, Part, Tempo
from musicvae.midi.songs.source import SOURCE_NOTE, MeterChange, Source, TempoChange

TICKS = 480


def make_source(rows: Iterable[tuple[int, ...]], **details: object) -> Source:
    """Source of (start, end[, pitch, velocity, track]) rows in ticks, 480 to the beat."""
    notes = [(*row, *(60, 80, 0)[len(row) - 2 :]) for row in rows]
    return Source(np.array(notes, SOURCE_NOTE), (Part("a", 5), Part("b")), TICKS, **details)  # type: ignore[arg-type]


def starts_and_lengths(source: Source, grid: Grid) -> list[tuple[int, int]]:
    return [(int(note["start"]), int(note["length"])) for note in quantise(source, grid).song.notes]


def test_notes_come_to_the_nearest_steps() -> None:
    source = make_source([(0, 480), (59, 181, 61), (60, 250, 62), (500, 955, 63)])
    assert starts_and_lengths(source, Grid(4)) == [(0, 4), (0, 2), (1, 1), (4, 4)]


@pytest.mark.parametrize(("end", "length"), [(0, 1), (10, 1), (120, 1), (179, 1), (180, 2)])
def test_every_note_lasts_a_step_or_more(end: int, length: int) -> None:
    assert starts_and_lengths(make_source([(0, end)]), Grid(4)) == [(0, length)]


def test_triplets_are_exact_on_twelve_steps() -> None:
    source = make_source([(0, 160), (160, 320), (320, 480)])
    assert starts_and_lengths(source, Grid(12)) == [(0, 4), (4, 4), (8, 4)]


def test_parts_pitches_velocities_and_title_are_kept() -> None:
    song = quantise(make_source([(0, 480, 72, 99, 1), (0, 480, 48, 0, 0)], title="Air"), Grid(4)).song
    assert (song.parts, song.title) == ((Part("a", 5), Part("b")), "Air")
    assert song.notes[["pitch", "velocity", "part"]].tolist() == [(48, 1, 0), (72, 99, 1)]


def test_silence_at_the_beginning_is_kept_and_that_at_the_end_left_out() -> None:
    rows = [(3 * 1920 + 480, 3 * 1920 + 960), (4 * 1920, 4 * 1920 + 480)]
    meters = (MeterChange(0, Meter(4, 4)), MeterChange(9 * 1920, Meter(3, 4)))
    song = quantise(make_source(rows, meters=meters), Grid(4)).song
    assert song.meters == (Meter(4, 4),) * 5
    assert song.notes["start"].tolist() == [52, 64]


def test_silence_at_the_end_is_kept_up_to_a_last_tick_that_is_given() -> None:
    song = quantise(make_source([(0, 480)]), Grid(4), 2 * 1920 + 480).song
    assert song.meters == (Meter(4, 4),) * 3


def test_a_pick_up_stands_at_the_end_of_its_measure() -> None:
    meters = (MeterChange(0, Meter(1, 4)), MeterChange(480, Meter(3, 4)))
    song = quantise(make_source([(0, 480), (480, 960)], meters=meters), Grid(4)).song
    assert song.meters == (Meter(3, 4), Meter(3, 4))
    assert song.notes["start"].tolist() == [8, 12]


def test_tempi_repeat_nothing_and_none_comes_after_the_end() -> None:
    tempi = tuple(
        TempoChange(tick, bpm) for tick, bpm in [(0, 100), (1900, 90), (2400, 90), (2880, 70), (9999, 50)]
    )
    song = quantise(make_source([(1920, 2000), (2880, 3000)], tempi=tempi), Grid(4)).song
    assert song.tempi == (Tempo(0, 100.0), Tempo(16, 90.0), Tempo(24, 70.0))


def test_what_is_merged_or_lengthened_is_told() -> None:
    song, notices, _ = quantise(make_source([(0, 480), (4, 300), (480, 480)]), Grid(4))
    assert song.notes[["start", "length"]].tolist() == [(0, 4), (4, 1)]
    assert notices == (
        Notice("notes of no length, given one step", 1),
        Notice("notes merged with one of their pitch on the same step", 1),
    )


def test_a_grace_note_is_left_out_and_told() -> None:
    source = make_source([(0, 480), (0, 0, 74), (480, 480, 74), (0, 0, 76, 80, 1)])
    song, notices, _ = quantise(source, Grid(4))
    kept = [(0, 60, 0), (4, 74, 0), (0, 76, 1)]  # nothing with a length begins where the other two stand
    assert sorted(song.notes[["start", "pitch", "part"]].tolist()) == sorted(kept)
    assert notices == (
        Notice("grace notes read, but not laid on the grid", 1),
        Notice("notes of no length, given one step", 2),
    )


def test_drums_have_no_grace_notes() -> None:
    source = replace(make_source([(0, 480), (0, 0, 38)]), tracks=(Part("kit", is_drums=True),))
    assert quantise(source, Grid(4)).song.notes["pitch"].tolist() == [38, 60]


def test_notes_of_one_pitch_never_overlap() -> None:
    assert starts_and_lengths(make_source([(0, 1920), (480, 2400)]), Grid(4)) == [(0, 4), (4, 16)]


def test_a_source_without_notes_is_refused() -> None:
    with pytest.raises(SongError, match="no notes"):
        quantise(make_source([]), Grid(4))


def test_a_song_of_100_000_measures_is_quantised() -> None:
    starts = np.arange(100_000) * 1920
    notes = np.zeros(len(starts), SOURCE_NOTE)
    notes["start"], notes["end"], notes["pitch"], notes["velocity"] = starts, starts + 480, 60, 80
    song = quantise(Source(notes, (Part("a"),), TICKS), Grid(4)).song
    assert (song.measures, len(song.notes)) == (100_000, 100_000)


def test_keys_that_are_held_for_a_hundred_thousand_measures_are_refused() -> None:
    keys = [(0, 4 * TICKS * 100_000, pitch) for pitch in range(51)]
    with pytest.raises(SongError, match="5,100,000 pieces: end the notes that are held"):
        quantise(make_source(keys), Grid(4))
    assert len(quantise(make_source(keys[1:]), Grid(4)).song.notes) == 50
