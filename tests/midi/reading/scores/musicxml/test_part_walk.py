from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from fractions import Fraction

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.musicxml.document.part_list import ListedPart
from musicvae.midi.reading.scores.musicxml.note_pitch import DrumKit
from musicvae.midi.reading.scores.musicxml.part_attributes import PartAttributes
from musicvae.midi.reading.scores.musicxml.part_walk import PartWalker
from musicvae.midi.reading.scores.musicxml.score_clock import ScoreClock
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT

REST = "<note><rest/><duration>2</duration></note>"
CHORD, CUE, GRACE = "<chord/>", "<cue/>", "<grace/>"


def walk(*measures: str) -> PartWalker:
    """Return the walk over measures of a part, 2 divisions to the beat, 10 units to the division."""
    clock = ScoreClock(20, Fraction(2))
    walker = PartWalker(ListedPart(), PartAttributes(clock), DrumKit(ListedPart(), []), Counter())
    start = 0
    for measure in measures:
        start += walker.walk_measure(ET.fromstring(f"<measure>{measure}</measure>"), start)
    return walker


def note(
    step: str = "C", duration: int | None = 2, before: str = "", after: str = "", tag: str = "note"
) -> str:
    length = "" if duration is None else f"<duration>{duration}</duration>"
    pitch = f"<pitch><step>{step}</step><octave>4</octave></pitch>"
    return f"<{tag}>{before}{pitch}{length}{after}</note>"


def grace(step: str, before: str = "") -> str:
    return note(step, None, GRACE + before)


def back(duration: int) -> str:
    return f"<backup><duration>{duration}</duration></backup>"


def forward(duration: int) -> str:
    return f"<forward><duration>{duration}</duration></forward>"


