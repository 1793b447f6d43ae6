from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.measure_lists import Page, page_key, pages_to_song, song_to_pages
from musicvae.midi.songs.measure_notes import MEASURE_NOTE
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song


@given(data=st.data())
@settings(max_examples=50)
def test_songs_survive_a_round_trip_through_pages(
    songs_for_config: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(songs_for_config)
    assert pages_to_song(song_to_pages(song), song.meters, song.parts, song.grid) == song


def test_a_song_has_a_page_for_each_measure(config: MeasureVAEConfig) -> None:
    rows = [(0, 4, 60, 80, 0), (6, 4, 62, 80, 0), (0, 1, 36, 80, 1)]
    pages = song_to_pages(Song(make_notes(rows), (Meter(2, 4),) * 3, config.parts, config.grid))
    columns = ["step", "length", "pitch", "held"]
    assert [page[columns].tolist() for page in pages] == [
        [(0, 4, 60, False), (0, 1, 36, False), (6, 2, 62, False)],
        [(0, 2, 62, True)],
        [],
    ]


def page_of(*rows: tuple[int, int, int, int, bool]) -> Page:
    """Return a page of notes, by step, length, pitch, part and whether it is held."""
    page = np.zeros(len(rows), MEASURE_NOTE)
    for name, column in zip(
        ("step", "length", "pitch", "part", "held"), zip(*rows, strict=True), strict=False
    ):
        page[name] = column
    return page


PAGE = page_of((0, 2, 60, 0, True), (4, 2, 62, 0, False), (4, 2, 60, 1, False))


def test_pages_say_the_same_whatever_their_order_their_velocities_and_what_they_hold() -> None:
    other = PAGE[::-1].copy()
    other["held"], other["velocity"], other["measure"] = False, 99, 7
    assert page_key(other) == page_key(PAGE)
    assert page_key(page_of()) == page_key(page_of())


def test_pages_with_other_notes_say_other_things() -> None:
    others = [page_of(), PAGE[:2], PAGE[[0, 0, 1, 2]]]
    for name in ("step", "length", "pitch", "part"):
        for note in range(3):
            other = PAGE.copy()
            other[name][note] += 1
            others.append(other)
    assert page_key(PAGE) not in {page_key(other) for other in others}
    swapped = page_of((0, 2, 62, 0, True), (4, 2, 60, 0, False), (4, 2, 60, 1, False))
    assert page_key(swapped) != page_key(PAGE)
