from __future__ import annotations

import pytest

from musicvae.evaluate.drawing import roll_page
from musicvae.evaluate.drawing.roll_axes import Stretch
from musicvae.evaluate.drawing.roll_page import (
    TALLEST,
    LegendEntry,
    Panels,
    Row,
    lay_page,
    one_line,
    panels_of,
    split_rows,
)
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


def rows(count: int) -> list[Row]:
    one = song((60, 0), (84, 0), (38, 1))
    return [Row(Stretch(one, 0, one.steps), panels_of([one]), (), {})] * count


@pytest.mark.parametrize("count", [1, 6, 30])
def test_rows_are_split_into_pages_that_are_no_taller_than_paper(count: int) -> None:
    legend = [LegendEntry("a name of many letters", "#000000")] * 12
    pages = list(split_rows(rows(count), "Title", legend))
    assert sum(map(len, pages)) == count
    assert max(lay_page(page, "Title", "", legend).get_size_inches()[1] for page in pages) <= TALLEST


def test_a_page_has_one_row_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roll_page, "TALLEST", 1.0)
    assert [len(page) for page in split_rows(rows(2), "Title")] == [1, 1]


def test_a_legend_stands_beside_the_title_where_there_is_room() -> None:
    legend = [LegendEntry("violin", "#000000")] * 4
    beside, below = lay_page(rows(1), "Short", "", legend), lay_page(rows(1), "Long title" * 7, "", legend)
    assert below.get_size_inches()[1] > beside.get_size_inches()[1]


def test_pages_may_have_one_scale() -> None:
    [half] = lay_page(rows(1), "", "", wide=32).axes[:1]
    [whole] = lay_page(rows(1), "", "").axes[:1]
    assert half.get_position().width == pytest.approx(whole.get_position().width / 2)


def test_a_legend_of_long_names_has_fewer_columns() -> None:
    short = lay_page(rows(1), "", "", [LegendEntry("abcdefghij", "#000000")] * 12)
    long = lay_page(rows(1), "", "", [LegendEntry("abcdefghij" * 3, "#000000")] * 12)
    assert long.get_size_inches()[1] > short.get_size_inches()[1]
