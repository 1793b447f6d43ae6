"""The instruments of General MIDI by programs, its drums by keys, and parts by names that tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from musicvae.midi.songs.song import Part

DRUMS = "drums"
DRUM_CHANNEL = 9  # of MIDI, counted from 0 as in its bytes; scores and people count from 1
PITCHED_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)

# General MIDI 1 Sound Set (MIDI Manufacturers Association): 16 families of eight, programs 0 to 127.
FAMILIES = {
    "piano": "grand piano, bright piano, electric grand, honky-tonk piano, "
    "electric piano 1, electric piano 2, harpsichord, clavinet",
    "chromatic percussion": "celesta, glockenspiel, music box, vibraphone, "
    "marimba, xylophone, tubular bells, dulcimer",
    "organ": "drawbar organ, percussive organ, rock organ, church organ, "
    "reed organ, accordion, harmonica, bandoneon",
    "guitar": "nylon guitar, steel guitar, jazz guitar, clean guitar, "
    "muted guitar, overdriven guitar, distortion guitar, guitar harmonics",
    "bass": "acoustic bass, fingered bass, picked bass, fretless bass, "
    "slap bass 1, slap bass 2, synth bass 1, synth bass 2",
    "strings": "violin, viola, cello, contrabass, tremolo strings, pizzicato strings, harp, timpani",
    "ensemble": "string ensemble 1, string ensemble 2, synth strings 1, synth strings 2, "
    "choir, voice, synth voice, orchestra hit",
    "brass": "trumpet, trombone, tuba, muted trumpet, horn, brass section, synth brass 1, synth brass 2",
    "reed": "soprano sax, alto sax, tenor sax, baritone sax, oboe, english horn, bassoon, clarinet",
    "pipe": "piccolo, flute, recorder, pan flute, blown bottle, shakuhachi, whistle, ocarina",
    "synth lead": "square lead, saw lead, calliope lead, chiff lead, "
    "charang lead, voice lead, fifths lead, bass lead",
    "synth pad": "new age pad, warm pad, polysynth pad, choir pad, "
    "bowed pad, metallic pad, halo pad, sweep pad",
    "synth effects": "rain, soundtrack, crystal, atmosphere, brightness, goblins, echoes, sci-fi",
    "ethnic": "sitar, banjo, shamisen, koto, kalimba, bagpipe, fiddle, shanai",
    "percussive": "tinkle bell, agogo, steel drums, woodblock, "
    "taiko, melodic tom, synth drum, reverse cymbal",
    "sound effects": "fret noise, breath noise, seashore, bird, telephone, helicopter, applause, gunshot",
}
INSTRUMENTS = tuple(name for names in FAMILIES.values() for name in names.split(", "))
PROGRAMS_A_FAMILY = 8
# What sits at a seat, by number: nobody, a family of General MIDI, or drums.
NOBODY, FIRST_FAMILY, DRUM_KIT = 0, 1, 1 + len(FAMILIES)
KINDS = ("nobody", *FAMILIES, DRUMS)
KINDS_OF_INSTRUMENT = len(KINDS)

# Percussion Key Map of General MIDI 2, in short; of two alike the second is the lower, or the muted.
_FIRST_DRUM_KEY = 27
_DRUM_KEYS = (
    "high Q, slap, scratch, scratch 2, sticks, click, metronome, bell, "
    "kick 2, kick, rim, snare, clap, snare 2, floor tom 2, hi-hat, floor tom, pedal hat, low tom, open hat, "
    "mid tom 2, mid tom, crash, high tom, ride, china, ride bell, tambourine, splash, cowbell, crash 2, "
    "vibraslap, ride 2, bongo, bongo 2, conga 2, conga, low conga, timbale, timbale 2, agogo, agogo 2, "
    "cabasa, maracas, whistle, whistle 2, guiro, guiro 2, claves, block, block 2, cuica 2, cuica, "
    "triangle 2, triangle, shaker, sleigh bell, bell tree, castanets, surdo 2, surdo"
)
DRUM_KEYS = dict(enumerate(_DRUM_KEYS.split(", "), start=_FIRST_DRUM_KEY))


def instrument_name(part: Part) -> str:
    """Return the instrument of a part, such as "violin"; "drums" for drums."""
    return DRUMS if part.is_drums else INSTRUMENTS[part.program]


def number_instrument(part: Part) -> int:
    """Return the kind of instrument of a part, by its number in KINDS."""
    return DRUM_KIT if part.is_drums else FIRST_FAMILY + part.program // PROGRAMS_A_FAMILY


def drum_name(key: int) -> str:
    """Return the drum of a key, such as "snare"; of a key that means none its number."""
    return DRUM_KEYS.get(key, str(key))


def label_parts(parts: Sequence[Part]) -> tuple[str, ...]:
    """Return a label for each part: its name; its instrument too where names do not tell parts apart.

    Numbers tell apart what still has one label: they count the parts of one name and instrument from 1.
    """
    names = Counter(part.name.strip() for part in parts)
    labels = []
    for part in parts:
        name, instrument = part.name.strip(), instrument_name(part)
        told = names[name] == 1 or name.casefold() == instrument
        labels.append(name if name and told else f"{name} ({instrument})" if name else instrument)
    return tuple(number_alike(labels, " "))


def number_alike(names: Sequence[str], between: str) -> list[str]:
    """Return names of which those that are alike are numbered from 1, with a text between name and number."""
    alike, seen = Counter(names), Counter[str]()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(f"{name}{between}{seen[name]}" if alike[name] > 1 else name)
    return numbered
