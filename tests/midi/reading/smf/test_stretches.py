from __future__ import annotations

from musicvae.midi.reading.smf.midi_bytes import quantity_to_bytes
from musicvae.midi.reading.smf.stretches import PAIRS, SINGLES, count_pairs, count_singles

ON = b"\x00\x90\x3c\x40"
OFF = b"\x60\x80\x3c\x00"


def test_note_ons_are_counted_through_running_status() -> None:
    running = b"\x00\x91\x3c\x40" + b"\x10\x3e\x40" + b"\x10\x3c\x00" + b"\x10\x3e\x00"
    counts = count_pairs([running])
    assert (counts.ticks, counts.note_ons, counts.unended) == (48, 2, ())


def test_running_status_goes_on_from_one_stretch_to_the_next() -> None:
    assert count_pairs([ON, b"\x05\x3e\x40", b"\x05\x3e\x00"]).note_ons == 2


def test_events_that_are_no_notes_do_not_count_as_notes() -> None:
    pressure, controller, bend = b"\x00\xa0\x3c\x40", b"\x00\xb0\x07\x40", b"\x00\xe0\x00\x40"
    assert count_pairs([pressure + controller + bend + ON + OFF]).note_ons == 1


def test_deltas_of_every_size_are_summed() -> None:
    deltas = [0, 127, 128, 16383, 16384, 2097151, 2097152, 2**28 - 1]
    assert count_pairs([quantity_to_bytes(delta) + ON[1:] for delta in deltas]).ticks == sum(deltas)
    assert count_singles([quantity_to_bytes(delta) + b"\xc0\x05" for delta in deltas]).ticks == sum(deltas)


def test_notes_that_lack_an_end_are_told_by_channel_and_pitch() -> None:
    assert count_pairs([ON, ON, OFF, b"\x00\x99\x24\x40"]).unended == (0x3C, 9 * 128 + 0x24)


def test_a_stretch_ends_before_events_of_another_kind() -> None:
    data = ON + OFF + b"\x00\xc0\x05" + b"\x00\x06" + b"\x00\xff\x2f\x00"
    pairs = PAIRS.match(data)
    assert pairs is not None
    assert pairs.group() == ON + OFF
    singles = SINGLES.match(data, pairs.end())
    assert singles is not None
    assert singles.group() == b"\x00\xc0\x05\x00\x06"


def test_many_stretches_count_as_one() -> None:
    counts = count_pairs([(ON + OFF) * 40_000] * 5)
    assert (counts.ticks, counts.note_ons, counts.unended) == (5 * 40_000 * 0x60, 200_000, ())


def test_the_channels_on_which_notes_begin_are_told() -> None:
    controller = b"\x00\xb5\x07\x40"
    assert count_pairs([ON + OFF + controller, b"\x00\x99\x24\x40\x00\x8a\x24\x00"]).channels == {0, 9}


def test_the_first_program_of_each_channel_is_told_through_running_status() -> None:
    pressure = b"\x00\xd3\x40"
    assert count_singles([b"\x00\xc2\x05", b"\x10\x06" + pressure, b"\x00\xc0\x07"]).programs == {0: 7, 2: 5}
