from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.score_signs import ScoreSigns
from musicvae.midi.reading.scores.humdrum.spines import KERN, Spine

LOW, MIDDLE, HIGH = Spine(KERN), Spine(KERN), Spine(KERN)


def signs_of(*lines: list[tuple[Spine, str]]) -> ScoreSigns:
    """Return what lines of interpretations say, before the notes of beats 0, 1 and so on."""
    signs = ScoreSigns()
    for beat, line in enumerate(lines):
        for spine, token in line:
            signs.take(spine, token)
        signs.place(beat, 10 * beat)
    return signs


def keys_of(*lines: list[tuple[Spine, str]]) -> list[tuple[int, str]]:
    return [(tick, key) for tick, key in signs_of(*lines).keys]


def test_a_signature_alone_is_major() -> None:
    assert keys_of([(LOW, "*k[b-]")]) == [(0, "F major")]


@pytest.mark.parametrize(
    ("name", "key"),
    [("*F:", "F major"), ("*d:", "D minor"), ("*g:dor", "G dorian"), ("*C:mix", "C mixolydian")],
)
def test_a_signature_and_its_name_are_one_key(name: str, key: str) -> None:
    assert keys_of([(LOW, "*k[b-]"), (LOW, name)]) == [(0, key)]


def test_the_name_wins_over_a_signature_with_a_sign_too_few() -> None:
    assert keys_of([(LOW, "*k[]"), (LOW, "*d:")]) == [(0, "D minor")]


def test_a_key_that_nobody_can_write_is_a_slip_and_its_signature_holds() -> None:
    assert keys_of([(LOW, "*k[b-e-a-d-g-c-]"), (LOW, "*g-:")]) == [(0, "Gb major")]


def test_a_name_alone_is_the_key_of_the_beginning() -> None:
    assert keys_of([(LOW, "*e:")], [(LOW, "*G:")]) == [(0, "E minor")]


def test_a_name_later_on_is_no_change_of_signature() -> None:
    assert keys_of([(LOW, "*k[]"), (LOW, "*C:")], [(LOW, "*G:")]) == [(0, "C major")]


def test_a_change_of_signature_is_kept_and_one_that_changes_nothing_is_not() -> None:
    assert keys_of([(LOW, "*k[]")], [(LOW, "*k[]")], [(LOW, "*k[f#]")]) == [(0, "C major"), (20, "G major")]


def test_of_several_signatures_that_of_most_spines_counts() -> None:
    line = [(LOW, "*k[]"), (MIDDLE, "*k[b-]"), (HIGH, "*k[b-]"), (LOW, "*C:"), (HIGH, "*d:")]
    assert keys_of(line) == [(0, "D minor")]


def test_tempi_of_all_spines_are_one() -> None:
    signs = signs_of(
        [(LOW, "*MM96"), (HIGH, "*MM96")], [], [(LOW, "*MM120"), (HIGH, "*MM120")], [(LOW, "*MM120")]
    )
    assert [(tick, bpm) for tick, bpm in signs.tempi] == [(0, 96), (20, 120)]


def test_meters_of_the_highest_part_come_first_each_once() -> None:
    signs = signs_of([(LOW, "*M6/8"), (MIDDLE, "*M2/4"), (HIGH, "*M2/4")], [(LOW, "*M2/4")])
    assert [(at.start, [str(meter) for meter in at.meters]) for at in signs.meters] == [
        (0, ["2/4", "6/8"]),
        (1, ["2/4"]),
    ]


def test_music_without_a_meter_has_none() -> None:
    signs = signs_of([(LOW, "*M3/4")], [(LOW, "*MX")])
    assert [at.meters for at in signs.meters][1] == (None,)
