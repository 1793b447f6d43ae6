from __future__ import annotations

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.score_measures import ScoreMeasure
from musicvae.midi.reading.scores.score_source import walk_to_source
from musicvae.midi.reading.scores.score_walk import (
    TICKS_PER_BEAT,
    ChordMark,
    DynamicMark,
    PartWalk,
    ScoreNote,
    ScoreWalk,
)
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Meter, Part
from musicvae.midi.songs.source import KeyChange, Lyric, TempoChange, TextAt

BEAT = TICKS_PER_BEAT
WALTZ = Meter(3, 4)


def walk_of(*notes: ScoreNote, pick_up: int = 3) -> ScoreWalk:
    """Return a waltz of a part whose first measure has so many beats, and of one more measure."""
    measures = [
        ScoreMeasure(0, pick_up * BEAT, WALTZ),
        ScoreMeasure(pick_up * BEAT, 3 * BEAT, WALTZ),
    ]
    return ScoreWalk([PartWalk(Part("Fiddle", 40), list(notes))], measures)


def test_a_part_is_a_track_and_graces_stand_without_a_length_before_their_note() -> None:
    notes = (ScoreNote(0, BEAT, 60), ScoreNote(0, 0, 64), ScoreNote(0, 0, 62))
    source = walk_to_source(walk_of(*notes))
    assert source.tracks == (Part("Fiddle", 40),)
    assert [note[:3] for note in source.notes.tolist()] == [(0, 0, 64), (0, 0, 62), (0, BEAT, 60)]


def test_all_that_stands_in_a_measure_after_a_pick_up_moves_with_it() -> None:
    walk = walk_of(ScoreNote(0, BEAT, 60), ScoreNote(BEAT, 2 * BEAT, 62), pick_up=1)
    walk.tempi = [TempoChange(0, 90.0), TempoChange(2 * BEAT, 60.0)]
    walk.keys = [KeyChange(0, "G major")]
    walk.parts[0].lyrics = [TextAt(BEAT, "a-")]
    source = walk_to_source(walk)
    assert source.notes["start"].tolist() == [2 * BEAT, 3 * BEAT]
    assert source.tempi == (TempoChange(0, 90.0), TempoChange(4 * BEAT, 60.0))
    assert source.keys == (KeyChange(0, "G major"),)
    assert source.lyrics == (Lyric(3 * BEAT, "a-", 0),)


def test_a_pick_up_that_is_a_rest_is_no_measure() -> None:
    walk = walk_of(ScoreNote(BEAT, 2 * BEAT, 60), pick_up=1)
    walk.tempi = [TempoChange(0, 90.0)]
    source = walk_to_source(walk)
    assert [note[:2] for note in source.notes.tolist()] == [(0, BEAT)]
    assert source.tempi == (TempoChange(0, 90.0),)
    assert walk_to_source(walk_of(ScoreNote(3 * BEAT, 4 * BEAT, 60))).notes["start"][0] == 3 * BEAT


def test_a_dynamic_mark_holds_until_the_next_but_for_a_note_with_its_own_velocity() -> None:
    notes = [ScoreNote(beat * BEAT, (beat + 1) * BEAT, 60) for beat in range(4)]
    notes[3] = notes[3]._replace(velocity=33)
    walk = walk_of(*notes)
    walk.parts[0].dynamics = [DynamicMark(2 * BEAT, 50), DynamicMark(BEAT, 100)]
    assert walk_to_source(walk).notes["velocity"].tolist() == [80, 100, 50, 33]


def test_a_chord_symbol_lasts_until_the_next_in_any_part() -> None:
    walk = walk_of(ScoreNote(0, BEAT, 60))
    walk.parts[0].chords = [ChordMark(0, (48, 52, 55)), ChordMark(5 * BEAT, ())]
    walk.parts.append(PartWalk(Part("Flute", 73), chords=[ChordMark(3 * BEAT, (55, 59, 62))]))
    source = walk_to_source(walk)
    assert source.tracks[2] == Part("chords")
    chords = source.notes[source.notes["track"] == 2]
    assert [(note["start"] // BEAT, note["end"] // BEAT, note["pitch"]) for note in chords] == [
        (0, 3, 48), (0, 3, 52), (0, 3, 55), (3, 5, 55), (3, 5, 59), (3, 5, 62),
    ]  # fmt: skip


def test_notes_that_cannot_be_are_dropped_and_told() -> None:
    source = walk_to_source(walk_of(ScoreNote(0, BEAT, 60), ScoreNote(0, BEAT, 128), ScoreNote(BEAT, 0, 60)))
    assert len(source.notes) == 1
    assert source.notices == (Notice("impossible notes were dropped (pitch or length)", 2),)


def test_a_score_without_notes_is_refused() -> None:
    with pytest.raises(SongError, match="there are no notes in it"):
        walk_to_source(walk_of())
