from __future__ import annotations

from fractions import Fraction

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_file import walk_tune
from musicvae.midi.reading.scores.score_source import walk_to_source
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT, PartWalk, ScoreWalk
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.source import Source

HEAD = "X:1\nM:4/4\nL:1/4\n"


def read(text: str) -> Source:
    return walk_to_source(walk_tune(text))


def notes_of(source: Source, *, graces: bool = False) -> str:
    """Return the notes in order, each as "start pitch", with "+length" where it is no beat, in beats."""
    said = []
    for start, end, pitch, *_ in source.notes.tolist():
        length = Fraction(end - start, TICKS_PER_BEAT)
        if graces or length:
            said.append(f"{Fraction(start, TICKS_PER_BEAT)}:{pitch}" + (f"+{length}" if length != 1 else ""))
    return " ".join(said)


def as_written(music: str) -> str:
    """Return the notes of a tune in C without silence in front of a pick-up, and without chord symbols."""
    walk = walk_tune(f"{HEAD}K:C\n{music}\n")
    walk.measures.clear()
    for part in walk.parts:
        part.chords.clear()
    return notes_of(walk_to_source(walk))


def pitches_of(music: str) -> list[int]:
    """Return the pitches of a tune in C (or another key that it names), in order."""
    text = music if "K:" in music.split("\n")[0] else f"K:C\n{music}"
    return read(HEAD + text).notes["pitch"].tolist()


def lengths_of(music: str, meter: str = "4/4") -> list[Fraction]:
    """Return the lengths in beats of the notes of a tune that counts in quarters, graces apart."""
    [part] = walk_tune(f"X:1\nM:{meter}\nL:1/4\nK:C\n{music}").parts
    lengths = [Fraction(note.end - note.start, TICKS_PER_BEAT) for note in part.notes]
    return [length for length in lengths if length]


def parts_of(music: str) -> list[PartWalk]:
    return walk_tune(HEAD + music).parts


def meters_of(walk: ScoreWalk) -> list[str]:
    return [str(measure.meter) for measure in walk.measures]


# Known inputs with the notes that are right.


@pytest.mark.parametrize(
    ("music", "notes"),
    [
        ("K:C\n^c c c c|c c c c|]", "0:73 1:73 2:73 3:73 4:72 5:72 6:72 7:72"),
        ('K:C\n"@1,2 text"C D E F|GABc|]', "0:60 1:62 2:64 3:65 4:67 5:69 6:71 7:72"),
        ("K:C\nHC D E F|GABc|]", "0:60 1:62 2:64 3:65 4:67 5:69 6:71 7:72"),
        ("K:C\nCDEF|\nw: la la la la\n+: more words\nGABc|]", "0:60 1:62 2:64 3:65 4:67 5:69 6:71 7:72"),
        ("K:C\nCDEF|GAB|]", "0:60 1:62 2:64 3:65 4:67 5:69 6:71"),
        ("K:C octave=-1\nCEGc|]", "0:48 1:52 2:55 3:60"),
        ("K:C clef=treble-8\nCEGc|]", "0:48 1:52 2:55 3:60"),
        ("K:C\ncdef & C2 G,2|g4 & E4|]", "0:60+2 0:72 1:74 2:55+2 2:76 3:77 4:64+4 4:79+4"),
        ("K:C\nV:S\ncdef|g4|]\nV:B\nC2G,2|C4|]", "0:72 0:60+2 1:74 2:76 2:55+2 3:77 4:79+4 4:60+4"),
    ],
)
def test_known_tunes_have_the_notes_that_are_right(music: str, notes: str) -> None:
    assert notes_of(read(HEAD + music)) == notes


def test_rests_of_whole_measures_keep_a_voice_with_the_others() -> None:
    source = read("X:1\nM:3/4\nL:1/4\nK:C\nV:1\nCDE|Z2|FGA|]\nV:2\nC,3|D,3|E,3|F,3|]\n")
    assert notes_of(source) == "0:60 0:48+3 1:62 2:64 3:50+3 6:52+3 9:65 9:53+3 10:67 11:69"


def test_a_key_within_a_voice_is_its_own() -> None:
    music = "C2 D2 E2 F2|[K:C] G2 F2 B2 c2|]"
    source = read(f"X:1\nM:4/4\nL:1/8\nK:E dor\nV:1\n{music}\nV:2\n{music}\n")
    each = [61, 62, 64, 66, 67, 65, 71, 72]
    assert [source.notes["pitch"][source.notes["track"] == track].tolist() for track in (0, 1)] == [
        each,
        each,
    ]
    assert [key.key for key in source.keys] == ["E dorian", "C major"]


