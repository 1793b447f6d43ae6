"""The spines beside the notes: dynamics, lyrics and chord symbols, each for the parts it is meant for.

Conventions
-----------
Lyrics ("**text", "**silbe") belong to the nearest **kern spine on their left; of several verses the first
is read. Chord symbols ("**mxhm") belong there too. Dynamics ("**dynam") are those of all staves of their
part ("*part1") on their left that have none nearer; where no parts are named, of the nearest staff, and of
both staves if the score has two. Other spines say nothing here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from musicvae.midi.reading.scores.chord_symbols import KINDS, parse_chord
from musicvae.midi.reading.scores.dynamic_marks import dynamic_velocity
from musicvae.midi.reading.scores.humdrum.spines import KERN, Spine
from musicvae.midi.reading.scores.score_walk import ChordMark, DynamicMark, PartWalk
from musicvae.midi.songs.source import TextAt

DYNAMICS, CHORDS = "**dynam", "**mxhm"
LYRICS = ("**text", "**silbe")


def find_staves(spine: Spine, spines: Sequence[Spine]) -> list[Spine]:
    """Return the **kern spines that an annotating spine is meant for.

    Parameters
    ----------
    spine : Spine
    spines : sequence of Spine
        All that there are, from the left.
    """
    at = spines.index(spine)
    nearest = _nearest_on_the_left(at, spines)
    if nearest is None or spine.kind not in (DYNAMICS, CHORDS, *LYRICS):
        return []
    if spine.kind in LYRICS:
        between = spines[spines.index(nearest) : at]
        return [] if any(other.kind in LYRICS for other in between) else [nearest]
    if spine.kind == CHORDS:
        return [nearest]
    staves = [other for other in spines if other.kind == KERN]
    if not spine.part:
        return staves if len(staves) == 2 and _alone(spine, spines) else [nearest]
    return [
        staff for staff in staves if staff.part == spine.part and _dynamics_of(staff, spines) is spine
    ] or [nearest]


def annotate(walk: PartWalk, kind: str, token: str, tick: int) -> None:
    """Add what a token of an annotating spine says to its part, in place."""
    if kind == DYNAMICS:
        velocities = map(dynamic_velocity, re.findall("[a-z]+", token))
        walk.dynamics += [DynamicMark(tick, velocity) for velocity in velocities if velocity]
    elif kind == CHORDS:
        if (pitches := parse_harmony(token)) is not None:
            walk.chords.append(ChordMark(tick, pitches))
    elif (syllable := parse_syllable(token)) and (not walk.lyrics or walk.lyrics[-1].tick < tick):
        walk.lyrics.append(TextAt(tick, syllable))


def parse_syllable(token: str) -> str:
    """Return what is sung, with "-" behind it if its word goes on; "" if a syllable before is held."""
    held = token.strip("-_|~ ") == ""
    return "" if held else html.unescape(token).lstrip("-").rstrip("_|")


def parse_harmony(token: str) -> tuple[int, ...] | None:
    """Return the pitches of a chord in words, such as "B- minor-seventh/D-"; None if it is not understood."""
    root, _, said = token.partition(" ")
    kind, slash, bass = said.partition("/")
    quality = KINDS.get(kind.strip(), kind.strip())
    return parse_chord(f"{_spell(root)}{quality}{slash}{_spell(bass)}")


def _spell(pitch: str) -> str:
    return pitch.replace("-", "b")


def _nearest_on_the_left(at: int, spines: Sequence[Spine]) -> Spine | None:
    return next((spine for spine in reversed(spines[:at]) if spine.kind == KERN), None)


def _alone(spine: Spine, spines: Sequence[Spine]) -> bool:
    return not any(other.kind == DYNAMICS and other is not spine for other in spines)


def _dynamics_of(staff: Spine, spines: Sequence[Spine]) -> Spine | None:
    """Return the nearest dynamics of a staff's part on its right."""
    after = spines[spines.index(staff) + 1 :]
    return next((spine for spine in after if spine.kind == DYNAMICS and spine.part == staff.part), None)
