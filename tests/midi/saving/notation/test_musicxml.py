from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.score_file import parse_score
from musicvae.midi.saving.notation.annotations import Annotations
from musicvae.midi.saving.notation.musicxml import compress_musicxml, song_to_musicxml
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Marker, Meter, Part, Song, Tempo

PIANO = Part("Piano", 0)


def a_song(rows: list[tuple[int, int, int, int, int]], *parts: Part, measures: int = 2) -> Song:
    return Song(make_notes(rows), (Meter(4, 4),) * measures, parts, Grid(12), title="A & B")


def read_again(song: Song) -> Song:
    return quantise(parse_score(song_to_musicxml(song), "musicxml")[0], song.grid).song


def placed(song: Song) -> list[tuple[int, ...]]:
    return sorted(song.notes[["start", "length", "pitch", "part"]].tolist())


@given(data=st.data())
def test_any_song_that_is_written_is_read_again(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs.filter(lambda song: len(song.notes) > 0))
    read = read_again(song)
    assert placed(read) == placed(song)
    assert [(part.program, part.is_drums) for part in read.parts] == [
        (part.program, part.is_drums) for part in song.parts
    ]


def test_tempi_are_not_walked_through_for_every_measure() -> None:
    class Walked(tuple[Tempo, ...]):
        walks = 0

        def __iter__(self) -> Iterator[Tempo]:
            Walked.walks += 1
            return super().__iter__()

    song = a_song([(0, 12, 62, 80, 0)], PIANO, measures=100)
    tempi = Walked(Tempo(48 * index, 60.0 + index) for index in range(100))
    written = song_to_musicxml(replace(song, tempi=tempi))
    assert written.count(b"per-minute>") == 200
    assert Walked.walks <= 1


def test_names_meters_tempi_title_and_key_are_written() -> None:
    song = a_song([(0, 12, 62, 80, 0), (48, 36, 66, 80, 0)], Part("Solo & friends", 40))
    song = replace(song, meters=(Meter(4, 4), Meter(3, 4)), tempi=(Tempo(0, 90.0), Tempo(60, 72.5)))
    source = parse_score(song_to_musicxml(song, Annotations({0: "D major"})), "musicxml")[0]
    assert (source.title, source.key, source.tracks) == ("A & B", "D major", (Part("Solo & friends", 40),))
    read = quantise(source, song.grid).song
    assert (read.meters, read.tempi) == (song.meters, song.tempi)


def test_markers_are_rehearsal_marks_where_they_stand() -> None:
    song = replace(a_song([(0, 48, 62, 80, 0)], Part("a")), markers=(Marker(0, "A"), Marker(60, "B & C")))
    marks = [
        (measure.get("number"), direction.findtext(".//rehearsal"), direction.findtext("offset"))
        for measure in ET.fromstring(song_to_musicxml(song)).iter("measure")
        for direction in measure.iterfind("direction")
    ]
    assert marks == [("1", "A", "0"), ("2", "B & C", "192")]


def test_two_hands_have_two_staves_and_stay_one_part() -> None:
    song = a_song([(0, 48, 48, 80, 0), (0, 24, 72, 80, 0), (24, 24, 74, 80, 0)], PIANO)
    written = song_to_musicxml(song).decode()
    assert "<staves>2</staves>" in written
    assert "<sign>F</sign>" in written
    assert placed(read_again(song)) == placed(song)
    assert "<staves>1</staves>" in song_to_musicxml(a_song([(0, 48, 72, 80, 0)], PIANO)).decode()


def test_a_grace_note_stands_with_the_hand_that_plays_the_nearest_note() -> None:
    song = a_song([(0, 48, 48, 80, 0), (0, 48, 72, 80, 0)], PIANO)
    written = song_to_musicxml(song, Annotations(graces={0: {0: (50, 74)}}))
    source = parse_score(written, "musicxml")[0]
    graces = source.notes[source.notes["start"] == source.notes["end"]]
    assert sorted(graces["pitch"].tolist()) == [50, 74]
    staves = [
        note.findtext("staff")
        for note in ET.fromstring(written).iter("note")
        if note.find("grace") is not None
    ]
    assert staves == ["1", "2"]


def test_drums_keep_their_keys_and_stand_where_they_are_read() -> None:
    rows = [(3 * number, 3, key, 80, 0) for number, key in enumerate(range(27, 88))]
    song = a_song(rows, Part("Kit", 0, is_drums=True), measures=4)
    written = song_to_musicxml(song)
    assert placed(read_again(song)) == placed(song)
    a_kit_on_lines = re.sub(rb"<instrument id=[^>]*/>|<midi-unpitched>.*</midi-unpitched>", b"", written)
    [source] = parse_score(a_kit_on_lines, "musicxml")
    usual = {35, 36, 38, 41, 42, 43, 44, 45, 47, 49, 50, 51, 57}
    keys = dict(zip(range(27, 88), source.notes["pitch"].tolist(), strict=True))
    assert {key for key, read in keys.items() if read == key} == usual


def test_drums_have_the_names_that_pictures_give_them() -> None:
    song = a_song([(0, 3, 38, 80, 0), (3, 3, 42, 80, 0), (6, 3, 5, 80, 0)], Part("Kit", 0, is_drums=True))
    names = ET.fromstring(song_to_musicxml(song)).iterfind("part-list//instrument-name")
    assert [name.text for name in names] == ["5", "snare", "hi-hat"]


def test_a_compressed_file_is_read_again_and_has_always_the_same_bytes() -> None:
    song = a_song([(0, 12, 60, 80, 0)], PIANO)
    data = compress_musicxml(song_to_musicxml(song))
    assert data == compress_musicxml(song_to_musicxml(song))
    assert len(parse_score(data, "musicxml")[0].notes) == 1


def test_music21_reads_the_same_notes() -> None:
    from music21 import converter

    rows = [
        (0, 48, 72, 80, 0),
        (12, 18, 67, 80, 0),
        (48, 4, 64, 80, 0),
        (52, 8, 61, 80, 0),
        (12, 24, 43, 80, 0),
    ]
    score = converter.parseData(song_to_musicxml(a_song(rows, PIANO)).decode(), format="musicxml")
    heard = sorted(
        (
            round(float(note.getOffsetInHierarchy(score)) * 12),
            round(float(note.quarterLength) * 12),
            pitch.midi,
        )
        for note in score.recurse().notes
        for pitch in note.pitches
    )
    assert heard == sorted(row[:3] for row in rows)
