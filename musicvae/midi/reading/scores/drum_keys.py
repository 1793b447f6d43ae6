"""Keys of General MIDI's drums, by the name of a drum."""

from __future__ import annotations

import re

_NAMED = {
    **{
        "acoustic bass drum": 35,
        "bass drum": 36,
        "kick": 36,
        "kick drum": 36,
        "gran cassa": 36,
        "grosse caisse": 36,
    },
    **{
        "side stick": 37,
        "snare": 38,
        "snare drum": 38,
        "side drum": 38,
        "acoustic snare": 38,
        "caisse claire": 38,
    },
    **{"hand clap": 39, "claps": 39, "electric snare": 40, "low floor tom": 41, "floor tom": 43},
    **{"closed hi-hat": 42, "closed hi hat": 42, "hi-hat": 42, "hi hat": 42, "hihat": 42, "closed hh": 42},
    **{"pedal hi-hat": 44, "pedal hi hat": 44, "open hi-hat": 46, "open hi hat": 46, "open hh": 46},
    **{
        "low tom": 45,
        "low-mid tom": 47,
        "tom-tom": 47,
        "tom": 47,
        "tenor drum": 47,
        "hi-mid tom": 48,
        "high tom": 50,
    },
    **{"crash": 49, "crash cymbal": 49, "crash cymbals": 49, "cymbal": 49, "cymbals": 49, "piatti": 49},
    **{
        "suspended cymbal": 49,
        "ride": 51,
        "ride cymbal": 51,
        "china": 52,
        "chinese cymbal": 52,
        "tam-tam": 52,
    },
    **{"gong": 52, "ride bell": 53, "tambourine": 54, "tamburin": 54, "splash": 55, "splash cymbal": 55},
    **{
        "cowbell": 56,
        "vibraslap": 58,
        "bongo": 60,
        "bongos": 60,
        "bongo drums": 60,
        "conga": 64,
        "congas": 64,
    },
    **{"timbales": 65, "agogo": 67, "cabasa": 69, "maracas": 70, "guiro": 73, "claves": 75, "woodblock": 76},
    **{
        "wood block": 76,
        "temple block": 76,
        "temple blocks": 76,
        "triangle": 81,
        "sleigh bells": 83,
        "castanets": 85,
    },
}


def drum_of(name: str) -> int | None:
    """Return the key of a drum by its name, None if it is not known."""
    return _NAMED.get(re.sub(r"\s+|_", " ", name.strip().lower()))
