"""The notes of a MIDI file by its messages, as mido says them.

Of two that sound on one pitch the first to begin is the first to end.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

import mido

from figures.reading.heard import HeardNote


def pair_notes(file: mido.MidiFile) -> Iterator[HeardNote]:
    """Yield the notes that begin and end in one track, in beats; those without a length are left out."""
    beat = file.ticks_per_beat
    for track in file.tracks:
        now, sounding = 0, defaultdict[tuple[int, int], deque[int]](deque)
        for message in track:
            now += message.time
            if message.type not in ("note_on", "note_off"):
                continue
            begun = sounding[message.channel, message.note]
            if message.type == "note_on" and message.velocity:
                begun.append(now)
            elif begun and now > (start := begun.popleft()):
                yield HeardNote(start / beat, (now - start) / beat, message.note)
