from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from musicvae.errors import SoundError
from musicvae.sound.loudspeaker import find_loudspeaker

Pretend = Callable[..., ModuleType]


class PortAudioError(Exception):
    """As sounddevice has it."""


@pytest.fixture
def device(pretend: Pretend) -> list[Any]:
    """Put a device that notes what happens to it in the place of sounddevice, and return its notes."""
    done: list[Any] = []
    pretend(
        "sounddevice",
        PortAudioError=PortAudioError,
        query_devices=lambda kind: {"name": f"a {kind} device"},
        play=lambda samples, rate: done.append((len(samples) > 0, rate)),
        wait=lambda: done.append("wait"),
        stop=lambda: done.append("stop"),
    )
    return done


def test_a_song_is_played_to_its_end(device: list[Any], one_note: bytes) -> None:
    loudspeaker = find_loudspeaker()
    assert loudspeaker.name == "a output device"
    loudspeaker.play(one_note)
    assert device == [(True, 48_000), "wait", "stop"]


def test_whatever_stops_it_leaves_silence(
    device: list[Any], one_note: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["sounddevice"], "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        find_loudspeaker().play(one_note)
    assert device[-1] == "stop"


def test_a_device_that_refuses_is_told(
    device: list[Any], one_note: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PortAudioError("it is busy")

    monkeypatch.setattr(sys.modules["sounddevice"], "play", refuse)
    with pytest.raises(SoundError, match=r"a output device does not play \(it is busy\): try another"):
        find_loudspeaker().play(one_note)


def test_a_machine_without_a_device_is_told(pretend: Pretend) -> None:
    def query(kind: str) -> None:
        raise PortAudioError("Error querying device -1")

    pretend("sounddevice", PortAudioError=PortAudioError, query_devices=query)
    with pytest.raises(SoundError, match="^there is no sound device$"):
        find_loudspeaker()


def test_a_machine_without_portaudio_is_told(broken: Callable[..., None]) -> None:
    broken("sounddevice", "PortAudio library not found")
    with pytest.raises(SoundError, match=r"such as Debian's libportaudio2 \(PortAudio library not found\)"):
        find_loudspeaker()


def test_without_the_libraries_it_is_told_how_to_get_them(without: Callable[..., None]) -> None:
    without("midirenderer", "sounddevice")
    with pytest.raises(SoundError, match=r"needs the extra \[play\]: pip install midirenderer sounddevice$"):
        find_loudspeaker()