def test_graces_are_apart_from_the_melody() -> None:
    music = "{g}A{d}B {g}c{e}d|{gef}e {a}f {g}e d|{g}A{d}B {g}c{e}d|d4|]"
    source = read(f"{HEAD}K:D\n{music}\n")
    assert notes_of(source) == "0:69 1:71 2:73 3:74 4:76 5:78 6:76 7:74 8:69 9:71 10:73 11:74 12:74+4"
    assert notes_of(source, graces=True).startswith("0:79+0 0:69 1:74+0 1:71")


# Pitches.


@pytest.mark.parametrize(
    ("music", "pitches"),
    [
        ("C, C c c' B,, b''", [48, 60, 72, 84, 47, 107]),
        ("^C _D =E ^^F __G", [61, 61, 64, 67, 65]),
        ("^c C c'|c", [73, 61, 85, 72]),
        ("^F =F F _F F", [66, 65, 65, 64, 64]),
        ("{^ff}g f|f", [79, 78, 78, 77, 77]),
        ("^f {f}g|", [78, 79, 78]),
        ("^F & F", [66, 65]),
        ("^F [K:D] F [K:C] F", [66, 66, 65]),
        ("^/c ^3/2c", [72, 74]),
        ("K:D\nFCB", [66, 61, 71]),
        ("K:Am transpose=-2\nA", [67]),
    ],
)
def test_pitches_are_those_of_the_letters_key_and_accidentals(music: str, pitches: list[int]) -> None:
    assert sorted(pitches_of(music)) == sorted(pitches)


def test_a_clef_of_a_voice_takes_the_place_of_that_of_the_key() -> None:
    assert pitches_of("K:C clef=treble-8 octave=1\nV:1 clef=bass\nC\nV:2\nC") == [72, 60]


def test_midi_may_transpose() -> None:
    assert pitches_of("%%MIDI transpose -12\nC\nV:2\n%%MIDI transpose 2\nC") == [48, 62]


# Lengths.


@pytest.mark.parametrize(
    ("music", "lengths"),
    [
        ("C2 D/ E// F/4 G3/2 A3//", "2 1/2 1/4 1/4 3/2 3/4"),
        ("A>B c<d", "3/2 1/2 1/2 3/2"),
        ("A>>B c<<<d", "7/4 1/4 1/8 15/8"),
        ("A>.B c<ud e>(f g)>a", "3/2 1/2 1/2 3/2 3/2 1/2 3/2 1/2"),
        ('A>"C"B c > d', "3/2 1/2 3/2 1/2"),
        ("[CE]>[DF]", "3/2 3/2 1/2 1/2"),
        ("z>A B<z", "1/2 1/2"),
        ("G>A/B/", "5/4 1/4 1/2"),
        ("E<A3", "1/2 7/2"),
        ("(3ABc d", "2/3 2/3 2/3 1"),
        ("(3:2:4ABcd e", "2/3 2/3 2/3 2/3 1"),
        ("(3::2AB c", "2/3 2/3 1"),
        ("((3uEFG)A", "2/3 2/3 2/3 1"),
        ("(3A>Bc", "1 1/3 2/3"),
        ("(3zAB(3[CE]{d}DE F", "2/3 2/3 2/3 2/3 2/3 2/3 1"),
        ("[CEG]2 [C2E]/2", "2 2 2 1/2 1"),
        ("A - A B-|B", "2 2"),
    ],
)
def test_lengths_are_those_that_are_written(music: str, lengths: str) -> None:
    assert sorted(lengths_of(music)) == sorted(Fraction(length) for length in lengths.split())


@pytest.mark.parametrize(
    ("many", "meter", "time"),
    [(2, "6/8", 3), (3, "4/4", 2), (4, "4/4", 3), (5, "4/4", 2), (5, "3/4", 2), (5, "6/8", 3), (6, "4/4", 2)]
    + [(7, "9/8", 3), (7, "2/4", 2), (8, "4/4", 3), (9, "12/8", 3), (9, "C", 2)],
)
def test_a_tuplet_takes_the_time_that_is_usual_in_the_meter(many: int, meter: str, time: int) -> None:
    lengths = lengths_of(f"({many}{'CDEFGABcd'[:many]}|", meter)
    assert lengths == [Fraction(time, many)] * many


