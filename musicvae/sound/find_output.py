"""What plays a song here: a sound device, or an instrument at a MIDI port."""

from __future__ import annotations

from pathlib import Path

from musicvae.errors import SoundError
from musicvae.sound.extras import DEVICES, PORTS, SYNTHESIZER, is_there, require_libraries
from musicvae.sound.loudspeaker import Loudspeaker, find_loudspeaker
from musicvae.sound.midi_port import MidiPort, find_port
from musicvae.sound.soundfont import find_soundfont


def find_output(port: str | None = None, soundfont: Path | str | None = None) -> Loudspeaker | MidiPort:
    """Return the MIDI port that is named, or else the sound device, or else the first MIDI port.

    Raises
    ------
    SoundError
        If there is neither; it says why.
    """
    if port is not None:
        return find_port(port)
    if soundfont is not None:
        find_soundfont(soundfont)  # what is asked for and is not there is no reason to go without
    if not is_there(DEVICES) and not is_there(PORTS):
        require_libraries("playing", "play", SYNTHESIZER, DEVICES, PORTS)
    try:
        return find_loudspeaker(soundfont)
    except SoundError as no_device:
        try:
            return find_port()
        except SoundError as no_port:
            raise SoundError(f"{no_device}, and {no_port}: write the sound by `musicvae render`") from no_port
