from __future__ import annotations

import io
from collections.abc import Callable

import mido
import pytest

from musicvae.midi.reading.smf.guard import check_midi
from musicvae.sound.midi_changes import count_seconds, let_ring, play_softly

Make = Callable[..., bytes]
ON, OFF = (mido.Message(f"note_{kind}", note=60, time=time) for kind, time in (("on", 0), ("off", 960)))


def parsed(data: bytes) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(data))


def tempo(seconds: float) -> mido.MetaMessage:
    return mido.MetaMessage("set_tempo", tempo=round(seconds * 1e6))


@pytest.mark.parametrize(
    ("messages", "seconds"),
    [
        ([ON, OFF], 1.0),
        ([tempo(0.25), ON, OFF], 0.5),
        ([tempo(0.25), ON, OFF, tempo(1.5), ON, OFF], 3.5),
        ([ON, OFF, tempo(2), ON, OFF, tempo(9)], 5.0),
        ([ON, OFF, mido.MetaMessage("end_of_track", time=480 * 20)], 11.0),
    ],
)
def test_seconds_are_counted_at_all_tempi_to_the_end_of_the_file(
    make_midi: Make, messages: list[mido.Message], seconds: float
) -> None:
    assert count_seconds(check_midi(make_midi(messages))) == pytest.approx(seconds)


@pytest.mark.parametrize("seconds_a_beat", [0.1, 0.5, 5.0])
@pytest.mark.parametrize("others", [0, 2])
def test_a_file_rings_for_so_many_seconds_whatever_its_tempo(
    make_midi: Make, seconds_a_beat: float, others: int
) -> None:
    midi = make_midi([tempo(seconds_a_beat), ON, OFF], *[[]] * others)
    ringing = parsed(let_ring(check_midi(midi), 3))
    assert ringing.length == pytest.approx(parsed(midi).length + 3, abs=0.02)
    assert [message.type for message in ringing if not message.is_meta] == ["note_on", "note_off"]


def test_the_volume_of_every_channel_is_turned_down(make_midi: Make) -> None:
    loud = mido.Message("control_change", control=7, channel=2, value=120)
    soft = mido.Message("control_change", control=7, channel=2, value=11)
    pan = mido.Message("control_change", control=10, channel=2, value=120)
    turned = parsed(play_softly(make_midi([loud, pan, soft, ON, OFF]), 0.25))
    moved = [message for message in turned.tracks[0] if message.type == "control_change"]
    assert [(each.channel, each.control, each.value) for each in moved] == [
        *((channel, *each) for channel in reversed(range(16)) for each in ((7, 50), (39, 0))),
        *((2, 7, 60), (2, 39, 0), (2, 10, 120), (2, 7, 5), (2, 39, 64)),
    ]
