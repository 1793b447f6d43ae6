from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from musicvae.errors import SoundError
from musicvae.sound import find_output as module
from musicvae.sound.find_output import find_output
from musicvae.sound.loudspeaker import Loudspeaker
from musicvae.sound.midi_port import MidiPort

SPEAKER, PORT = Loudspeaker("speaker", Path("a.sf2")), MidiPort("Synth")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, pretend: Callable[..., ModuleType]) -> Callable[..., None]:
    """Return what says which of the two is here."""
    for library in ("sounddevice", "rtmidi"):
        pretend(library)

    def put(device: bool, port: bool) -> None:
        def find(found: object, name: str) -> Callable[..., object]:
            def look(*_: object) -> object:
                if found is None:
                    raise SoundError(f"there is no {name}")
                return found

            return look

        monkeypatch.setattr(module, "find_loudspeaker", find(SPEAKER if device else None, "sound device"))
        monkeypatch.setattr(module, "find_port", find(PORT if port else None, "MIDI port"))

    return put


def test_the_sound_device_plays_unless_a_port_is_named(here: Callable[..., None]) -> None:
    here(device=True, port=True)
    assert find_output() == SPEAKER
    assert find_output("syn") == PORT


def test_without_a_sound_device_a_port_plays(here: Callable[..., None]) -> None:
    here(device=False, port=True)
    assert find_output() == PORT


def test_without_either_it_is_told_what_to_do(here: Callable[..., None]) -> None:
    here(device=False, port=False)
    with pytest.raises(SoundError) as caught:
        find_output()
    sentence = "there is no sound device, and there is no MIDI port: write the sound by `musicvae render`"
    assert str(caught.value) == sentence


def test_a_soundfont_that_is_not_there_is_told_even_where_a_port_would_play(
    here: Callable[..., None],
) -> None:
    here(device=False, port=True)
    with pytest.raises(SoundError, match="cannot read the soundfont none.sf2"):
        find_output(soundfont=Path("none.sf2"))


def test_without_the_extra_it_is_told_how_to_get_it(without: Callable[..., None]) -> None:
    without("sounddevice", "rtmidi")
    with pytest.raises(
        SoundError, match=r"^playing needs the extra \[play\]: pip install sounddevice python-rtmidi$"
    ):
        find_output()
