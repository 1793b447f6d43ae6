"""A Humdrum file with **kern spines, as what its score says.

Conventions
-----------
Every **kern spine of the header is a part, so the staves of a piano are two, as they are printed; what splits
off a spine belongs to it. The highest staff, which stands last in the file, comes first. A part is named
as its staff is, else after its instrument.

**kern is at sounding pitch, also of transposing instruments. Only spines that say that they were moved from
it ("*Tr") are moved back; if all spines say so alike, the piece was transposed on purpose, and stays.

Repeats, sections and abbreviations ("*>", "*rep", "*tremolo") are written out in the file or read once. Small
notes ("*cue") and hidden ones ("yy") sound; of readings side by side ("*S/sic", "*S/ossia") the first does.
"""

from __future__ import annotations

from collections import Counter

from musicvae.errors import SongError
from musicvae.midi.reading.scores.humdrum.annotations import annotate, find_staves
from musicvae.midi.reading.scores.humdrum.barline_places import place_barlines
from musicvae.midi.reading.scores.humdrum.instruments import take_sign
from musicvae.midi.reading.scores.humdrum.interpretations import parse_transposition
from musicvae.midi.reading.scores.humdrum.kern_measures import to_score_measures
from musicvae.midi.reading.scores.humdrum.kern_part import KernPart, finish_parts, settle_transpositions
from musicvae.midi.reading.scores.humdrum.kern_tokens import KernNote, TokenReader
from musicvae.midi.reading.scores.humdrum.line_clock import LineClock
from musicvae.midi.reading.scores.humdrum.score_signs import ScoreSigns
from musicvae.midi.reading.scores.humdrum.spines import KERN, Spine, SpinePath, SpineReader
from musicvae.midi.reading.scores.humdrum.ties import JoinedNote, Ties
from musicvae.midi.reading.scores.humdrum.titles import find_composer, find_title
from musicvae.midi.reading.scores.score_measures import measure_length
from musicvae.midi.reading.scores.score_walk import ScoreWalk
from musicvae.midi.songs.notices import Notice, count_notices

_NO_SPINE = "cannot be read as Humdrum: it has no **kern spine (check that it is what its name says)"
_CUES = "small notes (cues) were read like others"
_VARIANTS = "notes of other readings (strophes) were left out"
_DOUBLING = "passages to be doubled in octaves (con 8va) were not doubled"
_LOST_TIES = "ties that come from nothing were read as new notes"
_MOVED = "transposed staves were put back to sounding pitch"
_SHORT = "voices that end before others at a barline"
_APART = "lines whose voices do not begin together"
_PIECES = "pieces in the file were put one after another"


def walk_humdrum(text: str) -> ScoreWalk:
    """Return what the score in a Humdrum file says.

    Raises
    ------
    SongError
        If it has no **kern spine, or no notes.
    """
    walk = _HumdrumWalk(text)
    walk.go()
    return walk.finish()


