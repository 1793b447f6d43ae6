"""Music by an instrument at a MIDI port."""

from __future__ import annotations

import io
from dataclasses import dataclass

import mido

from musicvae.errors import SoundError
from musicvae.midi.reading.smf.guard import check_midi
from musicvae.sound.extras import PORTS, require_libraries

_NONE = "there is no MIDI port"
_SILENT = "midi through"  # a port that every Linux has, behind which is nothing


@dataclass(frozen=True)
class MidiPort:
    """A port to which something is connected that plays MIDI."""

    name: str

    def play(self, midi: bytes) -> None:
        """Play a MIDI file to its end; whatever stops it early, no note is left sounding.

        Raises
        ------
        SongError
            If the bytes are no MIDI file.
        SoundError
            If the port cannot be opened.
        """
        file = mido.MidiFile(file=io.BytesIO(check_midi(midi).data))  # mido trips over impossible events
        try:
            port = mido.open_output(self.name)
        except OSError as error:
            raise SoundError(f"the MIDI port {self.name} cannot be opened ({error}): try another") from error
        with port:
            try:
                for message in file.play():
                    port.send(message)
            finally:
                port.reset()  # notes off, pedals up
                port.panic()


def find_port(name: str | None = None) -> MidiPort:
    """Return the port whose name has this in it, or else the first behind which there may be an instrument.

    Raises
    ------
    SoundError
        If there is none, or the library is missing.
    """
    require_libraries("a MIDI port", "play", PORTS)
    try:
        ports = list(dict.fromkeys(mido.get_output_names()))
    except OSError as error:
        raise SoundError(_NONE) from error
    wanted = "" if name is None else name.casefold()
    for port in ports:
        if wanted in port.casefold() and (name is not None or _SILENT not in port.casefold()):
            return MidiPort(port)
    if name is None or not ports:
        raise SoundError(_NONE)
    raise SoundError(f"there is no MIDI port {name}: choose one of {', '.join(ports)}")
