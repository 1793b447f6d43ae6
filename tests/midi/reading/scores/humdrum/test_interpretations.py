from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.interpretations import (
    parse_key,
    parse_meter,
    parse_signature,
    parse_tempo,
    parse_transposition,
)


@pytest.mark.parametrize(
    ("token", "meter"),
    [
        *[("*M3/4", "3/4"), ("*M12/8", "12/8"), ("*M2/1", "2/1"), ("*M3/0", "6/1"), ("*M2+3/8", "5/8")],
        *[("*yyM2/1", "2/1"), ("*M4/4:symbol", "4/4")],
    ],
)
def test_meters(token: str, meter: str) -> None:
    assert str(parse_meter(token)) == meter


@pytest.mark.parametrize(
    "token", ["*M", "*MX", "*M0/4", "*M3/5", "*met(c)", "*MM120", "*M3", "*M999999999999/4"]
)
def test_what_is_no_meter(token: str) -> None:
    assert parse_meter(token) is None


@pytest.mark.parametrize(("token", "bpm"), [("*MM120", 120), ("*MM66.5", 66.5), ("*MM60-70", 65)])
def test_tempi(token: str, bpm: float) -> None:
    assert parse_tempo(token) == bpm


@pytest.mark.parametrize("token", ["*MM[Allegro]", "*MM", "*MM0", "*MM9999", "*M3/4"])
def test_words_and_impossible_numbers_are_no_tempo(token: str) -> None:
    assert parse_tempo(token) is None


@pytest.mark.parametrize(
    ("token", "fifths"),
    [("*k[]", 0), ("*k[f#c#]", 2), ("*k[b-e-a-]", -3), ("*k[bnenf#c#]", 2), ("*k[fn-cn-b-e-a-]", -3)],
)
def test_signatures_count_their_signs_but_no_naturals(token: str, fifths: int) -> None:
    assert parse_signature(token) == fifths


@pytest.mark.parametrize(
    ("token", "key"),
    [
        *[("*G:", "G major"), ("*e:", "E minor"), ("*B-:", "Bb major"), ("*f#:", "F# minor")],
        *[("*D:mix", "D mixolydian"), ("*d:dor", "D dorian"), ("*F:lyd", "F lydian"), ("*a:aeo", "A minor")],
        ("*C:ion", "C major"),
    ],
)
def test_keys_by_name(token: str, key: str) -> None:
    assert parse_key(token) == key


@pytest.mark.parametrize("token", ["*?:", "*clefG2", "*custos:c", "*v:1", "*below:2"])
def test_what_is_no_key(token: str) -> None:
    assert parse_key(token) is None


@pytest.mark.parametrize(
    ("token", "semitones"), [("*Trd1c2", 2), ("*Trd-1c-2", -2), ("*ITrd1c2", None), ("*Tr", None)]
)
def test_only_spines_that_were_moved_are_transposed(token: str, semitones: int | None) -> None:
    assert parse_transposition(token) == semitones
