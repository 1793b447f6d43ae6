from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.score_file import parse_score, parse_tune
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import Source

JIG = """X:1
T:The Test Jig
M:6/8
L:1/8
Q:3/8=120
K:G
d|G2B dBd|cAF G2:|
|:d|gfe dcB|AFD G2:|
"""

REEL = """X:2
T:The Test Reel
M:4/4
L:1/8
K:Ador
A2 AB c2 d2|e4 a4|]
"""


def notes_of(source: Source, track: int = 0) -> list[tuple[float, float, int]]:
    """Return the notes of a track as (start in beats, length in beats, pitch)."""
    notes = source.notes[source.notes["track"] == track]
    return [
        (
            int(note["start"]) / TICKS_PER_BEAT,
            int(note["end"] - note["start"]) / TICKS_PER_BEAT,
            int(note["pitch"]),
        )
        for note in notes
    ]


def meters_of(source: Source) -> list[tuple[float, str]]:
    return [(change.tick / TICKS_PER_BEAT, str(change.meter)) for change in source.meters]


def score(
    measures: str,
    first: str = "",
    parts: str = '<score-part id="P1"><part-name>Flute</part-name></score-part>',
) -> str:
    """Return MusicXML of a part in 4/4, 2 divisions to the beat; `first` goes into the first measure."""
    return f"""<?xml version="1.0"?>
<score-partwise version="3.1"><movement-title>A Test</movement-title><part-list>{parts}</part-list>
<part id="P1"><measure number="1"><attributes><divisions>2</divisions><key><fifths>-2</fifths></key>
<time><beats>4</beats><beat-type>4</beat-type></time></attributes>{first}{measures}</measure></part>
</score-partwise>"""


def note(step: str, octave: int, duration: int, extra: str = "") -> str:
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{pitch}<duration>{duration}</duration>{extra}</note>"


def unpitched(music: str) -> str:
    """Return the notes as drums on the same lines."""
    for tag, new in [("pitch>", "unpitched>"), ("step>", "display-step>"), ("octave>", "display-octave>")]:
        music = music.replace(tag, new)
    return music


def parse_musicxml(text: str) -> Source:
    return parse_score(text.encode(), "musicxml")[0]


def test_a_tune_has_its_title_key_tempo_and_notes() -> None:
    source = parse_tune(REEL)
    assert (source.title, source.key, source.tempi) == ("The Test Reel", "A dorian", ())
    assert notes_of(source) == [
        (0, 1, 69), (1, 0.5, 69), (1.5, 0.5, 71), (2, 1, 72), (3, 1, 74), (4, 2, 76), (6, 2, 81),
    ]  # fmt: skip
    assert set(source.notes["velocity"].tolist()) == {80}


def test_a_tempo_counts_quarter_notes() -> None:
    assert [(tick, bpm) for tick, bpm in parse_tune(JIG).tempi] == [(0, 180.0)]


def test_a_pick_up_and_the_halves_around_a_repeat_make_whole_measures() -> None:
    source = parse_tune(JIG)
    assert meters_of(source) == [(0, "6/8")]
    starts = [start for start, _, pitch in notes_of(source) if pitch in (67, 79)]
    assert starts == [3, 7.5, 9, 13.5]  # measures begin at 0, 3, 6, 9 and 12


def test_every_tune_of_a_file_is_read() -> None:
    data = f"{JIG}\n{REEL}".encode()
    assert [source.title for source in parse_score(data, "abc")] == ["The Test Jig", "The Test Reel"]


def test_two_tunes_of_one_number_are_both_read() -> None:
    data = f"{JIG}\n{REEL.replace('X:2', 'X:1')}".encode()
    assert len(parse_score(data, "abc")) == 2


def test_a_tune_that_cannot_be_read_is_left_out_and_said() -> None:
    data = f"X:1\nT:No notes\nK:C\n\n{REEL}".encode()
    sources = parse_score(data, "abc")
    assert [source.title for source in sources] == ["The Test Reel"]
    assert sources[0].notices == (Notice("tunes left out", 1, ("there are no notes in it",)),)


def test_signs_that_are_no_abc_are_said() -> None:
    source = parse_tune(REEL.replace("A2 AB", "A2 AJ"))
    assert source.notices == (Notice("signs that are no ABC were skipped", 1, ("J",)),)


def test_latin_1_is_read_too() -> None:
    data = REEL.replace("Test", "Straße").encode("latin-1")
    assert parse_score(data, "abc")[0].title == "The Straße Reel"


