from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import mido
import pytest

from musicvae.errors import SoundError
from musicvae.sound.midi_port import MidiPort, find_port

Make = Callable[..., bytes]
ON, OFF = (mido.Message(f"note_{kind}", note=60, time=time) for kind, time in (("on", 0), ("off", 24)))


class Instrument:
    """What stands behind a port: it remembers what it is sent."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.interrupted_at = -1

    def __enter__(self) -> Instrument:
        return self

    def __exit__(self, *_: object) -> None:
        self.heard.append("closed")

    def send(self, message: mido.Message) -> None:
        if len(self.heard) == self.interrupted_at:
            raise KeyboardInterrupt
        self.heard.append(message.type)

    def reset(self) -> None:
        self.heard.append("reset")

    def panic(self) -> None:
        self.heard.append("panic")


@pytest.fixture
def instrument(monkeypatch: pytest.MonkeyPatch) -> Instrument:
    behind = Instrument()
    monkeypatch.setattr(mido, "open_output", lambda name: behind)
    return behind


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch, pretend: Callable[..., ModuleType]) -> Callable[..., None]:
    """Return what makes this machine have some ports."""
    pretend("rtmidi")

    def name(*names: str) -> None:
        monkeypatch.setattr(mido, "get_output_names", lambda: list(names))

    return name


def test_a_song_is_sent_to_its_end_and_the_instrument_left_silent(
    instrument: Instrument, make_midi: Make
) -> None:
    MidiPort("Synth").play(make_midi([ON, OFF]))
    assert instrument.heard == ["note_on", "note_off", "reset", "panic", "closed"]


def test_what_no_player_should_meet_is_left_out(instrument: Instrument, make_midi: Make) -> None:
    named = make_midi([mido.MetaMessage("key_signature", key="C"), ON, OFF])
    impossible = named.replace(b"\xff\x59\x02\x00\x00", b"\xff\x59\x02\x63\x00")
    MidiPort("Synth").play(impossible)
    assert instrument.heard[:2] == ["note_on", "note_off"]


def test_an_interrupt_leaves_no_note_sounding(instrument: Instrument, make_midi: Make) -> None:
    instrument.interrupted_at = 1
    with pytest.raises(KeyboardInterrupt):
        MidiPort("Synth").play(make_midi([ON, OFF]))
    assert instrument.heard == ["note_on", "reset", "panic", "closed"]


def test_a_port_that_is_taken_is_told(monkeypatch: pytest.MonkeyPatch, one_note: bytes) -> None:
    def refuse(name: str) -> None:
        raise OSError(f"unknown port {name!r}")

    monkeypatch.setattr(mido, "open_output", refuse)
    with pytest.raises(SoundError, match=r"the MIDI port Synth cannot be opened \(unknown port 'Synth'\)"):
        MidiPort("Synth").play(one_note)


def test_a_port_is_known_by_some_letters_of_its_name(ports: Callable[..., None]) -> None:
    ports("Midi Through:0", "FLUID Synth (1):0", "Piano:1")
    assert find_port("piano") == MidiPort("Piano:1")
    assert find_port("through") == MidiPort("Midi Through:0")
    with pytest.raises(
        SoundError, match="no MIDI port organ: choose one of Midi Through:0, FLUID .*, Piano:1$"
    ):
        find_port("organ")


def test_without_a_name_it_is_the_first_behind_which_may_be_something(ports: Callable[..., None]) -> None:
    ports("Midi Through:0", "FLUID Synth (1):0")
    assert find_port() == MidiPort("FLUID Synth (1):0")
    for names in (("Midi Through:0",), ()):
        ports(*names)
        with pytest.raises(SoundError, match="^there is no MIDI port$"):
            find_port()


def test_a_machine_without_midi_is_told(ports: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("error creating ALSA sequencer client object")

    ports()
    monkeypatch.setattr(mido, "get_output_names", fail)
    with pytest.raises(SoundError, match="^there is no MIDI port$"):
        find_port()


def test_without_the_library_it_is_told_how_to_get_it(without: Callable[..., None]) -> None:
    without("rtmidi")
    with pytest.raises(
        SoundError, match=r"^a MIDI port needs the extra \[play\]: pip install python-rtmidi$"
    ):
        find_port("Synth")
