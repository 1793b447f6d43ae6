from __future__ import annotations

import numpy as np
import pytest

from musicvae.midi.reading.smf.lyrics import find_singer, tidy_syllables
from musicvae.midi.songs.source import SOURCE_NOTE


def test_a_syllable_that_its_word_goes_on_after_ends_in_a_hyphen() -> None:
    assert tidy_syllables(["\\Hel", "lo ", "my ", "dear", "/And", " so"]) == [
        "Hel-",
        "lo",
        "my",
        "dear",
        "And",
        "so",
    ]
    assert tidy_syllables(["Hel-", "lo", "you"]) == ["Hel-", "lo", "you"]


@pytest.mark.parametrize(
    ("ticks", "singer"),
    [
        ([0, 96, 192], 0),
        ([0, 48, 96, 144], 1),
        ([3, 50, 90, 146], 1),  # near enough
        ([20, 500, 900], -1),
    ],
)
def test_the_singer_is_the_track_in_whose_rhythm_words_are_sung(ticks: list[int], singer: int) -> None:
    onsets = [(tick, 0) for tick in (0, 96, 192)] + [(tick, 1) for tick in (0, 48, 96, 144)]
    notes = np.array([(tick, tick + 40, 60, 80, track) for tick, track in onsets], SOURCE_NOTE)
    assert find_singer(np.array(ticks), notes, 96) == singer


def test_of_voices_in_one_rhythm_each_sings_the_words_that_stand_in_it() -> None:
    notes = np.array([(tick, tick + 40, 60, 80, track) for tick in (0, 96) for track in (0, 1)], SOURCE_NOTE)
    assert [find_singer(np.array([0, 96]), notes, 96, own) for own in (-1, 0, 1)] == [0, 0, 1]