def test_measures_longer_than_the_meter_are_not_cut() -> None:
    source = parse_tune("X:1\nM:3/4\nL:1/4\nK:C\nCDEF|GABc|CDE|FGAB|c3|]\n")
    assert meters_of(source) == [(0, "4/4"), (8, "3/4"), (11, "4/4"), (15, "3/4")]


@pytest.mark.parametrize("change", ["\nM:4/4\n", "[M:4/4]", "\nK:D\nM:4/4\n"])
def test_a_change_of_meter_is_kept(change: str) -> None:
    source = parse_tune(f"X:1\nM:3/4\nL:1/4\nK:C\nCDE|{change}FGAB|c4|]\n")
    assert meters_of(source) == [(0, "3/4"), (3, "4/4")]


def test_without_a_meter_or_a_unit_notes_are_eighths() -> None:
    assert notes_of(parse_tune("X:1\nK:C\nCD E2|]\n")) == [(0, 0.5, 60), (0.5, 0.5, 62), (1, 1, 64)]


def test_triplets_fall_on_whole_ticks() -> None:
    source = parse_tune("X:1\nM:2/4\nL:1/8\nK:C\n(3CDE F2|G4|]\n")
    assert source.notes["start"][:4].tolist() == [0, 3360, 6720, 10080]


def test_tied_notes_are_one_note() -> None:
    source = parse_tune("X:1\nM:2/4\nL:1/4\nK:C\nCD-|D-D-|DC|]\n")
    assert notes_of(source) == [(0, 1, 60), (1, 4, 62), (5, 1, 60)]


def test_grace_notes_have_no_length() -> None:
    source = parse_tune("X:1\nM:2/4\nL:1/4\nK:C\n{d}CD|EF|]\n")
    assert notes_of(source)[:2] == [(0, 0, 74), (0, 1, 60)]


def test_chords_are_several_notes_and_rests_none() -> None:
    source = parse_tune("X:1\nM:2/4\nL:1/4\nK:C\n[CEG]z|zC|]\n")
    assert notes_of(source) == [(0, 1, 60), (0, 1, 64), (0, 1, 67), (3, 1, 60)]


def test_chord_symbols_are_a_track_in_which_each_lasts_until_the_next() -> None:
    source = parse_tune('X:1\nM:2/4\nL:1/4\nK:C\n"C"CE|E"G"D|C2|]\n')
    assert source.tracks[1] == Part("chords")
    assert {(start, length) for start, length, _ in notes_of(source, 1)} == {(0, 3), (3, 3)}
    assert {pitch % 12 for start, _, pitch in notes_of(source, 1) if start == 3} == {7, 11, 2}


VOICES_IN_TURN = """V:1 name="high"
V:2
K:C
%%score 1 2
[V:1] cd|
[V:2] C2|
[V:1] e2|]
[V:2] D2|]
"""


@pytest.mark.parametrize("music", ["K:C\nV:1\ncd|e2|]\nV:2\nC2|D2|]\n", VOICES_IN_TURN])
def test_voices_are_tracks(music: str) -> None:
    source = parse_tune(f"X:1\nM:2/4\nL:1/4\n{music}")
    assert len(source.tracks) == 2
    assert notes_of(source, 0) == [(0, 1, 72), (1, 1, 74), (2, 2, 76)]
    assert notes_of(source, 1) == [(0, 2, 60), (2, 2, 62)]


def test_musicxml_gives_names_programs_dynamics_and_title() -> None:
    parts = """<score-part id="P1"><part-name>My Flute</part-name>
    <score-instrument id="I1"><instrument-name>Flute</instrument-name></score-instrument>
    <midi-instrument id="I1"><midi-channel>1</midi-channel><midi-program>74</midi-program></midi-instrument>
    </score-part>"""
    loud = "<direction><direction-type><dynamics><f/></dynamics></direction-type></direction>"
    source = parse_musicxml(score(note("C", 5, 4) + loud + note("D", 5, 4), parts=parts))
    assert source.tracks == (Part("My Flute", program=73),)
    assert (source.title, source.key) == ("A Test", "Bb major")
    assert source.notes["velocity"].tolist() == [80, 89]


def test_a_transposing_instrument_sounds_as_it_is_heard() -> None:
    lower = "<attributes><transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose></attributes>"
    parts = '<score-part id="P1"><part-name>Clarinet in Bb</part-name></score-part>'
    source = parse_musicxml(score(note("C", 5, 8), first=lower, parts=parts))
    assert notes_of(source) == [(0, 4, 70)]


