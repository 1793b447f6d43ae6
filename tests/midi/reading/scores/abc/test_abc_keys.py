from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.abc.abc_keys import AbcKey, parse_key


def altered(key: AbcKey | None) -> str:
    """Return the letters that a key alters, such as "C# F#"."""
    assert key is not None
    signs = {-2: "bb", -1: "b", 1: "#", 2: "##"}
    pairs = zip("CDEFGAB", key.alters, strict=True)
    return " ".join(f"{letter}{signs[alter]}" for letter, alter in pairs if alter)


@pytest.mark.parametrize(
    ("text", "letters", "name"),
    [
        ("C", "", "C major"),
        ("G", "F#", "G major"),
        ("Bb", "Eb Bb", "Bb major"),
        ("F#", "C# D# E# F# G# A#", "F# major"),
        ("Cb", "Cb Db Eb Fb Gb Ab Bb", "Cb major"),
        ("Am", "", "A minor"),
        ("F#m", "C# F# G#", "F# minor"),
        ("E Minor", "F#", "E minor"),
        ("a minor", "", "A minor"),
        ("Gmaj", "F#", "G major"),
        ("EM", "F#", "E minor"),
        ("Ador", "F#", "A dorian"),
        ("D mix", "F#", "D mixolydian"),
        ("DMIX", "F#", "D mixolydian"),
        ("E Phrygian", "", "E phrygian"),
        ("Flyd", "", "F lydian"),
        ("B locrian", "", "B locrian"),
        ("Cion", "", "C major"),
        ("Daeo", "Bb", "D minor"),
    ],
)
def test_a_key_is_a_tonic_and_a_mode(text: str, letters: str, name: str) -> None:
    key = parse_key(text)
    assert altered(key) == letters
    assert key is not None
    assert key.name() == name


@pytest.mark.parametrize("text", ["HP", "Hp"])
def test_the_pipes_sound_two_sharps(text: str) -> None:
    assert altered(parse_key(text)) == "C# F#"


def test_accidentals_come_on_top_of_a_mode() -> None:
    assert altered(parse_key("D mix ^c")) == "C# F#"
    assert altered(parse_key("Cm =e")) == "Ab Bb"


@pytest.mark.parametrize(
    ("text", "letters"),
    [("D exp _b ^f", "F# Bb"), ("A exp", ""), ("^f _B", "F# Bb"), ("D exp __b^^f", "F## Bbb")],
)
def test_explicit_accidentals_are_all_there_are(text: str, letters: str) -> None:
    assert altered(parse_key(text)) == letters


def test_accidentals_that_are_a_signature_have_its_name() -> None:
    named, nameless = parse_key("A exp ^f ^c"), parse_key("D exp _b ^f")
    assert named is not None
    assert nameless is not None
    assert (named.name(), nameless.name()) == ("D major", "")


def test_no_key_alters_nothing_and_has_no_name() -> None:
    assert parse_key("none") == AbcKey()
    assert AbcKey().name() == ""


def test_a_key_is_named_where_it_sounds() -> None:
    key = parse_key("Ddor")
    assert key is not None
    assert [key.name(semitones) for semitones in (-2, 0, 12, 1)] == [
        "C dorian",
        "D dorian",
        "D dorian",
        "Eb dorian",
    ]


@pytest.mark.parametrize("text", ["", "treble", "bass", "Gfoo", "H", "major", "7"])
def test_what_names_no_key_is_none(text: str) -> None:
    assert parse_key(text) is None