def test_a_note_in_brackets_may_have_a_length_of_its_own() -> None:
    assert as_written("[CE2]G|") == "0:60 0:64+2 1:67"


def test_without_a_unit_short_meters_count_in_sixteenths() -> None:
    assert notes_of(read("X:1\nM:2/4\nK:C\nC4 D4|]\n")) == "0:60 1:62"


def test_the_unit_may_change() -> None:
    assert notes_of(read(f"{HEAD}K:C\nC[L:1/8]D2\nL:1/2\nE|\n")) == "0:60 1:62 2:64+2"


@pytest.mark.parametrize(
    ("music", "notes"),
    [
        ("CDEF>|GA", "0:60 1:62 2:64 3:65+3/2 9/2:67+1/2 5:69"),
        ("CDEF<|GA", "0:60 1:62 2:64 3:65+1/2 7/2:67+3/2 5:69"),
        ("CDEF|\n>GA", "0:60 1:62 2:64 3:65+3/2 9/2:67+1/2 5:69"),
        ("[V:1]F>|[V:2]C2|[V:1]GA|", "0:65+3/2 0:60+2 5/2:67+1/2 3:69"),
    ],
)
def test_a_broken_rhythm_goes_across_a_barline_which_stays(music: str, notes: str) -> None:
    assert as_written(music) == notes


# Overlays.


@pytest.mark.parametrize(
    ("music", "notes"),
    [
        ("C2D2&E4|F4|", "0:60+2 0:64+4 2:62+2 4:65+4"),
        ("C4&D4&E4|F4|", "0:60+4 0:62+4 0:64+4 4:65+4"),
        ("C4|&E4|F4|", "0:60+4 0:64+4 4:65+4"),
        ("C4|D4|\n&&E4|F4|\nG4|", "0:60+4 0:64+4 4:62+4 4:65+4 8:67+4"),
        ("C4|D4&&E4|F4|G4|", "0:60+4 0:64+4 4:62+4 4:65+4 8:67+4"),
        ("C4|D4|&&E4-|E4|G4|", "0:60+4 0:64+8 4:62+4 8:67+4"),
        ("C4|D4&&Z|F4|G4|", "0:60+4 4:62+4 4:65+4 8:67+4"),
        ("(&C4|D4&E4|F4&)|G4|", "0:60+4 0:64+4 4:62+4 4:65+4 8:67+4"),
        ("(&C4|D4|&E4|F4|&)G4|", "0:60+4 0:64+4 4:62+4 4:65+4 8:67+4"),
        ("C2(&D2|E2&F2|G2&)A2|B4|", "0:60+2 2:62+2 2:65+2 4:64+2 4:67+2 6:69+2 8:71+4"),
        ("(&C4|D4&E4|F4&G8&)|A4|", "0:60+4 0:64+4 0:67+8 4:62+4 4:65+4 8:69+4"),
        ("(&C4&E4|F4&)|G4|", "0:60+4 0:64+4 4:65+4 8:67+4"),
        ("(&C4|D4&E4|F4", "0:60+4 0:64+4 4:62+4 4:65+4"),
    ],
)
def test_an_overlay_sounds_beside_what_it_goes_back_to(music: str, notes: str) -> None:
    assert as_written(music) == notes


def test_an_overlay_of_several_measures_makes_none() -> None:
    walk = walk_tune(f"{HEAD}K:C\nC4|D4|&&E4|F4|G4|(&A4|B4&c4|d4&)|\n")
    assert [measure.length for measure in walk.measures] == [4 * TICKS_PER_BEAT] * 5


def test_accidentals_of_an_overlay_are_its_own() -> None:
    assert pitches_of("^F4|^G4|&&F4|G4|") == [65, 66, 67, 68]  # by pitch where they begin together


