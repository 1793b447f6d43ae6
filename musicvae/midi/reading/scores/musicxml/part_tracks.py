"""A part that has been walked through as its tracks: one, or a pitched one and one of drums."""

from __future__ import annotations

from collections.abc import Sequence

from musicvae.midi.reading.scores.musicxml.part_walk import PartWalker
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock
from musicvae.midi.reading.scores.musicxml.ties import WrittenNote, join_ties
from musicvae.midi.reading.scores.score_walk import PartWalk, ScoreNote
from musicvae.midi.songs.song import Part


def part_tracks(walker: PartWalker, clock: ScoreClock) -> list[PartWalk]:
    """Return the tracks of a part: that of most of its notes first, with all that is not notes."""
    notes = join_ties(walker.notes)
    drums = [note for note in notes if note.is_drum]
    pitched = [note for note in notes if not note.is_drum]
    mostly_drums = walker.listed.is_drums if not notes else len(drums) > len(pitched)
    main, others = (drums, pitched) if mostly_drums else (pitched, drums)
    track = PartWalk(
        _part(walker, mostly_drums),
        _to_ticks(main, clock),
        walker.chords,
        walker.dynamics,
        walker.lyrics,
    )
    if not others:
        return [track]
    return [
        track,
        PartWalk(_part(walker, not mostly_drums), _to_ticks(others, clock), dynamics=list(walker.dynamics)),
    ]


def _part(walker: PartWalker, is_drums: bool) -> Part:
    return Part(walker.listed.name, 0 if is_drums else walker.listed.program, is_drums)


def _to_ticks(notes: Sequence[WrittenNote], clock: ScoreClock) -> list[ScoreNote]:
    return [
        ScoreNote(clock.to_ticks(note.start), clock.to_ticks(note.end), note.pitch, note.velocity)
        for note in notes
    ]
