"""What is looked for in a measure of 2/4, the second of a song, with another one after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.compose.repair.draft import Draft
from musicvae.compose.repair.given_notes import GivenNotes
from musicvae.compose.repair.noise_channel import NoiseChannel
from musicvae.compose.repair.passage import NEW, TRACED, Scope, trace
from musicvae.compose.repair.single_repairs import find_repairs
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

CHANNEL = NoiseChannel(0.2)
STEPS = 8
Row = tuple[int, int, int]  # start, length, pitch
CLEAN: list[Row] = [(8, 2, 60), (10, 2, 62), (12, 2, 64), (14, 2, 65), (16, 8, 67)]


def scope(*lines: int, within: tuple[int, int] = (0, 24), given: int = 0) -> Scope:
    """Return where repairs of so many given notes are looked for."""
    return Scope(np.array([8, 16, 24]), within, lines, np.arange(given))


def notes_of(rows: Sequence[Row]) -> np.ndarray:
    return make_notes((*row, 80, 0) for row in sorted(rows))


def given_notes(rows: Sequence[Row], *lines: int) -> GivenNotes:
    return GivenNotes(Song(notes_of(rows), (Meter(2, 4),) * 3, ENSEMBLES["melody"]), lines, CHANNEL)


def expecting(likely: Sequence[Row]) -> np.ndarray:
    """Return what is expected where the decoder expects some onsets and no others."""
    expected = np.full((STEPS, 1, 128), -12.0)
    for start, _, pitch in likely:
        if 8 <= start < 16:
            expected[start - 8, 0, pitch] = -0.5
    return expected


def rows_of(notes: np.ndarray) -> tuple[Row, ...]:
    return tuple(notes[["start", "length", "pitch"]].tolist())


def repairs(
    given: Sequence[Row],
    where: Scope,
    likely: Sequence[Row] = CLEAN,
    now: np.ndarray | None = None,
) -> dict[tuple[Row, ...], float]:
    """Return what is found and what it costs, of what was given or what has become of it by now."""
    where = where._replace(sources=np.arange(len(given)))
    notes = trace(notes_of(given)) if now is None else now
    draft = Draft(notes, expecting(likely), where, given_notes(given, *where.lines))
    return {rows_of(each.notes): each.cost for each in find_repairs(draft)}


def without(row: Row) -> list[Row]:
    return [other for other in CLEAN if other != row]


def test_a_dropped_note_is_put_back() -> None:
    found = repairs(without((12, 2, 64)), scope(0))
    assert found[tuple(CLEAN)] == CHANNEL.dropped


def test_a_note_at_the_wrong_pitch_is_put_right() -> None:
    found = repairs([*without((12, 2, 64)), (12, 2, 61)], scope(0))
    assert found[tuple(CLEAN)] == CHANNEL.repitched(3)


def test_a_note_that_came_too_late_gives_way_to_the_one_it_cut_short() -> None:
    # The third note came a step late: the second one sounds until its old place, the third one is cut.
    late = [(8, 2, 60), (10, 2, 62), (13, 1, 64), (14, 2, 65), (16, 8, 67)]
    assert repairs(late, scope(0))[tuple(CLEAN)] == CHANNEL.shifted(-1)


def test_a_note_that_came_too_early_lets_the_one_before_sound_again() -> None:
    early = [(8, 2, 60), (10, 1, 62), (11, 2, 64), (14, 2, 65), (16, 8, 67)]
    assert repairs(early, scope(0))[tuple(CLEAN)] == CHANNEL.shifted(1)


def test_a_note_that_was_cut_short_sounds_until_the_next() -> None:
    short = [(8, 2, 60), (10, 1, 62), *CLEAN[2:]]
    assert repairs(short, scope(0))[tuple(CLEAN)] == CHANNEL.stretched(1)


def test_a_note_that_was_never_there_is_left_out() -> None:
    found = repairs([(8, 1, 60), (9, 1, 90), *CLEAN[1:]], scope(0))
    assert found[tuple(CLEAN)] == CHANNEL.extra(6, 24)  # and the one before it sounds as long as both


def test_a_note_from_the_measure_after_may_belong_here() -> None:
    late = [*CLEAN[:3], (17, 2, 65), (19, 5, 67)]
    earlier = repairs(late, scope(0))
    assert any((14, 2, 65) in notes or (15, 2, 65) in notes for notes in earlier)


def test_a_note_that_ends_at_the_barline_may_go_on() -> None:
    given = [(4, 4, 59), (12, 2, 64), (14, 2, 65), (16, 8, 67)]
    assert ((4, 8, 59), *given[1:]) in repairs(given, scope(0))


def test_the_silence_before_the_first_note_and_after_the_last_is_meant() -> None:
    given = CLEAN[2:4]
    begun = repairs(given, scope(0))
    assert any(notes[0][0] < 12 for notes in begun)
    meant = repairs(given, scope(0, within=(12, 16)))
    assert all(notes[0][0] >= 8 and len(notes) <= 2 for notes in meant)


def test_where_all_is_as_expected_and_no_hole_is_left_no_other_note_is_thought_of() -> None:
    found = repairs(CLEAN, scope(0))
    assert all({pitch for _, _, pitch in notes} <= {60, 62, 64, 65, 67} for notes in found)
    assert all(len(notes) <= len(CLEAN) for notes in found)


def test_a_note_that_was_put_in_may_be_another_one_or_two_or_none() -> None:
    given = [(8, 2, 60), (14, 2, 65), (16, 8, 67)]
    now = np.insert(trace(notes_of(given)), 1, np.array([(10, 4, 62, 0, 0, NEW)], TRACED))
    found = repairs(given, scope(0), [(10, 2, 59), (12, 2, 64)], now)
    assert found[((8, 2, 60), (10, 4, 59), (14, 2, 65), (16, 8, 67))] == CHANNEL.dropped
    assert found[tuple(CLEAN)] == 2 * CHANNEL.dropped
    assert found[tuple(given)] == 0  # it was not dropped, then


def test_what_was_repaired_can_be_undone() -> None:
    given = [(8, 2, 60), (10, 2, 61), (12, 1, 64), (13, 3, 90), (16, 8, 67)]
    now = trace(notes_of(given))[[0, 1, 2, 4]]
    now["pitch"][1] = 62
    found = repairs(given, scope(0), now=now)
    assert found[(*CLEAN[:2], (12, 1, 64), (13, 3, 90), CLEAN[4])] == CHANNEL.repitched(1)
    assert found[(given[0], given[1], given[2], given[4])] == CHANNEL.extra(5, 24)
    where = scope(0, given=5)
    again = given_notes(given, 0).repair(given_notes(given, 0).restore(now, where), where)
    assert again is not None
    assert (rows_of(again.notes), again.cost) == (tuple(given), 0)


def test_where_notes_sound_together_a_note_can_be_missing_anywhere() -> None:
    chord: list[Row] = [(8, 8, 60), (8, 8, 64), (16, 8, 60)]
    found = repairs(chord, scope(), likely=[(12, 4, 67)])
    assert any((12, 4, 67) in notes for notes in found)


def test_no_repair_leaves_the_passage_or_overlaps_itself() -> None:
    rng = np.random.default_rng(0)
    for _ in range(12):
        starts = np.sort(rng.choice(16, 6, replace=False)) + 8
        rows = [
            (int(start), 1, int(pitch)) for start, pitch in zip(starts, rng.integers(55, 75, 6), strict=True)
        ]
        for notes in repairs(rows, scope(0)):
            ends = [start + length for start, length, _ in notes]
            assert all(length > 0 for _, length, _ in notes)
            assert max(ends) <= 24
            assert all(end <= start for end, (start, _, _) in zip(ends, notes[1:], strict=False))
