from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from musicvae.midi.reading.note_steps import lay_notes
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import FINE_GRID, Grid, Part
from musicvae.midi.songs.source import SOURCE_NOTE, Source

TICKS = 480
RNG = np.random.default_rng(0)


def source_of(beats: Iterable[tuple[float, float]], *others: Iterable[tuple[float, float]]) -> Source:
    """Source of notes from one beat to another, a track of each list."""
    rows = [
        (round(TICKS * start), round(TICKS * end), 60, 80, track)
        for track, notes in enumerate((beats, *others))
        for start, end in notes
    ]
    parts = tuple(Part(name) for name in ("Lute", "Viol", "Pipe")[: 1 + len(others)])
    return Source(np.array(rows, SOURCE_NOTE), parts, TICKS)


def played(*places: float, measures: int = 30) -> list[tuple[float, float]]:
    """Return notes of a third of a beat at places of many measures, each up to .04 beat early or late."""
    beats = [1 + 4 * measure + place for measure in range(measures) for place in places]
    return [(beat, beat + 1 / 3) for beat in np.array(beats) + RNG.uniform(-0.04, 0.04, len(beats))]


def test_triplets_beside_sixteenths_thirty_seconds_and_sextuplets_are_exact() -> None:
    edges = [0, 1 / 3, 2 / 3, 1, 1.25, 1.5, 1.625, 1.75, 2, 2 + 1 / 6, 2 + 1 / 3, 3]
    start, end, notices, _ = lay_notes(source_of(zip(edges, edges[1:], strict=False)), FINE_GRID)
    assert [*start, end[-1]] == [0, 8, 16, 24, 30, 36, 39, 42, 48, 52, 56, 72]
    assert start[1:].tolist() == end[:-1].tolist()
    assert notices == ()


def test_a_played_chord_is_one_onset_on_a_sixteenth() -> None:
    start, _, notices, _ = lay_notes(source_of(sorted(played(0, 0, 0, 0.75, 0.75, 2))), FINE_GRID)
    assert sorted({*(start % 96).tolist()}) == [24, 42, 72]
    assert notices == (Notice("tracks played by hand, laid on the nearest sixteenths", 1, ("Lute",)),)


def test_played_swing_comes_to_triplets() -> None:
    start, _, notices, _ = lay_notes(source_of(played(0, 0.65, 1, 1.65, 2, 3)), FINE_GRID)
    assert sorted({*(start % 24).tolist()}) == [0, 16]
    assert notices == (Notice("tracks played by hand, laid on the nearest triplets", 1, ("Lute",)),)


def test_played_notes_keep_their_order() -> None:
    start = lay_notes(source_of(sorted(played(0, 0.3, 0.6, 0.7, 1.9))), FINE_GRID).start
    assert np.all(np.diff(start) >= 0)


def test_written_tracks_stay_beside_played_ones() -> None:
    fast = [(beat / 8, (beat + 1) / 8) for beat in range(64)]
    source = source_of(fast, played(0, 1, 2.5))
    start, _, notices, _ = lay_notes(source, FINE_GRID)
    assert start[:64].tolist() == [3 * note for note in range(64)]
    assert [notice.examples for notice in notices] == [("Viol",)]


def test_written_notes_whose_ends_are_played_end_on_the_pulse_or_where_another_begins() -> None:
    beats = [0, 1 / 3, 2 / 3, 1, 1.125, 1.25, 1.5, 2]
    spans = zip(beats, [*beats[1:], 3], strict=True)
    gates = 0.9 + 0.09 * RNG.random(len(beats))
    source = source_of([(on, on + share * (off - on)) for (on, off), share in zip(spans, gates, strict=True)])
    start, end, notices, _ = lay_notes(source, FINE_GRID)
    assert end.tolist() == [*start[1:].tolist(), 72]
    assert notices == ()


def test_a_note_of_no_length_that_was_played_ends_on_the_next_sixteenth() -> None:
    assert lay_notes(source_of([(beat, beat + 0.02) for beat in range(10)]), FINE_GRID).end[0] == 6


@pytest.mark.parametrize("per_beat", [5, 16], ids=["quintuplets", "sixty-fourths"])
def test_a_few_written_notes_that_the_grid_has_not_come_to_the_nearest_step_and_are_told(
    per_beat: int,
) -> None:
    odd = [(40 + note / per_beat, 40 + (note + 1) / per_beat) for note in range(4)]
    plain = [(beat / 2, (beat + 1) / 2) for beat in range(80)]
    start, _, notices, _ = lay_notes(source_of([*plain, *odd]), FINE_GRID)
    assert start[80:].tolist() == [40 * 24 + int(np.floor(24 * note / per_beat + 0.5)) for note in range(4)]
    assert notices == (Notice("notes moved to the nearest step", 2),)


def test_a_tick_is_not_worth_a_word() -> None:
    late = [(beat / 2 + 1 / TICKS, beat / 2 + 0.5) for beat in range(40)]
    assert lay_notes(source_of(late), FINE_GRID).notices == ()


def test_a_coarse_grid_has_each_note_at_the_nearest_step() -> None:
    source = source_of(played(0, 0.65, 1, 1.65, 2, 3))
    start, end, notices, _ = lay_notes(source, Grid(4))
    for steps, time in ((start, "start"), (end, "end")):
        assert steps.tolist() == np.floor(source.notes[time] / (TICKS / 4) + 0.5).astype(int).tolist()
    assert [notice.what for notice in notices] == ["tracks played by hand, laid on the nearest steps"]