def test_unpitched_parts_are_drums() -> None:
    parts = """<score-part id="P1"><part-name>Drums</part-name>
    <score-instrument id="I1"><instrument-name>Cowbell</instrument-name></score-instrument>
    <midi-instrument id="I1"><midi-unpitched>57</midi-unpitched></midi-instrument>
    </score-part>"""
    source = parse_musicxml(score(unpitched(note("E", 4, 8)), parts=parts))
    assert source.tracks[0].is_drums
    assert notes_of(source) == [(0, 4, 56)]


def test_a_drum_kit_is_read_by_the_lines_of_its_staff() -> None:
    music = note("F", 4, 4) + note("C", 5, 2) + note("G", 5, 2)
    source = parse_musicxml(score(unpitched(music)))
    assert source.tracks[0].is_drums
    assert [pitch for _, _, pitch in notes_of(source)] == [36, 38, 42]


def test_two_voices_of_a_staff_are_in_one_track() -> None:
    back = "<backup><duration>8</duration></backup>"
    music = note("C", 5, 8, "<voice>1</voice>") + back + note("E", 4, 4, "<voice>2</voice>")
    assert notes_of(parse_musicxml(score(music))) == [(0, 2, 64), (0, 4, 72)]


def archive_of(**files: str | bytes) -> bytes:
    """Return a compressed archive of some files, each named by what stands before its suffix."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in files.items():
            writer.writestr(f"{name}.xml", content)
    return archive.getvalue()


def test_compressed_musicxml_is_read() -> None:
    container = '<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>'
    data = archive_of(**{"META-INF/container": container, "a": score(note("C", 5, 8))})
    assert notes_of(parse_score(data, "musicxml")[0]) == [(0, 4, 72)]


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1"])
def test_musicxml_tells_its_own_encoding(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = score(note("C", 5, 8)).replace('<?xml version="1.0"?>', declared).replace("A Test", "Sträuße")
    for data in (text.encode(encoding), archive_of(a=text.encode(encoding))):
        assert parse_score(data, "musicxml")[0].title == "Sträuße"


def test_humdrum_is_read() -> None:
    lines = [
        "**kern\t**kern",
        "*M3/4\t*M3/4",
        "*k[f#]\t*k[f#]",
        "=1\t=1",
        "2.G\t4g",
        ".\t4a",
        ".\t[4b",
        "=2\t=2",
    ]
    text = "\n".join([*lines, "2.GG\t4b]", ".\t2g", "==\t==", "*-\t*-"]) + "\n"
    source = parse_score(text.encode(), "humdrum")[0]
    assert meters_of(source) == [(0, "3/4")]
    tracks = sorted((notes_of(source, track) for track in (0, 1)), key=len)
    assert tracks == [
        [(0, 3, 55), (3, 3, 43)],
        [(0, 1, 67), (1, 1, 69), (2, 2, 71), (4, 2, 67)],
    ]


def test_a_chorale_of_music21_has_four_voices_in_whole_measures() -> None:
    from music21.common import getCorpusFilePath

    chorale = Path(getCorpusFilePath()) / "bach" / "bwv297.mxl"
    source = parse_score(chorale.read_bytes(), "musicxml")[0]
    assert [track.name for track in source.tracks] == ["Soprano", "Alto", "Tenor", "Bass"]
    assert meters_of(source) == [(0, "4/4")]
    assert notes_of(source)[0] == (3, 1, 62)  # after three beats of silence


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("abc", b"", "there are no notes in it"),
        ("abc", b"X:1\nK:C\nz4|]\n", "there are no notes in it"),
        ("abc", b"X:1\nM:4/4\nL:1/4\nK:C\nC999999999|C4|]\n", "far too long"),
        ("abc", b"This is a letter.\nA bad egg | and a cab.\n", "it has neither an X: nor a K: line"),
        ("abc", b"X:1\nK:C\n" + b"C" * 1_000_000, "more than 1,000,000 letters: give a shorter one"),
        ("abc", b"X:1\n" * 50_001, "more than 50,000 tunes: split it"),
        ("humdrum", b"**kern\n" + b"4c\n" * 400_000, "more than 1,000,000 letters: give a shorter one"),
        ("humdrum", b"this is no Humdrum", "cannot be read as Humdrum"),
        ("musicxml", b"<score-partwise", "cannot be read as MusicXML"),
        ("musicxml", b"PK\x03\x04 and then nothing", "cannot be read as MusicXML"),
        ("musicxml", archive_of(**{"META-INF/container": ""}), "there is no score in the archive"),
        ("musicxml", archive_of(a=b" " * 60_000_000), "unpacks to more than 50 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(kind: str, content: bytes, message: str) -> None:
    with pytest.raises(SongError, match=message):
        parse_score(content, kind)
