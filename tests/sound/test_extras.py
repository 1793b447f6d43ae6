from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from musicvae.errors import OutputError, SoundError
from musicvae.sound.extras import DEVICES, FILES, PORTS, SYNTHESIZER, require_libraries, require_sound_file


def test_what_is_missing_is_named_as_pip_knows_it_with_its_extra(without: Callable[..., None]) -> None:
    without(DEVICES, PORTS)
    with pytest.raises(SoundError) as caught:
        require_libraries("playing", "play", SYNTHESIZER, DEVICES, PORTS)
    assert str(caught.value) == "playing needs the extra [play]: pip install sounddevice python-rtmidi"


def test_a_wav_needs_the_synthesizer_alone(without: Callable[..., None]) -> None:
    without(FILES)
    require_sound_file(Path("out.WAV"))
    with pytest.raises(
        SoundError, match=r"^out.flac: sound needs the extra \[audio\]: pip install soundfile$"
    ):
        require_sound_file(Path("out.flac"))
    without(SYNTHESIZER)
    with pytest.raises(SoundError, match=r"pip install midirenderer$"):
        require_sound_file(Path("out.wav"))


@pytest.mark.parametrize("name", ["out.mp3", "out.ogg", "out.mid", "out", "-"])
def test_other_names_are_no_sound(name: str) -> None:
    with pytest.raises(OutputError, match=f"^{name} would hold sound: end its name in .wav or .flac$"):
        require_sound_file(Path(name))
