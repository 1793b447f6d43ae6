"""The numbers of the Standard MIDI File: statuses of channel events, kinds of meta events, what they hold."""

from __future__ import annotations

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0  # the channel is in the lower half

META = 0xFF
TEXT, NAME, LYRIC, MARKER = 0x01, 0x03, 0x05, 0x06
END, TEMPO, METER, KEY = 0x2F, 0x51, 0x58, 0x59

SYSTEM_DATA = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # data bytes of events that no file should hold
CLICK = bytes((24, 8))  # what ends a time signature: MIDI clocks to a click, thirty-seconds to a beat
