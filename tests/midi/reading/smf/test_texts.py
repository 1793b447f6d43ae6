from __future__ import annotations

import pytest

from musicvae.midi.reading.smf.midi_bytes import make_meta
from musicvae.midi.reading.smf.midi_numbers import LYRIC, MARKER, NAME, TEXT
from musicvae.midi.reading.smf.texts import SAYS_LATIN, decode_text, find_encoding, settle_texts
from musicvae.midi.reading.smf.track_bytes import Track, parse_track


def track_of(*texts: tuple[int, bytes]) -> Track:
    """Return a track of texts, each an eighth of a beat after the one before."""
    data = b"".join(make_meta(60, kind, code) for kind, code in texts)
    return parse_track(data, 0, len(data), 1000)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Violine", "utf-8"),
        ("Flöte ピアノ", "utf-8"),
        ("Flöte", "latin-1"),
        ("été", "latin-1"),
        ("Señorita ©1997", "latin-1"),
        ("L’été", "cp1252"),
        ("Canção do Mar", "latin-1"),
        ("Variações", "latin-1"),
        ("Häävalssi", "latin-1"),
        ("Jääkäri", "latin-1"),
        ("Créée", "latin-1"),
        ("Žižkov Příhody", "cp1250"),
        ("メロディ", "cp932"),
        ("さくらさくら 独奏", "cp932"),
        ("我的中国心 作词", "gb18030"),
        ("Подмосковные вечера", "cp1251"),
        ("사랑했지만 김광석", "euc_kr"),
    ],
)
def test_texts_are_read_in_the_encodings_that_occur(text: str, encoding: str) -> None:
    code = text.encode(encoding)
    assert decode_text(code, find_encoding([b"Track 1", code])) == text


def test_one_text_tells_the_encoding_of_all() -> None:
    assert find_encoding(["夢".encode("cp932"), "ピアノ".encode("cp932")]) == "cp932"


def test_a_file_may_say_that_its_texts_are_in_latin_1() -> None:
    code = "Öö".encode("latin-1")
    assert find_encoding([code]) != "latin-1"
    assert find_encoding([code, SAYS_LATIN]) == "latin-1"


def test_control_characters_are_left_out_and_long_texts_cut() -> None:
    assert decode_text(b"bass\x00\x07", "utf-8") == "bass"
    assert decode_text(b"x" * 300, "utf-8") == "x" * 200


def test_names_are_the_first_that_say_anything() -> None:
    tracks = [track_of((NAME, b"  "), (NAME, b" bass "), (NAME, b"other")), track_of()]
    assert settle_texts(tracks).names == ("bass", "")


def test_markers_and_words_come_out_in_utf_8_after_the_same_time() -> None:
    track = track_of((MARKER, "Größe".encode("latin-1")), (LYRIC, "fü".encode("latin-1")), (TEXT, b"by me"))
    settle_texts([track])
    assert track.pieces == [
        make_meta(60, MARKER, "Größe".encode()),
        make_meta(60, LYRIC, "fü".encode()),
        make_meta(60, TEXT),
    ]


def test_a_karaoke_file_says_its_title_and_its_words_as_texts() -> None:
    head = track_of((TEXT, b"@KMIDI KARAOKE FILE"), (TEXT, b"some words about it"))
    words = track_of((TEXT, b"@TThe Song"), (TEXT, b"@TThe Singer"), (TEXT, b"\\Hel"), (TEXT, b"lo"))
    assert settle_texts([head, words]).title == "The Song"
    assert [piece for piece in words.pieces if piece != make_meta(60, TEXT)] == [
        make_meta(60, LYRIC, b"\\Hel"),
        make_meta(60, LYRIC, b"lo"),
    ]
    assert set(head.pieces) == {make_meta(60, TEXT)}
