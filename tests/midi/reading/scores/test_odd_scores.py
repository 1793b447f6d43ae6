"""Scores as people write them, and as nobody should: what comes of each is told or right."""

from __future__ import annotations

import time

import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.reader import bytes_to_sources
from musicvae.midi.reading.score_file import parse_score
from musicvae.midi.saving.source_musicxml import source_to_musicxml
from musicvae.midi.songs.song import FINE_GRID, Song
from musicvae.midi.songs.source import Source

HEAD = "X:1\nM:4/4\nL:1/4\nK:C\n"


def read(text: str | bytes, suffix: str = ".abc") -> Source:
    data = text if isinstance(text, bytes) else text.encode()
    said = bytes_to_sources(data, suffix)
    assert said.sources, said.reason
    return said.sources[0]


def lay(text: str, suffix: str = ".abc") -> Song:
    return quantise(read(text, suffix), FINE_GRID).song


def beats(source: Source) -> list[tuple[float, float, int]]:
    """Return the notes as (start, end, pitch) in beats."""
    ticks = source.ticks_per_beat
    return [(start / ticks, end / ticks, pitch) for start, end, pitch, _, _ in source.notes.tolist()]


def test_a_tuplet_of_eleven_is_written_as_it_is_read() -> None:
    source = read(HEAD + "(11:4:11ABcdefgabAB|A4|\n")
    again = read(source_to_musicxml(source).data, ".musicxml")
    assert np.allclose(beats(again), beats(source))
    assert {str(change.meter) for change in again.meters} == {"4/4"}


@pytest.mark.parametrize(
    ("symbol", "like"),
    [
        ("G(Em)", "G"),
        ("G (Em)", "G"),
        ("(G)", "G"),
        ("C7alt", "C7"),
        ("C7M", "Cmaj7"),
        ("DMA7", "Dmaj7"),
        ("Am7 D7", "Am7"),
        ("Bbb", "A"),
        ("F##", "G"),
        ("Bbb5", "Bb(b5)"),
        ("Bb7(#9)", "Bb7#9"),
        ("C add9", "Cadd9"),
    ],
)
def test_chord_symbols_as_people_write_them(symbol: str, like: str) -> None:
    def chords(written: str) -> list[int]:
        return sorted(pitch for _, _, pitch in beats(read(f'{HEAD}"{written}"A4|\n')))

    assert chords(symbol) == chords(like)
    assert len(chords(symbol)) > 2


def test_a_chord_symbol_that_is_not_understood_is_told_and_a_word_is_none() -> None:
    source = read(f'{HEAD}"C7xyz"A "Fine"B "Coda"c "Amen"d|\n')
    [notice] = [one for one in source.notices if "chord symbols" in one.what]
    assert notice.examples == ("C7xyz",)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_titles_in_the_encodings_of_windows(encoding: str) -> None:
    assert read("X:1\nT:Paddy’s\nK:C\nABcd|\n".encode(encoding)).title == "Paddy’s"


def test_letters_as_they_are_typed_on_plain_keyboards() -> None:
    source = read("X:1\nT:Caf\\'e &eacute; \\cC\\u00e4\nC:Dvo\\vr\\'ak\nK:C\nA2B2|\nw:sch\\\"on b\n")
    assert source.title == "Café é Çä"
    assert source.composer == "Dvořák"
    assert [lyric.text for lyric in source.lyrics] == ["schön", "b"]


@pytest.mark.parametrize("text", ["X:1\nT:A\x01B\nK:C\nA4|\n", "X:1\nT:AB\nK:C\nA4|\nw:a\x02\uffff\n"])
def test_no_control_character_spoils_a_score(text: str) -> None:
    assert read(source_to_musicxml(read(text)).data, ".musicxml").title == "AB"


@pytest.mark.parametrize("text", ["AB|:cd|efga|bagf:|\n", "AB||cd|efga|bagf|\n", "efga|AB|:cd|bagf:|\n"])
def test_a_measure_that_a_double_bar_splits_is_one(text: str) -> None:
    song = lay(HEAD + text)
    assert [str(meter) for meter in song.meters] == ["4/4"] * 3
    assert song.notes["start"].tolist() == list(range(0, 288, 24))


def test_a_pick_up_and_its_other_half_at_the_end_are_no_measure() -> None:
    assert lay(f"{HEAD}A|Bcde|fga|\n").notes["start"][0] == 72
    assert lay(f"{HEAD}A|fga|\n").notes["start"][0] == 72


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("X:1\nM:1/64\nL:1/8\nK:C\n" + "A2000" * 50, "more than 200,000 measures"),
        (HEAD + "A/٠ B|\n", ""),
        (HEAD + "^٠/٠c|\n", ""),
    ],
)
def test_absurd_lengths_are_refused_or_read(text: str, sentence: str) -> None:
    if sentence:
        with pytest.raises(SongError, match=sentence):
            parse_score(text.encode(), "abc")
    else:
        assert len(read(text).notes)


def test_many_barlines_and_long_heads_take_no_time() -> None:
    began = time.perf_counter()
    read("**kern\n*M4/4\n" + "=\n4c\n" * 20_000 + "*-\n", ".krn")
    bytes_to_sources(("%%x\n" * 5_000 + "X:1\nK:C\nA\n\n" * 500).encode(), ".abc")
    assert time.perf_counter() - began < 20


def test_line_breaks_of_old_swallow_no_notes() -> None:
    assert len(read(HEAD + "AB!cd gfe!cd|\n").notes) == 9


def test_an_altered_degree_is_counted_from_the_chord() -> None:
    degree = (
        "<degree><degree-value>{}</degree-value><degree-alter>1</degree-alter>"
        "<degree-type>alter</degree-type></degree>"
    )
    text = (
        '<score-partwise><part-list><score-part id="P1"><part-name>a</part-name></score-part></part-list>'
        '<part id="P1"><measure number="1"><attributes><divisions>1</divisions></attributes>'
        "<harmony><root><root-step>C</root-step></root><kind>{}</kind>{}</harmony>"
        "<note><pitch><step>C</step><octave>6</octave></pitch><duration>4</duration></note>"
        "</measure></part></score-partwise>"
    )
    for kind, value, pitches in (("half-diminished", 5, [48, 51, 55, 58]), ("minor", 3, [48, 52, 55])):
        source = read(text.format(kind, degree.format(value)), ".musicxml")
        assert sorted(note[2] for note in beats(source))[:-1] == pitches


def test_a_tie_in_the_first_of_two_notations_counts() -> None:
    def note(notations: str) -> str:
        pitch = "<pitch><step>C</step><octave>5</octave></pitch><duration>4</duration>"
        return f"<note>{pitch}{notations}</note>"

    first = (
        '<notations><tied type="start"/></notations><notations><slur type="start" number="1"/></notations>'
    )
    second = '<notations><tied type="stop"/></notations>'
    text = (
        '<score-partwise><part-list><score-part id="P1"><part-name>a</part-name></score-part></part-list>'
        '<part id="P1"><measure number="1"><attributes><divisions>1</divisions></attributes>'
        f'{note(first)}</measure><measure number="2">{note(second)}</measure></part></score-partwise>'
    )
    assert beats(read(text, ".musicxml")) == [(0, 8, 72)]