def test_lyrics_go_on_with_the_notes_of_an_overlay() -> None:
    [part] = parts_of("M:4/2\nL:1/4\nK:C\ng4f4|e6e2|&&(d8|c6)c2|\nw:ha-la-|lu-yoh\n+:lu-|-yoh\n")
    assert [(text.tick // TICKS_PER_BEAT, text.text) for text in sorted(part.lyrics)] == [
        *[(0, "ha-"), (0, "lu-"), (4, "la-"), (8, "lu-"), (14, "yoh"), (14, "yoh")],
    ]


# Ties.


@pytest.mark.parametrize(
    ("music", "notes"),
    [
        ("C-|C D", "0:60+2 2:62"),
        ("[CE]-[CE]", "0:60+2 0:64+2"),
        ("[C-E][CE]", "0:60+2 0:64 1:64"),
        ("[CE]-C", "0:60+2 0:64"),
        ("C-[CE]", "0:60+2 1:64"),
        ("^c-|c c", "0:73+2 2:72"),
        ("C-D C", "0:60 1:62 2:60"),
        ("C-z C", "0:60 2:60"),
        ("C-{d}C", "0:60+2"),
        ('C-"G"C', "0:60+2"),
        ("C-[M:3/4][Q:1/4=90]|C", "0:60+2"),
        ("(C-C)", "0:60+2"),
        ("_c- ^c", "0:71 1:73"),
        ("C-&E-|C&E|", "0:60+2 0:64+2"),
        ("C-|Z|C", "0:60 5:60"),
    ],
)
def test_a_tie_joins_a_note_with_the_next_of_its_kind(music: str, notes: str) -> None:
    assert as_written(music) == notes


def test_a_tie_waits_while_another_voice_has_its_turn() -> None:
    source = read(f"{HEAD}K:C\n[V:1]C4-|[V:2]E4|[V:1]C4|[V:2]E4|\n")
    assert notes_of(source) == "0:60+8 0:64+4 4:64+4"


# Measures.


@pytest.mark.parametrize(
    "bar",
    [
        "|",
        "||",
        "|]",
        "[|",
        "|:",
        ":|",
        "::",
        ":|:",
        ":||:",
        ".|",
        "|]:",
        "[|]",
        "|1",
        ":|2",
        "|[1",
        ":|[2",
        "|1,3",
    ],
)
def test_every_barline_begins_a_measure(bar: str) -> None:
    walk = walk_tune(f"{HEAD}K:C\nC4 {bar} D4 | E4\n")
    assert [measure.length for measure in walk.measures] == [4 * TICKS_PER_BEAT] * 3
    assert walk.notices == []


def test_barlines_beside_each_other_are_one() -> None:
    assert len(walk_tune(f"{HEAD}K:C\n|: C4 :|\n|: D4 :|\n| E4 |]\n").measures) == 3


def test_a_repeat_is_read_once_as_written() -> None:
    assert notes_of(read(f"{HEAD}K:C\n|:C4|1 D4:|2 E4|]\n")) == "0:60+4 4:62+4 8:64+4"


def test_a_pick_up_is_a_short_first_measure() -> None:
    lengths = [
        measure.length // TICKS_PER_BEAT for measure in walk_tune(f"{HEAD}K:C\nC|DEFG|ABc|]\n").measures
    ]
    assert lengths == [1, 4, 3]


@pytest.mark.parametrize("change", ["[M:3/4]", "\nM:3/4\n", "[M: 3/4] [K:G] "])
def test_a_meter_may_change(change: str) -> None:
    assert meters_of(walk_tune(f"{HEAD}K:C\nC4|{change}DEF|GAB|]\n")) == ["4/4", "3/4", "3/4"]


def test_a_meter_that_changes_within_a_measure_holds_from_the_next() -> None:
    assert meters_of(walk_tune(f"{HEAD}K:C\nC4 [M:3/4]|DEF|]\n")) == ["4/4", "3/4"]


@pytest.mark.parametrize(("meter", "name"), [("C", "4/4"), ("C|", "2/2"), ("2+3/8", "5/8"), ("none", "None")])
def test_meters_are_named_in_many_ways(meter: str, name: str) -> None:
    assert meters_of(walk_tune(f"X:1\nM:{meter}\nL:1/4\nK:C\nCD|EF|]\n")) == [name] * 2


def test_without_barlines_measures_are_those_of_the_meter() -> None:
    walk = walk_tune("X:1\nM:3/4\nL:1/4\nK:C\nCDEFGAB\n")
    assert [measure.length // TICKS_PER_BEAT for measure in walk.measures] == [3, 3, 1]


def test_without_barlines_and_meter_there_are_no_measures() -> None:
    assert walk_tune("X:1\nM:none\nL:1/4\nK:C\nCDEFGAB\n").measures == []


def test_measures_of_all_voices_begin_together() -> None:
    source = read(f"{HEAD}K:C\nV:1\nC4|D4|]\nV:2\nC,2|D,4|]\n")  # a measure of the second is too short
    assert notes_of(source) == "0:60+4 0:48+2 4:62+4 4:50+4"


# Voices.


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        *[('V:1 name="Flute"', "Flute"), ('V:1 nm="Flute" snm="Fl."', "Flute"), ("V:1", ""), ("V:T1", "T1")],
        *[(r'V:1 clef=treble name="Flute\nin G"', "Flute in G"), ("V:Flute clef=treble", "Flute")],
    ],
)
def test_a_part_has_the_name_of_its_voice_unless_that_is_a_number(declared: str, name: str) -> None:
    voice = declared.split()[0]
    assert [part.part.name for part in parts_of(f"{declared}\nK:C\n{voice}\nCDEF|]\n")] == [name]
    assert [part.part.name for part in parts_of(f"K:C\n{declared}\nCDEF|]\n")] == [name]


