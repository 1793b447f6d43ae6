"""What a score shows that a song does not have: its composer, keys, words and grace notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from musicvae.midi.saving.notation.elements import Syllable
from musicvae.midi.songs.key import Signature, find_key, key_name, parse_signature
from musicvae.midi.songs.song import Song


@dataclass(frozen=True)
class Annotations:
    """What stands in a score beside the notes of its song, by the steps of that.

    Parameters
    ----------
    keys : dict of int to str
        Key signatures, such as "G major", from the steps on at which they are said; where there are none,
        the one that the notes suggest.
    words : dict of int to dict of int to sequence of str
        Of parts, by their numbers: the syllables at a step, of one voice after another; one that its word
        goes on after ends in "-".
    graces : dict of int to dict of int to sequence of int
        Of parts: the pitches of grace notes before the notes that begin at a step, in order.
    composer : str
    """

    keys: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[int, Mapping[int, Sequence[str]]] = field(default_factory=dict)
    graces: Mapping[int, Mapping[int, Sequence[int]]] = field(default_factory=dict)
    composer: str = ""


def find_signatures(song: Song, keys: Mapping[int, str]) -> list[Signature]:
    """Return the key signature of each measure: the last one that is said before it ends."""
    said = sorted((step, signature) for step, key in keys.items() if (signature := parse_signature(key)))
    now = said[0][1] if said else parse_signature(key_name(find_key(song))) or Signature(0, "major")
    signatures: list[Signature] = []
    for end in song.measure_starts.tolist()[1:]:
        while said and said[0][0] < end:
            now = said.pop(0)[1]
        signatures.append(now)
    return signatures


def lay_syllables(words: Mapping[int, Sequence[str]]) -> dict[int, list[Syllable]]:
    """Return the syllables of a part by their steps, each with its place in its word."""
    syllables: dict[int, list[Syllable]] = {step: [] for step in sorted(words)}
    for voice in range(max(map(len, words.values()), default=0)):
        within = False
        for step, placed in syllables.items():
            if voice < len(words[step]):
                text = words[step][voice]
                goes_on = text.endswith("-")
                place = ("middle" if within else "begin") if goes_on else ("end" if within else "single")
                placed.append(Syllable(text.removesuffix("-"), place))
                within = goes_on
    return syllables
