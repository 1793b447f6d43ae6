from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from musicvae.midi.reading.scores.musicxml.directions import (
    mark_velocity,
    metronome_tempo,
    percent_velocity,
    sound_tempo,
)


def metronome(*, unit: str = "quarter", dots: int = 0, minute: str) -> float | None:
    text = f"<beat-unit>{unit}</beat-unit>{dots * '<beat-unit-dot/>'}<per-minute>{minute}</per-minute>"
    return metronome_tempo(ET.fromstring(f"<metronome>{text}</metronome>"))


@pytest.mark.parametrize(
    ("unit", "dots", "bpm"),
    [("quarter", 0, 60), ("quarter", 1, 90), ("half", 0, 120), ("half", 1, 180), ("eighth", 0, 30),
     ("eighth", 2, 52.5), ("16th", 0, 15), ("32nd", 0, 7.5), ("whole", 0, 240), ("breve", 0, 480)],
)  # fmt: skip
def test_a_tempo_counts_quarter_notes(unit: str, dots: int, bpm: float) -> None:
    assert metronome(unit=unit, dots=dots, minute="60") == bpm


@pytest.mark.parametrize(
    ("minute", "bpm"),
    [
        ("72", 72),
        (" 72.5 ", 72.5),
        ("c. 72", 72),
        ("ca. 72", 72),
        ("72,5", 72.5),
        ("96-104", 100),
        ("96 – 104", 100),
    ],
)
def test_a_tempo_may_be_said_in_words(minute: str, bpm: float) -> None:
    assert metronome(minute=minute) == bpm


@pytest.mark.parametrize("minute", ["", "fast", "0", "99999"])
def test_what_is_no_tempo_sets_none(minute: str) -> None:
    assert metronome(minute=minute) is None


@pytest.mark.parametrize(
    "text",
    [
        "<beat-unit>quarter</beat-unit><beat-unit>eighth</beat-unit><beat-unit-dot/>",
        "<beat-unit>quarter</beat-unit><beat-unit>half</beat-unit><per-minute>60</per-minute>",
        "<metronome-note><metronome-type>quarter</metronome-type></metronome-note>",
        "<beat-unit>crotchet</beat-unit><per-minute>60</per-minute>",
    ],
)
def test_a_relation_of_notes_sets_no_tempo(text: str) -> None:
    assert metronome_tempo(ET.fromstring(f"<metronome>{text}</metronome>")) is None


@pytest.mark.parametrize(
    ("sound", "bpm"),
    [
        ('<sound tempo="90.5"/>', 90.5),
        ('<sound tempo="0"/>', None),
        ("<sound/>", None),
        ('<sound tempo="x"/>', None),
    ],
)
def test_a_sound_sets_a_tempo(sound: str, bpm: float | None) -> None:
    assert sound_tempo(ET.fromstring(sound)) == bpm


@pytest.mark.parametrize(
    ("marks", "velocity"),
    [("<f/>", 89), ("<pp/>", 32), ("<sf/>", None), ("<fp/><p/>", 44), ("", None),
     ("<other-dynamics>mf</other-dynamics>", 70), ("<other-dynamics>dolce</other-dynamics>", None)],
)  # fmt: skip
def test_dynamics_that_last_set_the_velocity(marks: str, velocity: int | None) -> None:
    assert mark_velocity(ET.fromstring(f"<dynamics>{marks}</dynamics>")) == velocity


@pytest.mark.parametrize(
    ("percent", "velocity"),
    [("100", 90), ("50", 45), ("500", 127), ("0", 1), ("-1", None), ("loud", None), (None, None)],
)
def test_a_loudness_is_a_part_of_velocity_90(percent: str | None, velocity: int | None) -> None:
    assert percent_velocity(percent) == velocity
