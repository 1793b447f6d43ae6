from __future__ import annotations

from musicvae.midi.reading.scores.humdrum.line_clock import LineClock
from musicvae.midi.reading.scores.humdrum.spines import KERN, Spine, SpinePath


class Voices:
    """A clock and voices; a line is told by a length for each of them, 0 for a grace note, None for "."."""

    def __init__(self, count: int) -> None:
        self.clock = LineClock()
        self.paths = [SpinePath(Spine(KERN)) for _ in range(count)]

    def line(self, *lengths: int | None) -> int:
        told = [
            (path, length) for path, length in zip(self.paths, lengths, strict=True) if length is not None
        ]
        start = self.clock.find_start([path.end for path, _ in told], self.paths)
        for path, length in told:
            self.clock.advance(path, start, length)
        return start

    def barline(self, *whole: int) -> None:
        self.clock.meet_barline(whole)

    def barlines(self) -> list[int]:
        self.clock.finish(self.paths)
        return [barline.place for barline in self.clock.barlines]


def test_a_line_begins_where_the_voices_of_its_tokens_end() -> None:
    voices = Voices(2)
    assert [voices.line(4, 2), voices.line(None, 2), voices.line(4, 4)] == [0, 2, 4]


def test_grace_notes_stop_the_time() -> None:
    voices = Voices(2)
    assert [voices.line(0, None), voices.line(2, 2), voices.line(None, 0), voices.line(2, 2)] == [0, 0, 2, 2]


def test_an_idle_voice_comes_in_where_the_others_are() -> None:
    voices = Voices(2)
    starts = [voices.line(2, 2), voices.line(2, None), voices.line(2, None), voices.line(2, 2)]
    assert starts == [0, 2, 4, 6]
    assert voices.clock.apart == 0


def test_an_idle_voice_alone_comes_in_where_the_next_of_the_others_ends() -> None:
    voices = Voices(2)
    assert [voices.line(2, 2), voices.line(4, None), voices.line(None, 2)] == [0, 2, 6]


def test_where_voices_do_not_agree_most_are_right() -> None:
    voices = Voices(3)
    voices.line(4, 4, 5)
    assert voices.line(4, 4, 4) == 4
    assert voices.clock.apart == 1


def test_where_as_many_say_this_as_that_the_later_is_right() -> None:
    voices = Voices(2)
    voices.line(4, 3)
    assert voices.line(4, 4) == 4


def test_measures_begin_at_barlines_and_the_last_ends_with_all() -> None:
    voices = Voices(1)
    voices.barline()
    voices.line(4)
    voices.barline()
    voices.line(2)
    assert voices.barlines() == [0, 4, 6]


def test_a_barline_after_a_pick_up_begins_the_second_measure() -> None:
    voices = Voices(1)
    voices.line(1)
    voices.barline()
    voices.line(4)
    assert voices.barlines() == [1, 5]


def test_two_barlines_at_one_place_are_one() -> None:
    voices = Voices(1)
    for length in (4, 4):
        voices.line(length)
        voices.barline()
        voices.barline()
    assert voices.barlines() == [4, 8]


def test_a_note_may_sound_across_a_barline() -> None:
    voices = Voices(2)
    voices.line(8, 4)
    voices.barline(4)
    voices.line(None, 4)
    assert voices.barlines() == [4, 8]


def test_a_run_may_go_on_across_a_barline_where_another_voice_fills_the_measure() -> None:
    voices = Voices(2)
    voices.line(3, 4)
    voices.barline(4)
    voices.line(3, None)
    voices.line(None, 4)
    voices.line(2, None)
    assert voices.barlines() == [4, 8]
    assert voices.clock.short == 0


def test_a_voice_that_ends_before_others_at_a_barline_is_counted() -> None:
    voices = Voices(2)
    voices.line(2, 1)
    voices.line(2, None)
    voices.barline(4)
    voices.line(4, 4)
    assert voices.barlines() == [4, 8]
    assert voices.clock.short == 1


def test_a_voice_that_is_silent_for_a_measure_is_not() -> None:
    voices = Voices(2)
    voices.line(4, 4)
    voices.barline(4)
    voices.line(4, None)
    voices.barline(4)
    voices.line(4, None)
    assert voices.barlines() == [4, 8, 12]
    assert voices.clock.short == 0
