"""Keys of General MIDI's drums, by the name of a drum."""

from __future__ import annotations

import re

from musicvae.midi.songs.instruments import DRUM_KEYS

# What scores call the drums besides the names that they have here (`DRUM_KEYS`).
_OTHER_NAMES = {
    35: "acoustic bass drum",
    36: "bass drum, kick drum, gran cassa, grosse caisse",
    37: "side stick",
    38: "snare drum, side drum, acoustic snare, caisse claire",
    39: "hand clap, claps",
    40: "electric snare",
    41: "low floor tom",
    42: "closed hi-hat, closed hi hat, hi hat, hihat, closed hh",
    44: "pedal hi-hat, pedal hi hat",
    46: "open hi-hat, open hi hat, open hh",
    47: "low-mid tom, tom-tom, tom, tenor drum",
    48: "hi-mid tom",
    49: "crash cymbal, crash cymbals, cymbal, cymbals, piatti, suspended cymbal",
    51: "ride cymbal",
    52: "chinese cymbal, tam-tam, gong",
    54: "tamburin",
    55: "splash cymbal",
    60: "bongos, bongo drums",
    64: "conga, congas",
    65: "timbales",
    76: "woodblock, wood block, temple block, temple blocks",
    83: "sleigh bells",
}
_LOWEST_KEY = 35  # below are sounds of machines: a score's "bell" is not a metronome's
_NAMED = {name: key for key, name in DRUM_KEYS.items() if key >= _LOWEST_KEY} | {
    name: key for key, names in _OTHER_NAMES.items() for name in names.split(", ")
}


def drum_of(name: str) -> int | None:
    """Return the key of a drum by its name, None if it is not known."""
    return _NAMED.get(re.sub(r"\s+|_", " ", name.strip().lower()))