def test_voices_take_turns() -> None:
    music = "V:A\nV:B\nK:C\n[V:A] C4|D4|\n[V:B] E4|F4|\nV:A\nG4|]\nV:B\nA4|]\n"
    assert notes_of(read(HEAD + music)) == "0:60+4 0:64+4 4:62+4 4:65+4 8:67+4 8:69+4"


def test_music_before_any_voice_is_for_the_first_that_the_head_names() -> None:
    parts = parts_of("V:A\nV:B\nK:C\nC4|\nV:B\nE4|\nV:A\nD4|\n")
    assert [[note.pitch for note in part.notes] for part in parts] == [[60, 62], [64]]


def test_music_before_any_voice_may_be_a_voice_of_its_own() -> None:
    assert [part.part.name for part in parts_of("K:C\nC4|\nV:B\nE4|\n")] == ["", "B"]


def test_a_voice_without_music_is_no_part() -> None:
    assert [part.part.name for part in parts_of("V:A\nV:B\nK:C\nV:B\nE4|\n")] == ["B"]


def test_fields_before_any_music_hold_for_all_voices() -> None:
    assert pitches_of("K:C\nK:D\nV:1\nF\nV:2\nF") == [66, 66]


def test_programs_are_of_a_voice_or_of_a_channel() -> None:
    music = "%%MIDI program 5\nV:A\n%%MIDI program 40\nV:B\nV:C\nK:C\n%%MIDI program 3 9\n"
    parts = parts_of(f"{music}[V:A]C|[V:B]D|[V:C]E|\n")
    assert [part.part.program for part in parts] == [40, 5, 9]


@pytest.mark.parametrize(
    "field", ["%%MIDI channel 10", "K:C clef=perc", "K:perc", "V:1 clef=perc", "V:1 perc"]
)
def test_drums_are_told_by_channel_or_clef(field: str) -> None:
    [part] = parts_of(f"K:none\n{field}\n%%MIDI drummap ^D 38\nC ^D|\n")
    assert part.part.is_drums
    assert [note.pitch for note in part.notes] == [60, 38]


# Everything else that a tune says.


@pytest.mark.parametrize(
    ("field", "bpm"), [("Q:1/4=120", 120), ("Q:3/8=60", 90), ("Q:C=120", 60), ('Q:"Fast" 1/4=99', 99)]
)
def test_a_tempo_is_in_quarter_notes(field: str, bpm: float) -> None:
    walk = walk_tune(f"X:1\n{field}\nM:4/4\nL:1/8\nK:C\nC8|[{field}]D8|\n")
    assert walk.tempi == [(0, bpm), (4 * TICKS_PER_BEAT, bpm)]


def test_keys_are_named() -> None:
    walk = walk_tune(f"{HEAD}K:Ador\nA4|[K:Bb]B4|\nK:Gm\nG4|[K:Gm]D4|[K:none]C4|\n")
    assert [key.key for key in walk.keys] == ["A dorian", "Bb major", "G minor"]


def test_a_key_is_that_which_sounds() -> None:
    assert [key.key for key in walk_tune(f"{HEAD}K:C transpose=-2\nC4|\n").keys] == ["Bb major"]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        *[
            ("The  Foo \t Reel ", "The Foo Reel"),
            ("Foo, The", "The Foo"),
            ("Oie et le loup, L", "Oie et le loup, L"),
        ],
        *[("Foo, a reel", "Foo, a reel"), ("Elfin, An", "An Elfin")],
    ],
)
def test_the_title_is_the_first_with_its_article_in_front(written: str, title: str) -> None:
    assert walk_tune(f"X:1\nT:{written}\nT:Another\nK:C\nC|\nT:Trio\nD|\n").title == title


