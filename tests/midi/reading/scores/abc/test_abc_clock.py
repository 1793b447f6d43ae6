from __future__ import annotations

from collections.abc import Callable

from musicvae.midi.reading.scores.abc.abc_clock import AbcClock
from musicvae.midi.reading.scores.abc.abc_sheet import AbcSheet, Place


def clock_after(music: str) -> AbcClock:
    """Return a clock after numbers (grains), barlines, rests ("Z") and signs of overlays."""
    clock = AbcClock(AbcSheet())
    signs: dict[str, Callable[[], None]] = {
        **{"|": clock.end_measure, "&": clock.overlay, "(&": clock.mark, "&)": clock.catch_up},
        **{"Z": lambda: clock.rest_measures(1)},
    }
    for sign in music.split():
        if sign in signs:
            signs[sign]()
        else:
            clock.go_on(int(sign))
    return clock


def test_a_measure_is_as_long_as_what_stands_in_it() -> None:
    clock = clock_after("4 | 1 2 | 3")
    assert (clock.lengths, clock.place) == ([4, 3], Place(2, 3))


def test_barlines_beside_each_other_are_one() -> None:
    assert clock_after("| 4 | | Z | 3 |").lengths == [4, None, 3]


def test_the_longest_layer_says_how_long_a_measure_is() -> None:
    assert clock_after("3 & 4 & 2 |").lengths == [4]


def test_overlays_do_not_change_measures_that_have_ended() -> None:
    assert clock_after("3 | 4 | & & 4 | 5 |").lengths == [3, 4]
    assert clock_after("Z | & 4 |").lengths == [None]


def test_an_overlay_without_notes_ends_with_its_measure() -> None:
    assert clock_after("4 & | 3 |").lengths == [4, 3]


def test_a_layer_goes_on_until_it_has_caught_up() -> None:
    layers = [
        clock_after(music).layer for music in ("4 | 4 | & & 4", "4 | 4 | & & 4 |", "4 | 4 | & & 4 | 4 |")
    ]
    assert layers == [2, 2, 0]
    assert clock_after("4 | 4 & & 4 | 4").layer == 2


def test_overlays_go_back_to_the_mark_until_they_are_over() -> None:
    assert clock_after("4 | 1 (& 3 | 4 &").place == Place(1, 1)
    assert clock_after("4 | 1 (& 3 | 4 & 3 | 2 &)").place == Place(2, 4)
    assert clock_after("4 | 1 (& 3 | 4 & 3 | 2 &) 1 &").place == Place(2, 0)


def test_nothing_goes_back_beyond_the_beginning() -> None:
    assert clock_after("& & 4").place == Place(0, 4)


def test_the_next_measure_is_this_one_while_nothing_stands_in_it() -> None:
    assert [clock_after(music).next_measure for music in ("", "4", "4 |", "4 &", "4 | 4 | & &")] == [
        0,
        1,
        1,
        1,
        0,
    ]


def test_measures_of_overlays_are_written_too() -> None:
    assert clock_after("4 | 4 | & & 4 | 4 | Z").written == 5
