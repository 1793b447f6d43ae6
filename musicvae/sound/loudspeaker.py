"""Sound by the sound device of this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from musicvae.errors import SoundError
from musicvae.sound.extras import DEVICES, SYNTHESIZER, require_libraries
from musicvae.sound.soundfont import find_soundfont
from musicvae.sound.synthesizer import synthesize


@dataclass(frozen=True)
class Loudspeaker:
    """A sound device.

    Parameters
    ----------
    name : str
    soundfont : Path
        The instruments that it lets be heard.
    """

    name: str
    soundfont: Path

    def play(self, midi: bytes) -> None:
        """Play a MIDI file to its end; whatever stops it early, it is silent then.

        Raises
        ------
        SongError, SoundError
            As `synthesizer.synthesize` does, or if the device refuses.
        """
        import sounddevice

        samples, rate = synthesize(midi, self.soundfont)
        try:
            sounddevice.play(samples, rate)
            sounddevice.wait()
        except sounddevice.PortAudioError as error:
            raise SoundError(f"{self.name} does not play ({error}): try another device or --port") from error
        finally:
            sounddevice.stop()


def find_loudspeaker(soundfont: Path | str | None = None) -> Loudspeaker:
    """Return the sound device that plays by default.

    Raises
    ------
    SoundError
        If there is none, or a library or the soundfont is missing.
    """
    require_libraries("a sound device", "play", SYNTHESIZER, DEVICES)
    try:
        import sounddevice
    except OSError as error:  # PortAudio is no part of the package on Linux
        raise SoundError(
            f"a sound device needs PortAudio, such as Debian's libportaudio2 ({error})"
        ) from error
    try:
        name = sounddevice.query_devices(kind="output")["name"]
    except (sounddevice.PortAudioError, ValueError) as error:
        raise SoundError("there is no sound device") from error
    return Loudspeaker(name, find_soundfont(soundfont))