def notes_of(walker: PartWalker) -> list[tuple[int, int, int]]:
    """Return (start, end, pitch) of the notes in divisions."""
    return [(one.start // 10, one.end // 10, one.pitch) for one in walker.notes]


def notices_of(walker: PartWalker) -> dict[str, int]:
    return dict(walker._noticed)


def length_of(measure: str) -> int:
    clock = ScoreClock(20, Fraction(2))
    walker = PartWalker(ListedPart(), PartAttributes(clock), DrumKit(ListedPart(), []), Counter())
    return walker.walk_measure(ET.fromstring(f"<measure>{measure}</measure>"), 0) // 10


def test_notes_follow_each_other_and_rests_are_silent() -> None:
    assert notes_of(walk(note("C") + REST + note("E", 1))) == [(0, 2, 60), (4, 5, 64)]


def test_the_type_of_a_note_says_nothing_of_its_length() -> None:
    assert notes_of(walk(note("C", 3, after="<type>whole</type><dot/>"))) == [(0, 3, 60)]


def test_notes_of_a_chord_start_together() -> None:
    assert notes_of(walk(note("C") + note("E", before=CHORD) + note("G"))) == [
        (0, 2, 60),
        (0, 2, 64),
        (2, 4, 67),
    ]


def test_a_note_of_a_chord_has_a_length_of_its_own() -> None:
    assert notes_of(walk(note("C") + note("E", 4, CHORD) + note("G"))) == [(0, 2, 60), (0, 4, 64), (2, 4, 67)]


def test_backup_and_forward_move_the_place() -> None:
    measure = note("C", 4) + back(4) + forward(1) + note("E", 3)
    assert notes_of(walk(measure)) == [(0, 4, 60), (1, 4, 64)]


def test_a_measure_is_as_long_as_the_place_ever_gets() -> None:
    assert length_of(note("C", 8) + back(8) + note("E", 2)) == 8
    assert length_of(note("C", 2) + forward(4)) == 6


def test_the_next_measure_starts_where_this_one_ends_wherever_the_place_is() -> None:
    assert notes_of(walk(note("C", 4) + back(4) + note("E", 1), note("G", 1)))[-1] == (4, 5, 67)


def test_a_step_back_beyond_the_beginning_stops_there_and_is_said() -> None:
    walker = walk(note("C", 4), note("D", 2) + back(6) + note("E", 1))
    assert notes_of(walker)[-1] == (4, 5, 64)
    assert notices_of(walker) == {"steps back beyond the beginning of a measure": 1}


def test_grace_notes_have_no_length() -> None:
    chord = grace("D") + grace("F", CHORD)
    assert notes_of(walk(chord + note("C"))) == [(0, 0, 62), (0, 0, 65), (0, 2, 60)]


def test_a_note_of_no_length_is_a_grace_note_and_said() -> None:
    walker = walk(note("C", 0) + note("D"))
    assert notes_of(walker) == [(0, 0, 60), (0, 2, 62)]
    assert notices_of(walker) == {"notes of no length taken for grace notes": 1}


def test_cue_notes_take_time_but_do_not_sound() -> None:
    walker = walk(note("C", before=CUE) + note("E", before=CUE + CHORD) + note("D"))
    assert notes_of(walker) == [(2, 4, 62)]
    assert notices_of(walker) == {"cue notes left out, which do not sound": 2}


def test_a_chord_upon_a_cue_note_starts_with_it() -> None:
    assert notes_of(walk(note("C", before=CUE) + note("E", before=CHORD))) == [(0, 2, 64)]


def test_a_cue_grace_note_is_silent_too() -> None:
    assert notes_of(walk(grace("D", CUE) + note("C"))) == [(0, 2, 60)]


def test_hidden_notes_sound_and_hidden_rests_do_not() -> None:
    hidden = note("C", tag='note print-object="no"') + REST.replace("<note>", '<note print-object="no">')
    assert notes_of(walk(hidden + note("D"))) == [(0, 2, 60), (4, 6, 62)]


def test_divisions_change_in_mid_measure() -> None:
    change = "<attributes><divisions>20</divisions></attributes>"
    assert [one[:2] for one in walk(note("C", 2) + change + note("D", 10)).notes] == [(0, 20), (20, 30)]


def test_voices_are_kept() -> None:
    assert [
        one.voice for one in walk(note(after="<voice>1</voice>") + note(after="<voice>2</voice>")).notes
    ] == ["1", "2"]


@pytest.mark.parametrize(
    ("ends", "starts", "stops"),
    [('<tie type="start"/>', True, False),
     ('<tie type="stop"/><tie type="start"/>', True, True),
     ('<notations><tied type="start"/></notations>', True, False),
     ('<tie type="stop"/><notations><tied type="start"/></notations>', False, True),
     ('<notations><slur type="start"/></notations>', False, False)],
)  # fmt: skip
def test_ties_that_sound_count_before_those_that_are_drawn(ends: str, starts: bool, stops: bool) -> None:
    [tied] = walk(note(after=ends)).notes
    assert (tied.starts_tie, tied.stops_tie) == (starts, stops)


def test_a_note_may_have_a_loudness_of_its_own() -> None:
    assert [one.velocity for one in walk(note(tag='note dynamics="50"') + note()).notes] == [45, 0]


def ends_after(measure: str, end: int) -> list[int]:
    """Return the ends of the notes of a measure that ends there, in divisions."""
    walker = walk(measure)
    walker.end_measure(10 * end)
    return [one.end // 10 for one in walker.notes]


@pytest.mark.parametrize("end", [3, 6])
def test_what_is_tied_over_the_barline_lasts_until_the_barline(end: int) -> None:
    tied = (
        note("C", 2, after='<tie type="start"/>')
        + note("D", 2)
        + back(2)
        + note("E", 2, after='<tie type="start"/>')
    )
    assert ends_after(tied, end) == [2, 4, end]


def direction(*kinds: str, after: str = "") -> str:
    types = "".join(f"<direction-type>{kind}</direction-type>" for kind in kinds)
    return f"<direction>{types}{after}</direction>"


METRONOME = "<metronome><beat-unit>half</beat-unit><per-minute>60</per-minute></metronome>"
FORTE = "<dynamics><f/></dynamics>"


def test_a_metronome_mark_sets_the_tempo() -> None:
    assert walk(note() + direction("<words>Largo</words>", METRONOME)).tempi == [(20, True, 120)]


def test_the_sound_of_a_direction_counts_before_its_metronome_mark() -> None:
    assert walk(direction(METRONOME, after='<sound tempo="100"/>')).tempi == [(0, False, 100)]


def test_a_sound_may_stand_by_itself() -> None:
    assert walk(note() + '<sound tempo="90"/>').tempi == [(20, False, 90)]


def test_an_offset_moves_what_is_drawn() -> None:
    assert walk(note() + direction(METRONOME, after="<offset>-1</offset>")).tempi == [(10, True, 120)]


@pytest.mark.parametrize(("said", "place"), [("", 0), (' sound="no"', 0), (' sound="yes"', 30)])
def test_an_offset_moves_a_sound_only_where_it_says_so(said: str, place: int) -> None:
    moved = direction("<words>rit.</words>", after=f'<offset{said}>3</offset><sound tempo="60"/>')
    assert walk(moved).tempi == [(place, False, 60)]


def test_a_sound_has_an_offset_of_its_own() -> None:
    assert walk('<sound tempo="60"><offset>2</offset></sound>').tempi == [(20, False, 60)]


def test_an_offset_does_not_leave_the_measure_to_the_left() -> None:
    assert walk(note(), direction(METRONOME, after="<offset>-9</offset>")).tempi == [(20, True, 120)]


def test_dynamics_stand_in_directions_and_at_notes() -> None:
    piano = "<notations><dynamics><p/></dynamics></notations>"
    assert walk(direction(FORTE) + note() + note(after=piano)).dynamics == [(0, 89), (TICKS_PER_BEAT, 44)]


def test_a_mark_counts_before_the_loudness_of_its_sound() -> None:
    assert walk(direction(FORTE, after='<sound dynamics="50"/>')).dynamics == [(0, 89)]


def test_a_loudness_counts_where_there_is_no_mark() -> None:
    assert walk(direction("<words>cresc.</words>", after='<sound dynamics="50"/>')).dynamics == [(0, 45)]


def test_an_accent_does_not_last() -> None:
    accent = direction("<dynamics><sfz/></dynamics>", after='<sound dynamics="124"/>')
    assert walk(accent).dynamics == []


def test_a_chord_symbol_stands_where_its_offset_says() -> None:
    symbol = "<harmony><root><root-step>C</root-step></root><kind>major</kind><offset>1</offset></harmony>"
    assert walk(note() + symbol).chords == [(3 * TICKS_PER_BEAT // 2, (48, 52, 55))]


def test_syllables_stand_where_their_notes_begin() -> None:
    sung = "<lyric><syllabic>begin</syllabic><text>A</text></lyric>"
    assert walk(note() + note(after=sung)).lyrics == [(TICKS_PER_BEAT, "A-")]


def test_a_key_is_kept_where_it_changes_and_once() -> None:
    g, c = (f"<attributes><key><fifths>{fifths}</fifths></key></attributes>" for fifths in (1, 0))
    assert walk(g + note(), g + note(), c + note()).keys == [(0, (1, "major")), (40, (0, "major"))]


def test_a_time_at_the_end_of_a_measure_is_of_the_next() -> None:
    two, three = (
        f"<attributes><time><beats>{beats}</beats><beat-type>4</beat-type></time></attributes>"
        for beats in (2, 3)
    )
    assert str(walk(two + note("C", 4) + three).meter) == "2/4"
    assert str(walk(two + note("C", 4) + three, note("C", 6)).meter) == "3/4"


def test_changes_of_instrument_are_said() -> None:
    change = '<sound><midi-instrument id="I1"><midi-program>3</midi-program></midi-instrument></sound>'
    assert notices_of(walk(change + note())) == {"changes of instrument left out": 1}


@pytest.mark.parametrize(
    ("damaged", "tag"),
    [(note("H"), "note"), (note("C", None), "note"), (note("C", -2), "note"),
     (note().replace(">2<", ">two<"), "note"), ("<note><duration>2</duration></note>", "note"),
     ("<backup/>", "backup"), ("<forward><duration>x</duration></forward>", "forward"),
     ("<attributes><key><fifths>x</fifths></key></attributes>", "attributes"),
     (direction(FORTE, after="<offset>x</offset>"), "direction"),
     ("<harmony><root/></harmony>", "harmony")],
)  # fmt: skip
def test_damaged_elements_are_left_out_and_said(damaged: str, tag: str) -> None:
    walker = walk(damaged, note("D"))
    assert [one.pitch for one in walker.notes] == [62]
    assert notices_of(walker) == {f"damaged <{tag}> left out": 1}


def test_a_note_without_a_pitch_takes_its_time() -> None:
    assert notes_of(walk(note("H") + note("D"))) == [(2, 4, 62)]


def test_a_time_before_a_damaged_key_holds() -> None:
    damaged = "<time><beats>2</beats><beat-type>4</beat-type></time><key><fifths>x</fifths></key>"
    assert str(walk(f"<attributes>{damaged}</attributes>").meter) == "2/4"


def test_a_note_that_is_longer_than_any_music_is_refused() -> None:
    with pytest.raises(SongError, match="far too long to be music"):
        walk(note("C", 999999999))
