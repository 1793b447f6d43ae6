from __future__ import annotations

import pytest

from musicvae.evaluate.drawing.roll_page import Panels, one_line, panels_of
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

PARTS = (Part("flute"), Part("drums", is_drums=True))


def song(*notes: tuple[int, int]) -> Song:
    """Return a measure in which the (pitch, part) pairs begin one after another."""
    rows = make_notes((step, 1, pitch, 80, part) for step, (pitch, part) in enumerate(notes))
    return Song(rows, (Meter(4, 4),), PARTS)


def test_panels_hold_the_pitches_and_the_drum_keys_of_all_songs() -> None:
    panels = panels_of([song((60, 0), (38, 1)), song((72, 0), (36, 1))])
    assert panels == Panels(58, 74, (36, 38))


def test_panels_stay_within_the_pitches_that_exist() -> None:
    assert panels_of([song((0, 0), (127, 0))]) == Panels(0, 127)


def test_drums_alone_need_no_piano_roll() -> None:
    panels = panels_of([song((36, 1))])
    assert panels.roll_height == 0
    assert panels.height == panels.lanes_height > 0


def test_silence_has_an_empty_piano_roll() -> None:
    assert panels_of([song()]).roll_height > 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines\tand \x00more", "two lines and more"),
        ("123456789", "1234567…"),
        ("", ""),
    ],
)
def test_text_is_shown_on_one_line_and_cut_off(text: str, shown: str) -> None:
    assert one_line(text, 18 if len(text) > 9 else 8) == shown