def test_a_fermata_on_a_barline_takes_no_time() -> None:
    assert notes_of(read(f"{HEAD}K:C\nC4 Hx| D3x |E4 Hx:|\n")) == "0:60+4 4:62+3 8:64+4"


def test_chord_symbols_stand_at_the_next_note() -> None:
    [part] = parts_of('K:C\n"C"C>"Am7"D "G"|"N.C."z "F/A"[FA]|"^slow""4""Coda"x\n')
    starts = [chord.start / TICKS_PER_BEAT for chord in part.chords]
    assert starts == [0, 1.5, 2, 3]
    assert [chord.pitches[:2] for chord in part.chords] == [(48, 52), (57, 60), (), (45, 53)]


def test_dynamics_hold_from_the_next_note() -> None:
    [part] = parts_of("U:k=!mf!\nK:C\n!p!C !sfz!D|+ff+E !fermata!F|kG [!pp!A]|\n")
    assert [(mark.start // TICKS_PER_BEAT, mark.velocity) for mark in part.dynamics] == [
        *[(0, 44), (2, 108)],
        *[(4, 70), (5, 32)],
    ]


def test_a_letter_may_stand_for_a_text_or_for_nothing() -> None:
    walk = walk_tune(f'{HEAD}U:p="^+"\nU:T=!nil!\nU: k = "Am7" % a chord\nK:C\npC TD|kE4|\n')
    assert walk.notices == []
    assert [chord.start // TICKS_PER_BEAT for chord in walk.parts[0].chords] == [2]


def test_what_a_letter_stands_for_may_change() -> None:
    [part] = parts_of("U:k=!p!\nK:C\nkC|[U:k=!f!]kD|\n")
    assert [mark.velocity for mark in part.dynamics] == [44, 89]


def test_symbols_below_the_music_stand_at_its_notes() -> None:
    [part] = parts_of('K:C\nCDz|{d}EF|\ns:!p! "Am7" | +f+ !trill! !ff!\ns: * "f" | "^fine" "G"\n')
    assert [(mark.start // TICKS_PER_BEAT, mark.velocity) for mark in part.dynamics] == [(0, 44), (3, 89)]
    assert [(chord.start // TICKS_PER_BEAT, chord.pitches[0]) for chord in part.chords] == [(1, 57), (4, 55)]


def test_the_first_verse_is_sung() -> None:
    music = "K:C\nC-CzD|{d}EF\\\nG|]\nw:One_ two, for-*ty|ne\nw:An-oth-er\nA4|]\nw:end\n"
    [part] = parts_of(music)
    assert [(text.tick / TICKS_PER_BEAT, text.text) for text in part.lyrics] == [
        *[(0, "One"), (3, "two,"), (4, "for-"), (6, "ty"), (7, "end")],
    ]


def test_lyrics_are_for_the_voice_above() -> None:
    parts = parts_of("K:C\n[V:1]CD|\nw:a b\n[V:2]EF|\nw:c d\n")
    assert [[text.text for text in part.lyrics] for part in parts] == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    "music",
    [
        *[
            ".C ~D uE vF",
            "TC LD ME OF PG RA SB",
            "!trill!C +trill+D !D.C. al fine!E",
            "(CD) (3(CDE) .(FG) ('A (,B)",
        ],
        *[
            "C y D y2 E",
            "C`D`E\\",
            "CDE !\nFGA !",
            "CDE $",
            "[r:a remark]C [P:A]D [I:setbarnb 5]E",
            "C2 x2 X",
        ],
        *["%%score (1 2)\nC", "%%staves [1 2]\nC", "N:note\nC", "W:words\nC", "s:!f! * !p!\nC", "P:A\nC"],
        *[
            '"^above"C "_below"D "<left"E ">right"F "@-3,4 there"G',
            '["Coda"C]',
            '|["last" C|',
            "C% comment J",
        ],
    ],
)
def test_what_says_nothing_about_the_notes_is_passed_over(music: str) -> None:
    walk = walk_tune(f"{HEAD}K:C\n{music}\n")
    assert walk.notices == []
    assert 1 <= len(walk.parts[0].notes) <= 9


def test_chords_between_plus_signs_are_read() -> None:
    assert as_written("+C2E2+ +fff+D|") == "0:60+2 0:64+2 2:62"


def test_macros_are_no_notes() -> None:
    walk = walk_tune(f"{HEAD}m: ~G2 = {{A}}G{{F}}G\nK:C\n~G2 A|\n")
    assert [note.pitch for note in walk.parts[0].notes] == [67, 69]
    assert walk.notices == [Notice("macros are not played", 1)]


@pytest.mark.parametrize(
    ("music", "notice"),
    [
        ("C J D J q E", "signs that are no ABC were skipped: 3 (J, q)"),
        ("C [M:4/3] D", "fields that say nothing known were skipped: 1 (M:4/3)"),
        ("C [K:Q] D [L:x]", "fields that say nothing known were skipped: 2 (K:Q, L:x)"),
        ("C [Q:1/4=0] D", "fields that say nothing known were skipped: 1 (Q:1/4=0)"),
        ("^/C D", "quarter tones were rounded: 1"),
        ("C D>|", "broken rhythms that lack one of two notes were left out: 1"),
        (">C D", "broken rhythms that lack one of two notes were left out: 1"),
        ("C D>&E F", "broken rhythms that lack one of two notes were left out: 1"),
        ("C D>|Z|E", "broken rhythms that lack one of two notes were left out: 1"),
        ("C [U:k=trill] D", "fields that say nothing known were skipped: 1 (U:k=trill)"),
        ("C [] D", "signs that are no ABC were skipped: 1 ([])"),
    ],
)
def test_what_is_left_out_is_said(music: str, notice: str) -> None:
    assert [*map(str, walk_tune(f"{HEAD}K:C\n{music}\n").notices)] == [notice]


def test_a_tune_without_a_key_is_in_c() -> None:
    assert notes_of(read("X:1\nM:2/4\nL:1/4\nCD|EF|\n")) == "0:60 1:62 2:64 3:65"


@pytest.mark.parametrize("music", ["CDEF|", "C D E F", '"Am"[V:1] A4|'])
def test_music_above_the_key_is_left_out_and_told(music: str) -> None:
    walk = walk_tune(f"{HEAD}{music}\n{music}\nK:D\nF4|\n")
    assert [note.pitch for note in walk.parts[0].notes] == [66]
    assert [*map(str, walk.notices)] == [
        f"lines of music above the first K: were left out (move K: above them): 2 ({music})"
    ]


def test_words_above_the_key_are_no_music() -> None:
    assert walk_tune(f"{HEAD}H:It was made\nby a friend\nK:C\nC4|\n").notices == []


def test_a_text_in_the_head_is_no_music() -> None:
    text = "X:1\nM:2/4\nL:1/4\nH:It was made\nby a friend\nN bar 2 is |CD| in the book\nK:C\nCD|\n"
    assert notes_of(read(text)) == "0:60 1:62"


@pytest.mark.parametrize("music", ["C99999|", "| E F100000 |", "Z99999999|", "[CE]9999999", "C" + 5000 * "9"])
def test_what_lasts_for_ever_is_refused(music: str) -> None:
    with pytest.raises(SongError, match="a note of it is far too long to be music"):
        walk_tune(f"{HEAD}K:C\n{music}\n")


def test_too_many_measures_are_refused() -> None:
    with pytest.raises(SongError, match="more than 200,000 measures"):
        walk_tune(f"{HEAD}K:C\n{'Z999|' * 201}\n")


def test_too_many_voices_are_refused() -> None:
    with pytest.raises(SongError, match="more than 256 voices"):
        walk_tune(f"{HEAD}K:C\n" + "".join(f"[V:{voice}]C|" for voice in range(300)))


@pytest.mark.parametrize(
    ("fields", "composer"),
    [
        ("C:Trad.", "Trad."),
        ("C: Turlough  O'Carolan\nC:Anon.", "Turlough O'Carolan; Anon."),
        ("C: Words: Luther, 1529.\nC: Music: Crüger, 1647.\nC: copyright: public domain.", "Crüger, 1647."),
        ("T:Air", ""),
    ],
)
def test_composers_are_who_made_the_music(fields: str, composer: str) -> None:
    assert walk_tune(f"X:1\n{fields}\nK:C\nC|\n").composer == composer
