from __future__ import annotations

from collections import Counter
from fractions import Fraction

from musicvae.midi.reading.scores.musicxml.document.part_list import ListedInstrument, ListedPart
from musicvae.midi.reading.scores.musicxml.note_pitch import DrumKit
from musicvae.midi.reading.scores.musicxml.part_attributes import PartAttributes
from musicvae.midi.reading.scores.musicxml.part_tracks import part_tracks
from musicvae.midi.reading.scores.musicxml.part_walk import PartWalker
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock
from musicvae.midi.reading.scores.musicxml.ties import WrittenNote
from musicvae.midi.reading.scores.score_walk import DynamicMark, PartWalk, ScoreNote
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import TextAt

CLOCK = ScoreClock(20160, Fraction(1))
FLUTE, DRUMS = ListedInstrument(73, False, None), ListedInstrument(5, True, 56)


def tracks_of(drums: int = 0, pitched: int = 0, instrument: ListedInstrument = FLUTE) -> list[PartWalk]:
    """Return the tracks of a part with so many notes of each kind."""
    listed = ListedPart("Name", {"i": instrument})
    walker = PartWalker(listed, PartAttributes(CLOCK), DrumKit(listed, []), Counter())
    kinds = [True] * drums + [False] * pitched
    walker.notes = [
        WrittenNote(20160 * place, 20160 * place + 10080, 60, 0, is_drum, "1", False, False)
        for place, is_drum in enumerate(kinds)
    ]
    walker.dynamics, walker.lyrics = [DynamicMark(10080, 89)], [TextAt(20160, "la")]
    return part_tracks(walker, CLOCK)


def test_a_pitched_part_is_one_track_in_ticks() -> None:
    [track] = tracks_of(pitched=2)
    assert track.part == Part("Name", 73)
    assert track.notes == [ScoreNote(0, 5040, 60), ScoreNote(10080, 15120, 60)]
    assert (track.dynamics, track.lyrics) == ([(10080, 89)], [(20160, "la")])


def test_a_part_of_drums_is_one_track_without_a_program() -> None:
    assert [track.part for track in tracks_of(drums=2)] == [Part("Name", 0, is_drums=True)]


def test_of_pitched_notes_and_drums_those_that_are_fewer_are_a_track_behind() -> None:
    most, fewest = tracks_of(drums=3, pitched=1)
    assert (most.part.is_drums, len(most.notes), most.lyrics) == (True, 3, [(20160, "la")])
    assert (fewest.part, len(fewest.notes), fewest.lyrics) == (Part("Name", 73), 1, [])


def test_both_tracks_have_the_dynamics() -> None:
    assert [track.dynamics for track in tracks_of(drums=1, pitched=2)] == [[(10080, 89)]] * 2


def test_a_part_without_notes_is_a_track_of_its_instrument() -> None:
    assert [tracks_of(instrument=one)[0].part.is_drums for one in (FLUTE, DRUMS)] == [False, True]
