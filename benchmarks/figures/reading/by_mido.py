"""MIDI files as mido reads them."""

from __future__ import annotations

import io
import time

import mido

from figures.reading.heard import Heard
from figures.reading.midi_notes import pair_notes


def version() -> str:
    return str(mido.version_info)


def read_midi(data: bytes) -> Heard:
    began = time.process_time()
    file = mido.MidiFile(file=io.BytesIO(data))
    return Heard(list(pair_notes(file)), time.process_time() - began)
