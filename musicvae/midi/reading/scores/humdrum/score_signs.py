"""Meters, keys and tempi as they come in the spines, one for all.

Conventions
-----------
A sign holds from the line of notes after it on. Of tempi at one place the leftmost counts, of signatures the
one in most spines. A key that is named beside a signature names it ("*k[b-]" and "*d:" are D minor); a key
that is named alone, once there has been a signature, is an analysis of the music and changes nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from musicvae.midi.reading.scores.humdrum.interpretations import (
    parse_key,
    parse_meter,
    parse_signature,
    parse_tempo,
)
from musicvae.midi.reading.scores.humdrum.spines import Spine
from musicvae.midi.songs.key import has_signature, name_signature
from musicvae.midi.songs.song import Meter
from musicvae.midi.songs.source import KeyChange, TempoChange


class MetersAt(NamedTuple):
    """The meters of all parts from a time on, in units, each once."""

    start: int
    meters: tuple[Meter | None, ...]


class ScoreSigns:
    """What gathers the signs.

    Attributes
    ----------
    meters : list of MetersAt
    keys : list of KeyChange
    tempi : list of TempoChange
    """

    def __init__(self) -> None:
        self.meters: list[MetersAt] = []
        self.keys: list[KeyChange] = []
        self.tempi: list[TempoChange] = []
        self._meters: dict[Spine, Meter | None] = {}
        self._signatures: dict[Spine, int] = {}
        self._named: dict[Spine, str] = {}
        self._tempo: float | None = None
        self._waits = False

    def take(self, spine: Spine, token: str) -> None:
        """Take an interpretation of a spine, if it is a sign."""
        if (meter := parse_meter(token)) or token.startswith("*MX"):
            self._meters[spine] = meter
        elif (tempo := parse_tempo(token)) is not None:
            self._tempo = self._tempo or tempo
        elif (fifths := parse_signature(token)) is not None:
            self._signatures[spine] = fifths
        elif key := parse_key(token):
            self._named[spine] = key
        else:
            return
        self._waits = True

    def place(self, start: int, tick: int) -> None:
        """Let what was taken hold from a line of notes on."""
        if not self._waits:
            return
        self._waits = False
        meters = tuple(dict.fromkeys(reversed(self._meters.values())))
        if meters and (not self.meters or self.meters[-1].meters != meters):
            self.meters.append(MetersAt(start, meters))
        if self._tempo and (not self.tempi or self.tempi[-1].bpm != self._tempo):
            self.tempi.append(TempoChange(tick, self._tempo))
        if (key := self._key()) and (not self.keys or self.keys[-1].key != key):
            self.keys.append(KeyChange(tick, key))
        self._signatures.clear()
        self._named.clear()
        self._tempo = None

    def _key(self) -> str:
        """Return the key that most spines now have, "" if it goes on as before.

        A key of more than seven accidentals (G flat minor) is a slip of the file: its signature is right.
        """
        if not self._signatures:
            return "" if self.keys else next(iter(self._named.values()), "")
        fifths = Counter(self._signatures.values()).most_common(1)[0][0]
        named = (self._named.get(spine, "") for spine, own in self._signatures.items() if own == fifths)
        return next(filter(has_signature, named), name_signature(fifths))