class _HumdrumWalk:
    """Once through the lines of a file."""

    def __init__(self, text: str) -> None:
        self.title, self.composer = find_title(text), find_composer(text)
        self.spines = SpineReader(text)
        self.tokens = TokenReader(text)
        self.clock = LineClock()
        self.signs = ScoreSigns()
        self.ties = Ties()
        self.parts: dict[Spine, KernPart] = {}
        self.noticed = Counter[str]()
        self._staves: dict[Spine, list[Spine]] = {}
        self._waiting: list[tuple[SpinePath, str]] = []  # annotations until a line says the time

    def go(self) -> None:
        """Read all lines."""
        for line in self.spines.read():
            if line.sign == "*":
                self._interpret(line.cells)
            elif line.sign == "=":
                self.clock.meet_barline(self._whole_measures())
            else:
                self._play(line.cells)

    def finish(self) -> ScoreWalk:
        """Return what was gathered."""
        if not any(spine.kind == KERN for spine in self.spines.spines):
            raise SongError(_NO_SPINE)
        damage = self.spines.damage
        if not any(part.notes for part in self.parts.values()):
            raise SongError(f"cannot be read as Humdrum: there are no notes in it{damage and f' ({damage})'}")
        self.clock.finish(self.spines.paths)
        barlines = place_barlines(self.clock.barlines)
        parts = [self._part(spine) for spine in self.spines.spines if spine.kind == KERN]
        return ScoreWalk(
            parts=finish_parts(parts[::-1], self.tokens),
            measures=to_score_measures(barlines, self.signs.meters, self.clock.end, self.tokens),
            tempi=self.signs.tempi,
            keys=self.signs.keys,
            title=self.title,
            composer=self.composer,
            notices=self._tell(),
            damage=damage,
        )

    def _tell(self) -> list[Notice]:
        """Return each kind of notice once, with its count."""
        counts = {
            **self.noticed,
            _MOVED: sum(part.is_moved for part in self.parts.values()),
            _SHORT: self.clock.short,
            _APART: self.clock.apart,
            _PIECES: self.spines.pieces if self.spines.pieces > 1 else 0,
        }
        return [*count_notices(counts)]

    def _part(self, spine: Spine) -> KernPart:
        if spine not in self.parts:
            self.parts[spine] = KernPart(spine)
        return self.parts[spine]

    def _whole_measures(self) -> list[int]:
        """Return how long a measure is to be, in units, by the meters of all parts."""
        now = self.signs.meters[-1].meters if self.signs.meters else ()
        return [measure_length(meter, self.tokens.whole // 4) for meter in now if meter]

    def _interpret(self, cells: list[tuple[SpinePath, str]]) -> None:
        readings: set[Spine] = set()
        for path, token in cells:
            if token == "*":
                continue
            if token.startswith("*part"):
                path.spine.part = token[5:]
            elif token.startswith("*S/"):
                path.is_variant = path.spine in readings
                readings.add(path.spine)
            elif token in ("*S-", "*Xstrophe"):
                path.is_variant = False
            if path.spine.kind == KERN:
                self._interpret_staff(path, token)
        if any(token.startswith("*Tr") for _, token in cells):
            staves = dict.fromkeys(path.spine for path in self.spines.paths if path.spine.kind == KERN)
            settle_transpositions([self._part(spine) for spine in staves])

    def _interpret_staff(self, path: SpinePath, token: str) -> None:
        part = self._part(path.spine)
        self.signs.take(path.spine, token)
        if token.startswith("*I") and not part.notes:  # later names are headings of sections
            part.instrument = take_sign(part.instrument, token)
        elif token in ("*cue", "*Xcue"):
            path.is_cue = token == "*cue"
        elif token.startswith("*coll8"):
            self.noticed[_DOUBLING] += 1
        elif (above := parse_transposition(token)) is not None:
            part.written_above = above

    def _play(self, cells: list[tuple[SpinePath, str]]) -> None:
        said = [cell for cell in cells if cell[1] != "."]
        notes = [(path, self.tokens.read(token)) for path, token in said if path.spine.kind == KERN]
        self._waiting += [cell for cell in said if cell[0].spine.kind != KERN]
        if not notes:
            return
        start = self.clock.find_start([path.end for path, _ in notes], self.spines.paths)
        tick = self.tokens.ticks(start)
        self.signs.place(start, tick)
        for path, token in notes:
            if token.fault:
                self.noticed[token.fault] += 1
            for note in token.notes:
                self._sound(path, note, start)
            self.clock.advance(path, start, token.length)
        for path, text in self._waiting:
            self._annotate(path.spine, text, tick)
        self._waiting.clear()

    def _sound(self, path: SpinePath, written: KernNote, start: int) -> None:
        """Let a note sound, or go on."""
        if path.is_variant:
            self.noticed[_VARIANTS] += 1
            return
        part = self._part(path.spine)
        pitch = written.pitch + part.shift
        note = None
        if written.tie in ("_", "]"):
            note = self.ties.close(pitch, start, self.clock.measure_before, path)
            self.noticed[_LOST_TIES] += note is None
        if note is None:
            note = JoinedNote(start, start, pitch)
            part.notes.append(note)
        note.end = start + written.length
        if written.tie in ("[", "_"):
            self.ties.open(note, path)
        if path.is_cue:
            self.noticed[_CUES] += 1

    def _annotate(self, spine: Spine, token: str, tick: int) -> None:
        if spine not in self._staves:
            self._staves[spine] = find_staves(
                spine, list(dict.fromkeys(path.spine for path in self.spines.paths))
            )
        for staff in self._staves[spine]:
            annotate(self._part(staff).walk, spine.kind, token, tick)
