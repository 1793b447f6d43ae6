"""One voice of an ABC tune: its signs, told in turn, become notes at places in measures.

Conventions
-----------
An accidental holds to the barline for its letter in all octaves, that of a grace note for its group alone. A
tied note has the pitch of the first. Of a broken rhythm across a barline both notes change, and the barline
stays where it is: one of them sounds across it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_clock import AbcClock
from musicvae.midi.reading.scores.abc.abc_rhythm import AbcRhythm
from musicvae.midi.reading.scores.abc.abc_setting import AbcSetting
from musicvae.midi.reading.scores.abc.abc_sheet import AbcSheet, Place
from musicvae.midi.reading.scores.abc.abc_tokens import TOO_LONG, AbcNote, natural_pitch
from musicvae.midi.songs.song import Meter

_MOST_MEASURES_OF_REST = 1000


@dataclass(slots=True)
class HeardNote:
    """A note, joined with those that it is tied to: where it begins and ends, and its pitch."""

    start: Place
    end: Place
    pitch: int


@dataclass(slots=True)
class _Event:
    """The last note, chord or rest: its grains, the layer it is in, and what sounds, by step."""

    grains: int
    layer: int
    notes: dict[int, HeardNote]


class SungNote(NamedTuple):
    """A note that may have a syllable: where it is, and the measures that are written before it."""

    place: Place
    measures_before: int


@dataclass
class AbcVoice:
    """One voice: what holds for it, and what it has said so far.

    Parameters
    ----------
    setting : AbcSetting
    sheet : AbcSheet
        What it shares with the others.
    notes : list of HeardNote
        A grace note ends where it starts.
    chords : list of (Place, tuple of int)
        Pitches of the chord symbols.
    dynamics : list of (Place, int)
        Velocities.
    lyrics : list of (Place, str)
    meters : dict of int to (Meter or None)
        By the measure from which they hold.
    tempi, keys : dict of Place to float, of Place to str
    heads : list of SungNote
        The notes that a line of lyrics is for.
    clock : AbcClock
        Its measures, and where it is.
    """

    setting: AbcSetting
    sheet: AbcSheet
    notes: list[HeardNote] = field(default_factory=list)
    chords: list[tuple[Place, tuple[int, ...]]] = field(default_factory=list)
    dynamics: list[tuple[Place, int]] = field(default_factory=list)
    lyrics: list[tuple[Place, str]] = field(default_factory=list)
    meters: dict[int, Meter | None] = field(default_factory=dict)
    tempi: dict[Place, float] = field(default_factory=dict)
    keys: dict[Place, str] = field(default_factory=dict)
    heads: list[SungNote] = field(default_factory=list)
    clock: AbcClock = field(init=False)
    _accidentals: dict[int, int] = field(default_factory=dict)  # by letter
    _ties: dict[int, dict[int, HeardNote]] = field(default_factory=dict)  # by layer and step
    _last: _Event | None = None
    _graces: list[int] = field(default_factory=list)
    _symbol: tuple[int, ...] | None = None
    _dynamic: int | None = None
    _rhythm: AbcRhythm = field(default_factory=AbcRhythm)
    _shift: int = 0

    def __post_init__(self) -> None:
        self.clock = AbcClock(self.sheet)
        self._settle()

    def take_field(self, letter: str, text: str) -> bool:
        """Take over what a field says from here on; say whether it made sense."""
        made_sense = self.setting.take(letter, text)
        self._settle()
        if letter == "M" and made_sense:
            self.meters[self.clock.next_measure] = self.setting.meter
        if letter == "K":
            self.keys[self.clock.place] = self.setting.key.name(self._shift)
            self._accidentals.clear()
        return made_sense

    def sound(self, notes: Sequence[AbcNote], above: int = 1, below: int = 1) -> None:
        """Add a note, or the notes of a chord; the first says how long it is, times a fraction."""
        first = notes[0]
        grains = self._take_grains(first.above * above, first.below * below)
        start = self._set_down()
        layer = self.clock.layer
        held = self._ties.pop(layer, {}) if self._ties else {}
        sounding: dict[int, HeardNote] = {}
        for note in notes:
            if note.step is not None:
                own = grains
                if note.above != first.above or note.below != first.below:
                    own = grains * note.above * first.below // max(1, note.below * first.above)
                sounding[note.step] = self._sound(note.step, note.alter, start, own, held)
                if note.is_tied:
                    self._ties.setdefault(layer, {})[note.step] = sounding[note.step]
        self.heads.append(SungNote(start, self.clock.written))
        self.clock.go_on(grains)
        self._last = _Event(grains, layer, sounding)

    def rest(self, above: int, below: int) -> None:
        """Add a rest."""
        grains = self._take_grains(above, below)
        self._set_down()
        self._ties.pop(self.clock.layer, None)
        self.clock.go_on(grains)
        self._last = _Event(grains, self.clock.layer, {})

    def rest_measures(self, count: int) -> None:
        """Add rests of a whole measure each."""
        if count > _MOST_MEASURES_OF_REST:
            raise SongError(TOO_LONG)
        self.end_measure()
        if count > 0:
            self._set_down()
            self._last = None
            self.clock.rest_measures(count)

    def end_measure(self) -> None:
        """End the measure, unless nothing stands in it yet."""
        self.clock.end_measure()
        self._accidentals.clear()

    def overlay(self) -> None:
        """Go back to where other notes sound at the same time."""
        self.clock.overlay()
        self._accidentals.clear()

    def end_overlays(self) -> None:
        """Go on where the voice and its overlays have come to."""
        self.clock.catch_up()
        self._accidentals.clear()

    def tie(self) -> None:
        """Tie the last note or chord to the next one."""
        if self._last:
            self._ties[self._last.layer] = self._last.notes

    def break_rhythm(self, signs: str) -> None:
        """Let the last event and the next be unequal: ">" the last is longer, "<" the next."""
        self._leave_pair()
        self._rhythm.break_pair(signs)

    def begin_tuplet(self, text: str) -> None:
        """Let the next events be a tuplet, such as "3" or "3:2:4"."""
        self._rhythm.begin_tuplet(text, self.setting.meter)

    def add_graces(self, notes: Sequence[AbcNote]) -> None:
        """Add grace notes before the next event; their accidentals hold for themselves."""
        outside = dict(self._accidentals)
        self._graces += [self._pitch_of(note.step, note.alter) for note in notes if note.step is not None]
        self._accidentals = outside

    def add_symbol(self, pitches: tuple[int, ...]) -> None:
        """Add a chord symbol at the next event."""
        self._symbol = pitches

    def add_dynamic(self, velocity: int) -> None:
        """Add a dynamic mark at the next event."""
        self._dynamic = velocity

    def finish(self) -> None:
        """End the last measure."""
        self._set_down()
        self._leave_pair()
        self.clock.catch_up()
        self.clock.end_measure()

    def _leave_pair(self) -> None:
        """Leave out a broken rhythm of which only one note has come."""
        if self._rhythm.is_broken:
            self._rhythm.end_pair()
            self.sheet.notice("broken rhythms that lack one of two notes were left out")

    def _settle(self) -> None:
        self._rhythm.set_unit(self.setting.settled_unit)
        self._shift = self.setting.shift

    def _sound(
        self, step: int, alter: int | None, start: Place, grains: int, held: dict[int, HeardNote]
    ) -> HeardNote:
        """Return a note as it sounds: a new one, or one that is held and goes on."""
        end = Place(start.measure, start.grains + grains)
        pitch = self._pitch_of(step, alter)
        if before := held.get(step):
            adjoins = before.end <= start and start.measure - before.end.measure < 2
            if adjoins and (alter is None or pitch == before.pitch):
                before.end = end
                return before
        sounding = HeardNote(start, end, pitch)
        self.notes.append(sounding)
        return sounding

    def _pitch_of(self, step: int, alter: int | None) -> int:
        letter = step % 7
        if alter is None:
            alter = self._accidentals.get(letter, self.setting.key.alters[letter])
        else:
            self._accidentals[letter] = alter
        return natural_pitch(step) + alter + self._shift

    def _take_grains(self, above: int, below: int) -> int:
        """Return how long the next event is; if the pair is broken, the last one changes as well."""
        grains = self._rhythm.take(above, below)
        if self._last is None or self._last.layer != self.clock.layer:
            self._leave_pair()
        if self._last is None or not self._rhythm.is_broken:
            return grains
        moved = self._rhythm.share(self._last.grains, grains)
        self._last.grains += moved
        self.clock.go_on(moved)
        for note in self._last.notes.values():
            note.end = Place(note.end.measure, note.end.grains + moved)
        return grains - moved

    def _set_down(self) -> Place:
        """Return where the next event stands, after what was to stand with it was put there."""
        place = self.clock.place
        if self._graces:
            self.notes += [HeardNote(place, place, pitch) for pitch in self._graces]
            self._graces = []
        if self._symbol is not None:
            self.chords.append((place, self._symbol))
            self._symbol = None
        if self._dynamic is not None:
            self.dynamics.append((place, self._dynamic))
            self._dynamic = None
        return place
