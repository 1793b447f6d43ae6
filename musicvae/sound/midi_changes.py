"""MIDI files changed for the sake of their sound: their last notes ring out, and they play more softly.

They are files that `guard.check_midi` has made clean.
"""

from __future__ import annotations

import io

import mido
import numpy as np
from symusic.core import ScoreTick

from musicvae.midi.reading.smf.guard import Checked
from musicvae.midi.reading.smf.midi_bytes import (
    END_OF_TRACK,
    make_chunk,
    make_header,
    make_meta,
    make_silence,
    parse_header,
)
from musicvae.midi.reading.smf.midi_numbers import TEMPO

_SECOND = 1_000_000  # microseconds
_FIRST_TEMPO = 500_000  # microseconds to the beat, where a file says nothing
_VOLUME, _FRACTION = 7, 39  # controllers
_FIRST_VOLUME = 100  # where it stands until it is moved


def count_seconds(checked: Checked) -> float:
    """Return how long a file lasts."""
    score = ScoreTick.from_midi(checked.data)
    tempi = {
        0: _FIRST_TEMPO,
        **{tempo.time: tempo.mspq for tempo in score.tempos if tempo.time < checked.ticks},
    }
    edges = sorted(tempi)
    beats = np.diff([*edges, checked.ticks]) / score.tpq
    return float(beats @ [tempi[edge] for edge in edges]) / _SECOND


def let_ring(checked: Checked, seconds: int) -> bytes:
    """Return a file that goes on for some seconds of silence, whatever its tempo is."""
    header = parse_header(checked.data)
    a_beat_a_second = make_meta(0, TEMPO, _SECOND.to_bytes(3))
    silence = make_silence(header.ticks_per_beat * seconds)
    track = b"".join([*make_silence(checked.ticks + 1), a_beat_a_second, *silence, END_OF_TRACK])
    start = make_header(1, header.tracks + 1, header.ticks_per_beat)
    return b"".join([start, checked.data[header.end :], make_chunk(b"MTrk", track)])


def play_softly(midi: bytes, amplitude: float) -> bytes:
    """Return a file with the volume of all channels (controller 7, and 39 for its fraction) turned down.

    Parameters
    ----------
    midi : bytes
    amplitude : float
        That of the sound, as a share of what it was: synthesizers square the volume.
    """
    file = mido.MidiFile(file=io.BytesIO(midi))
    share = amplitude**0.5
    for track in file.tracks:
        track[:] = [turned for message in track for turned in _turn_down(message, share)]
    for channel in range(16):
        first = mido.Message("control_change", channel=channel, control=_VOLUME, value=_FIRST_VOLUME)
        file.tracks[0][:0] = _turn_down(first, share)
    changed = io.BytesIO()
    file.save(file=changed)
    return changed.getvalue()


def _turn_down(message: mido.Message, share: float) -> list[mido.Message]:
    """Return what is to stand for a message: a volume that is turned down, or the message itself."""
    if message.type != "control_change" or message.control != _VOLUME:
        return [message]
    whole, fraction = divmod(round(128 * message.value * share), 128)
    return [message.copy(value=whole), message.copy(control=_FRACTION, value=fraction, time=0)]
