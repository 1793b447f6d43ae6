from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from musicvae.provenance import (
    Nearest,
    Provenance,
    is_untouched,
    provenance_to_text,
    read_midi_bytes,
    read_provenance,
    reason_to_keep_sound,
    seal,
    text_to_provenance,
)

FULL = Provenance("musicvae generate out.mid", 7, "musicvae-model", ("a.mid", "b.mid"), "0.1.0")


def midi_with(text: str) -> bytes:
    """Return bytes that begin as a MIDI file and hold a text; nobody parses the rest."""
    return b"MThd....MTrk...." + text.encode() + b"\x00\xff\x2f\x00"


@pytest.mark.parametrize(
    "provenance",
    [
        FULL,
        Provenance("musicvae corpus export bach chorales"),
        Provenance("musicvae vary 'Für Elise.mid'", sources=("Für Elise.mid", "月光.mid", 'a "b" \\ \n.mid')),
        Provenance("", sources=("bad name \udcff.mid",)),
        Provenance("musicvae generate", nearest=(Nearest("Blümchen", 0.125), None, Nearest("\udcff", 1.0))),
    ],
)
def test_provenance_survives_a_round_trip_through_its_text(provenance: Provenance) -> None:
    text = provenance_to_text(provenance)
    assert text.isascii()
    assert text_to_provenance(text) == provenance


def test_shares_are_rounded_and_titles_cut_on_writing() -> None:
    text = provenance_to_text(Provenance("x", nearest=(Nearest("la" * 999, 1 / 3),)))
    assert text_to_provenance(text) == Provenance("x", nearest=(Nearest("la" * 40, 0.333),))


def test_a_file_without_pieces_to_compare_says_nothing_of_them() -> None:
    assert "nearest" not in provenance_to_text(FULL)


@pytest.mark.parametrize(
    "said", ['"Air"', "[1]", '[["Air"]]', '[["Air", "much"]]', '[["Air", 0.1, 2]]', "{}"]
)
def test_nearest_songs_that_are_not_ours_to_read_are_none(said: str) -> None:
    assert text_to_provenance(f'musicvae: {{"command": "x", "nearest": {said}}}') == Provenance("x")


def test_unknown_keys_are_ignored_and_missing_ones_are_empty() -> None:
    assert text_to_provenance('musicvae: {"command": "x", "mood": "blue"}') == Provenance("x")


@pytest.mark.parametrize(
    "text",
    [
        "made by musicvae",
        "musicvae: ",
        "musicvae: {",
        "musicvae: []",
        'musicvae: {"command": 3}',
        'musicvae: {"seed": "seven"}',
        'musicvae: {"sources": "a.mid"}',
        'musicvae: {"sources": [1]}',
        "musicvae: " + '{"a":' * 100_000,
    ],
)
def test_a_text_that_is_not_ours_says_nothing(text: str) -> None:
    assert text_to_provenance(text) is None


def test_provenance_is_found_in_the_bytes_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    path.write_bytes(midi_with(provenance_to_text(FULL)))
    assert read_provenance(path) == FULL


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MThd",
        b"musicvae: " + json.dumps({"command": "x"}).encode(),  # a text, not a MIDI file
        midi_with("piano"),
    ],
)
def test_a_file_of_somebody_else_has_no_provenance(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(content)
    assert read_provenance(path) is None
    assert not is_untouched(content)


def test_what_is_no_file_has_no_provenance(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mid")  # opening it would wait for ever
    for path in (tmp_path, tmp_path / "absent.mid", tmp_path / "pipe.mid"):
        assert read_provenance(path) is None
        assert read_midi_bytes(path) == b""


def test_a_sealed_file_is_untouched_until_a_byte_of_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    sealed = seal(midi_with(provenance_to_text(FULL)))
    path.write_bytes(sealed)
    assert is_untouched(read_midi_bytes(path))
    assert read_provenance(path) == FULL
    for at in (8, len(sealed) // 2, len(sealed) - 1):
        assert not is_untouched(sealed[:at] + b"?" + sealed[at + 1 :])


def test_a_file_without_provenance_is_not_sealed() -> None:
    assert seal(midi_with("piano")) == midi_with("piano")


def sound_with(text: str, begins: bytes = b"RIFF") -> bytes:
    """Return bytes that begin as a file of sound and end in a comment; nobody parses the rest."""
    return begins + b"...." * 100 + text.encode() + b"\x00"


@pytest.mark.parametrize("begins", [b"RIFF", b"fLaC"])
def test_sound_may_be_replaced_as_long_as_it_is_as_musicvae_left_it(tmp_path: Path, begins: bytes) -> None:
    path = tmp_path / "out"
    sealed = seal(sound_with(provenance_to_text(FULL), begins))
    path.write_bytes(sealed)
    assert reason_to_keep_sound(path) is None
    path.write_bytes(sealed[:9] + b"?" + sealed[10:])
    assert reason_to_keep_sound(path) == "was changed after musicvae wrote it"


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", sound_with("recorded at home"), sound_with(provenance_to_text(FULL), b"MThd")]
)
def test_sound_of_somebody_else_is_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "voice.wav"
    path.write_bytes(content)
    assert reason_to_keep_sound(path) == "exists and was not written by musicvae"


def test_a_file_too_large_for_ours_is_not_searched(tmp_path: Path) -> None:
    path = tmp_path / "concert.wav"
    with path.open("wb") as file:  # sparse
        file.write(seal(sound_with(provenance_to_text(FULL))))
        file.truncate((1 << 30) + 1)
    assert reason_to_keep_sound(path) == "exists and was not written by musicvae"
