from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.musicxml.musicxml_file import walk_musicxml
from musicvae.midi.reading.scores.score_source import walk_to_source
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT, ScoreWalk
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import KeyChange, TempoChange, TextAt

DOCTYPE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
"""
FLUTE = '<score-part id="P1"><part-name>Flute</part-name></score-part>'


def score(*parts: str, listed: str = FLUTE, first: str = "") -> str:
    """Return MusicXML of parts, each the text of its measures; `first` stands before the part list."""
    played = "".join(f'<part id="P{number}">{part}</part>' for number, part in enumerate(parts, 1))
    return f"{DOCTYPE}<score-partwise>{first}<part-list>{listed}</part-list>{played}</score-partwise>"


def measure(music: str, attributes: str = "") -> str:
    return f"<measure>{f'<attributes>{attributes}</attributes>' if attributes else ''}{music}</measure>"


def note(step: str, octave: int = 4, beats: int = 1, after: str = "", before: str = "") -> str:
    """Return a note of so many beats, 4 divisions each."""
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{before}{pitch}<duration>{4 * beats}</duration>{after}</note>"


def rest(beats: int) -> str:
    return f"<note><rest/><duration>{4 * beats}</duration></note>"


def back(beats: int) -> str:
    return f"<backup><duration>{4 * beats}</duration></backup>"


def head(meter: str = "4/4", fifths: int = 0, more: str = "") -> str:
    beats, unit = meter.split("/")
    key = f"<key><fifths>{fifths}</fifths></key>"
    return (
        f"<divisions>4</divisions>{key}<time><beats>{beats}</beats><beat-type>{unit}</beat-type></time>{more}"
    )


def transpose(chromatic: int, number: str = "") -> str:
    staff = f' number="{number}"' if number else ""
    return f"<transpose{staff}><chromatic>{chromatic}</chromatic></transpose>"


def notes_of(walk: ScoreWalk, part: int = 0) -> list[tuple[float, int, float]]:
    """Return onset, pitch and length of the notes of a part, in beats."""
    return [
        (one.start / TICKS_PER_BEAT, one.pitch, (one.end - one.start) / TICKS_PER_BEAT)
        for one in sorted(walk.parts[part].notes)
    ]


def measures_of(walk: ScoreWalk) -> list[tuple[float, float, str]]:
    return [
        (start / TICKS_PER_BEAT, length / TICKS_PER_BEAT, str(meter))
        for start, length, meter in walk.measures
    ]


def read(*parts: str, listed: str = FLUTE, first: str = "") -> ScoreWalk:
    return walk_musicxml(score(*parts, listed=listed, first=first).encode())


def listed_as(*parts: tuple[str, int]) -> str:
    """Return the list of parts, each with a name and a program of MIDI counted from 1."""
    return "".join(
        f'<score-part id="P{number}"><part-name>{name}</part-name>'
        f'<midi-instrument id="I{number}"><midi-channel>1</midi-channel>'
        f"<midi-program>{program}</midi-program></midi-instrument></score-part>"
        for number, (name, program) in enumerate(parts, 1)
    )


# After public reports of bugs in readers.


def test_a_part_without_a_transposition_sounds_as_written_whatever_its_instrument() -> None:
    scale = {octave: measure("".join(note(step, octave) for step in "CDEF"), head()) for octave in (5, 4, 2)}
    listed = listed_as(("Trumpet in Bb", 57), ("Piano", 1), ("Double Bass", 44))
    walk = read(*scale.values(), listed=listed)
    lowest = [notes_of(walk, part)[0] for part in range(3)]
    assert lowest == [(0, 72, 1), (0, 60, 1), (0, 36, 1)]
    assert [part.part.program for part in walk.parts] == [56, 0, 43]


KIT = {"I37": "F4", "I38": "C5", "I39": "C5", "I43": "G5", "I47": "G5", "I52": "F5", "I57": "E5"}


def test_a_kit_of_seven_drums_has_the_keys_that_are_said() -> None:
    drums = [
        f"<note><unpitched><display-step>{line[0]}</display-step><display-octave>{line[1]}</display-octave>"
        f'</unpitched><duration>4</duration><instrument id="{name}"/></note>'
        for name, line in KIT.items()
    ]
    names = "".join(
        f'<score-instrument id="{name}"><instrument-name>D</instrument-name></score-instrument>'
        for name in KIT
    )
    keys = "".join(
        f'<midi-instrument id="{name}"><midi-channel>10</midi-channel>'
        f"<midi-unpitched>{name[1:]}</midi-unpitched></midi-instrument>"
        for name in KIT
    )
    listed = f'<score-part id="P1"><part-name>Drumset</part-name>{names}{keys}</score-part>'
    walk = read(measure("".join(drums[:4]), head()) + measure("".join(drums[4:])), listed=listed)
    assert walk.parts[0].part == Part("Drumset", 0, is_drums=True)
    assert [pitch for _, pitch, _ in notes_of(walk)] == [36, 37, 38, 42, 46, 51, 56]


def test_cue_notes_take_their_time_in_silence() -> None:
    cues = note("G", 5, 2, before="<cue/>") + note("A", 5, 2, before="<cue/>")
    walk = read(measure(cues, head()) + measure(note("C", 5, 4)))
    assert notes_of(walk) == [(4, 72, 4)]
    assert walk.notices == [Notice("cue notes left out, which do not sound", 2)]


# Parts beside each other.


def test_measures_of_all_parts_start_at_one_place() -> None:
    short = measure(note("C", 5, 2), head()) + measure(note("D", 5, 4))
    walk = read(short, measure(note("C", 3, 4), head()) + measure(note("D", 3, 4)))
    assert [notes_of(walk, part)[1] for part in (0, 1)] == [(4, 74, 4), (4, 50, 4)]
    assert walk.notices == [Notice("measures whose parts differ in length", 1)]


def test_the_halves_of_a_measure_stay_together() -> None:
    voice = measure(rest(3), head()) + measure(note("C", 5)) + measure(note("D", 5, 4))
    piano = measure(note("C", 3, 3), head()) + measure(note("D", 3)) + measure(note("E", 3, 4))
    walk = read(voice, piano)
    assert measures_of(walk) == [(0, 3, "4/4"), (3, 1, "4/4"), (4, 4, "4/4")]
    assert [notes_of(walk, 0)[0], notes_of(walk, 1)[2]] == [(3, 72, 1), (4, 52, 4)]


def test_a_part_with_a_meter_of_its_own_does_not_drift() -> None:
    two = measure(note("C", 5, 2), head("2/4")) + measure(note("D", 5, 2))
    three = measure(note("C", 3, 3), head("6/8")) + measure(note("D", 3, 3))
    walk = read(two, three)
    assert [notes_of(walk, part)[1][0] for part in (0, 1)] == [3, 3]
    assert measures_of(walk) == [(0, 3, "6/8"), (3, 3, "6/8")]


def test_a_pick_up_is_a_short_measure() -> None:
    walk = read(measure(note("G"), head("3/4")) + measure(note("C", 5, 3)))
    assert measures_of(walk) == [(0, 1, "3/4"), (1, 3, "3/4")]
    assert walk_to_source(walk).notes["start"].tolist() == [2 * TICKS_PER_BEAT, 3 * TICKS_PER_BEAT]


def test_divisions_of_parts_go_together() -> None:
    triplet = "<note><pitch><step>C</step><octave>5</octave></pitch><duration>1</duration></note>"
    threes = measure(3 * triplet, head("1/4").replace(">4<", ">3<", 1))
    assert [one[0] for one in notes_of(read(measure(note("C"), head("1/4")), threes), 1)] == [0, 1 / 3, 2 / 3]


def test_two_staves_are_one_track() -> None:
    staves = note("C", 5, 4, "<staff>1</staff>") + back(4) + note("C", 3, 4, "<staff>2</staff>")
    walk = read(measure(staves, head(more="<staves>2</staves>")))
    assert notes_of(walk) == [(0, 48, 4), (0, 72, 4)]


def test_a_part_that_the_list_does_not_name_has_no_name() -> None:
    assert read(measure(note("C"), head()), listed="").parts[0].part == Part("")


def test_repeats_are_read_once() -> None:
    repeat = '<barline location="right"><repeat direction="backward"/></barline>'
    assert len(notes_of(read(measure(note("C", 5, 4) + repeat, head()) + measure(note("D", 5, 4))))) == 2


# Ties.

START, STOP = '<tie type="start"/>', '<tie type="stop"/>'


def test_a_tie_goes_over_the_barline() -> None:
    assert notes_of(read(measure(note("C", 4, 4, START), head()) + measure(note("C", 4, 4, STOP)))) == [
        (0, 60, 8)
    ]


def test_a_tie_goes_into_another_voice() -> None:
    first = note("C", 4, 4, START + "<voice>2</voice>")
    assert notes_of(read(measure(first, head()) + measure(note("C", 4, 2, STOP + "<voice>1</voice>")))) == [
        (0, 60, 6)
    ]


def test_a_tie_goes_over_the_barline_of_a_part_that_is_shorter() -> None:
    short = measure(note("C", 4, 2, START), head()) + measure(note("C", 4, 4, STOP))
    assert notes_of(read(short, measure(rest(4), head()) + measure(rest(4)))) == [(0, 60, 8)]


def test_a_tie_does_not_reach_over_what_is_between() -> None:
    assert len(notes_of(read(measure(note("C", 4, 1, START) + rest(1) + note("C", 4, 2, STOP), head())))) == 2


# Transposition and keys.


def test_a_transposition_changes_in_mid_piece() -> None:
    change = f"<attributes>{transpose(-3)}</attributes>"
    walk = read(measure(note("C", 5, 2) + change + note("C", 5, 2), head(more=transpose(-2))))
    assert [pitch for _, pitch, _ in notes_of(walk)] == [70, 69]


def test_two_staves_transpose_apart() -> None:
    staves = note("C", 5, 4, "<staff>1</staff>") + back(4) + note("C", 5, 4, "<staff>2</staff>")
    walk = read(measure(staves, head(more=transpose(-2, "1") + transpose(-9, "2"))))
    assert [pitch for _, pitch, _ in notes_of(walk)] == [63, 70]


def test_a_score_in_concert_pitch_sounds_as_written() -> None:
    part = measure(note("C", 5, 4), head(more=transpose(-2)))
    assert notes_of(read(part, first="<defaults><concert-score/></defaults>")) == [(0, 72, 4)]


def test_the_key_is_that_of_a_part_that_does_not_transpose() -> None:
    clarinet = measure(note("D", 5, 4), head(fifths=2, more=transpose(-2)))
    piano = measure(note("C", 4, 4), head(fifths=0)) + measure(note("G", 4, 4), head(fifths=1))
    assert read(clarinet, piano).keys == [KeyChange(0, "C major"), KeyChange(4 * TICKS_PER_BEAT, "G major")]


def test_the_key_of_a_part_that_transposes_is_that_which_sounds() -> None:
    assert read(measure(note("D", 5, 4), head(fifths=2, more=transpose(-2)))).keys == [
        KeyChange(0, "C major")
    ]


# Tempi, chords, lyrics, title.


def test_tempi_of_all_parts_are_in_order_and_a_sound_counts_before_a_mark() -> None:
    mark = (
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><per-minute>80</per-minute>"
        "</metronome></direction-type></direction>"
    )
    first = measure(mark + note("C", 5, 2) + '<sound tempo="60"/>' + note("C", 5, 2), head())
    walk = read(first, measure('<sound tempo="100"/>' + note("C", 4, 4), head()))
    assert walk.tempi == [TempoChange(0, 100), TempoChange(2 * TICKS_PER_BEAT, 60)]


def test_chords_and_lyrics_stand_in_ticks() -> None:
    symbol = "<harmony><root><root-step>A</root-step></root><kind>minor</kind></harmony>"
    sung = "<lyric><syllabic>begin</syllabic><text>La</text></lyric>"
    [part] = read(measure(note("C", 5, 2) + symbol + note("C", 5, 2, sung), head())).parts
    assert part.chords == [(2 * TICKS_PER_BEAT, (57, 60, 64))]
    assert part.lyrics == [TextAt(2 * TICKS_PER_BEAT, "La-")]


def test_the_title_is_read() -> None:
    assert read(measure(note("C"), head()), first="<movement-title>Air</movement-title>").title == "Air"


# Files of every kind.

PLAIN = score(measure(note("C", 5, 4), head()))


def compress(name: str, container: str | None) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        if container is not None:
            writer.writestr("META-INF/container.xml", container)
        writer.writestr(name, PLAIN)
    return archive.getvalue()


def rootfile(quoted: str) -> str:
    return f"<container><rootfiles><rootfile full-path={quoted}/></rootfiles></container>"


@pytest.mark.parametrize(
    "data",
    [PLAIN.encode(), PLAIN.encode("utf-8-sig"), PLAIN.replace("UTF-8", "UTF-16").encode("utf-16"),
     compress("score.xml", rootfile('"score.xml"')), compress("Let's.xml", rootfile("'Let's.xml'")),
     compress("score.musicxml", None), compress("score.xml", "")],
)  # fmt: skip
def test_a_score_is_read_from_any_file_of_musicxml(data: bytes) -> None:
    assert notes_of(walk_musicxml(data)) == [(0, 72, 4)]


def test_a_timewise_score_is_read() -> None:
    first = "".join(
        f'<part id="P{part}"><attributes>{head()}</attributes>{note("C", 6 - part, 4)}</part>'
        for part in (1, 2)
    )
    then = f'<part id="P1">{note("D", 5, 4)}</part><part id="P2">{note("D", 4, 4)}</part>'
    text = f"<measure>{first}</measure><measure>{then}</measure>"
    walk = walk_musicxml(f"<score-timewise><part-list>{FLUTE}</part-list>{text}</score-timewise>".encode())
    assert [notes_of(walk, part) for part in (0, 1)] == [[(0, 72, 4), (4, 74, 4)], [(0, 60, 4), (4, 62, 4)]]
    assert walk.parts[0].part.name == "Flute"


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "cannot be read as MusicXML"), (b"MThd", "cannot be read as MusicXML"),
     (b"PK\x03\x04 and then nothing", "cannot be read as MusicXML"),
     (b"<museScore/>", "it is a MuseScore file: export it as MusicXML"),
     (b'<mei xmlns="http://www.music-encoding.org/ns/mei"/>', "it is an MEI file: export it as MusicXML"),
     (b'<!DOCTYPE a [<!ENTITY a "a">]><score-partwise>&a;</score-partwise>', "it declares XML entities"),
     (PLAIN.replace("<duration>16", "<duration>99999999999").encode(), "far too long to be music")],
)  # fmt: skip
def test_what_is_no_score_is_refused_in_a_sentence(data: bytes, message: str) -> None:
    with pytest.raises(SongError, match=message):
        walk_musicxml(data)


def test_a_score_without_parts_has_no_notes() -> None:
    with pytest.raises(SongError, match="there are no notes in it"):
        walk_to_source(walk_musicxml(b"<score-partwise/>"))


# Damage: whatever is done to a file, it is read or refused.

SMALL = score(
    measure(note("C", 5, 2, START) + note("C", 5, 2, STOP), head(fifths=-1, more=transpose(-2)))
    + measure(
        '<sound tempo="90"/>' + note("E", 5, 4, "<lyric><text>la</text></lyric>") + back(4) + note("C", 4, 2)
    ),
    measure(
        "<harmony><root><root-step>C</root-step></root><kind>major</kind></harmony>" + note("C", 3, 4), head()
    )
    + measure("<note><unpitched/><duration>16</duration></note>"),
    listed=listed_as(("Clarinet", 72), ("Piano", 1)),
).replace("><", ">\n<")
WORDS = ["-1", "0", "9999999", "1e99", "x", "", "0.5", "&amp;", "<note/>", "\0"]


def mutants(seed: int, count: int) -> Iterator[bytes]:
    """Yield damaged copies of the small score: cut, bytes changed, lines gone or doubled, other words."""
    chance = random.Random(seed)
    lines = SMALL.splitlines(keepends=True)
    for index in range(count):
        first, then = sorted(chance.choices(range(3, len(lines)), k=2))
        data = bytearray(SMALL.encode())
        if index % 5 == 0:
            del data[chance.randrange(len(data)) :]
        elif index % 5 == 1:
            for _ in range(3):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        elif index % 5 == 2:
            data = bytearray("".join(lines[:first] + lines[first + 1 :]).encode())
        elif index % 5 == 3:
            data = bytearray("".join([*lines[:first], lines[then], *lines[first:]]).encode())
        else:
            start = SMALL.index(">", chance.randrange(len(SMALL) - 40)) + 1
            data[start : SMALL.find("<", start)] = chance.choice(WORDS).encode()
        yield bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_read_or_refused(seed: int) -> None:
    refused = 0
    for data in mutants(seed, 150):
        try:
            walk_to_source(walk_musicxml(data))
        except SongError:
            refused += 1
    assert 0 < refused < 150
