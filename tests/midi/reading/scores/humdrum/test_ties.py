from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.spines import KERN, Spine, SpinePath
from musicvae.midi.reading.scores.humdrum.ties import JoinedNote, Ties

STAFF = Spine(KERN)
PATH, BESIDE, ELSEWHERE = SpinePath(STAFF), SpinePath(STAFF), SpinePath(Spine(KERN))


def note(start: int, end: int, pitch: int = 60) -> JoinedNote:
    return JoinedNote(start, end, pitch)


@pytest.mark.parametrize("path", [PATH, BESIDE, ELSEWHERE])
def test_a_note_goes_on_in_any_path(path: SpinePath) -> None:
    ties, first = Ties(), note(0, 4)
    ties.open(first, PATH)
    assert ties.close(60, 4, 0, path) is first


def test_a_note_of_another_pitch_does_not_go_on() -> None:
    ties = Ties()
    ties.open(note(0, 4, 62), PATH)
    assert ties.close(60, 4, 0, PATH) is None


def test_a_tie_is_closed_once() -> None:
    ties = Ties()
    ties.open(note(0, 4), PATH)
    ties.close(60, 4, 0, PATH)
    assert ties.close(60, 4, 0, PATH) is None


def test_of_several_the_nearest_goes_on() -> None:
    ties, far, near, own = Ties(), note(0, 4), note(1, 4), note(2, 4)
    for each, path in [(far, ELSEWHERE), (near, BESIDE), (own, PATH)]:
        ties.open(each, path)
    assert [ties.close(60, 4, 0, PATH) for _ in range(3)] == [own, near, far]


def test_one_that_ends_where_the_other_begins_goes_before_one_with_a_gap() -> None:
    ties, apart, whole = Ties(), note(0, 3), note(0, 4)
    ties.open(apart, PATH)
    ties.open(whole, ELSEWHERE)
    assert ties.close(60, 4, 0, PATH) is whole


def test_a_gap_is_allowed_but_not_a_long_one() -> None:
    ties, first = Ties(), note(0, 2)
    ties.open(first, PATH)
    assert ties.close(60, 8, 4, PATH) is None
    assert ties.close(60, 4, 0, PATH) is first


def test_a_note_that_still_sounds_does_not_go_on() -> None:
    ties = Ties()
    ties.open(note(0, 8), PATH)
    assert ties.close(60, 4, 0, PATH) is None


def test_a_tie_that_was_never_closed_gives_way() -> None:
    ties, later = Ties(), note(2, 3)
    ties.open(note(0, 1), PATH)
    ties.open(later, PATH)
    assert ties.close(60, 4, 0, PATH) is later
    assert ties.close(60, 4, 0, PATH) is None
