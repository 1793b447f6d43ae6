from __future__ import annotations

from dataclasses import replace

import pytest

from musicvae.compose.bands import add_instruments, parse_band
from musicvae.errors import SongError
from musicvae.measures.data.config import MusicConfig, SongKind
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.arranging.seats import NO_DRUMS, NO_PROGRAM, VACANT, make_seats
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PIANO, GUITAR, BASS, FLUTE, DRUMS = 1, 4, 5, 10, 17
HEARD = {PIANO: 64.0, GUITAR: 60.0, BASS: 40.0, FLUTE: 76.0, DRUMS: 42.0}
CONFIG = MusicConfig(
    "seats",
    make_seats(3, with_drums=True),
    4,
    ("4/4",),
    (1.0,),
    16,
    kinds=(
        SongKind(0, 0, 0, 0.6, (0, 4, 33, NO_PROGRAM)),
        SongKind(0, 0, 0, 0.4, (NO_PROGRAM, 73, 1, NO_PROGRAM)),
    ),
    registers=tuple(HEARD.get(kind, 0.0) for kind in range(18)),
)
FINGERED, ELECTRIC, KIT = Part("fingered bass", 33), Part("electric piano 1", 4), Part("drums", is_drums=True)


def test_families_have_the_program_that_songs_have_most_and_sit_from_high_to_low() -> None:
    assert parse_band("bass, Drums,piano", CONFIG) == (KIT, ELECTRIC, FINGERED, VACANT)


def test_an_instrument_keeps_its_own_program() -> None:
    assert parse_band("slap bass 1, harpsichord", CONFIG) == (
        NO_DRUMS,
        Part("harpsichord", 6),
        Part("slap bass 1", 36),
        VACANT,
    )


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("kazoo", "the model knows no 'kazoo': it has heard piano, guitar, bass, pipe, drums"),
        ("violin", "the model knows no 'violin': it has heard piano, guitar, bass, pipe, drums"),
        (" , ", "no instrument is named: name some of piano, guitar, bass, pipe, drums"),
        ("piano, bass, flute, guitar", "seats for 3 and drums, and 4 instruments are named"),
        ("drums, drums", "seats for 3 and drums, and 2 instruments are named"),
    ],
)
def test_a_band_that_cannot_play_is_told_why(names: str, sentence: str) -> None:
    with pytest.raises(SongError, match=sentence):
        parse_band(names, CONFIG)


def test_a_model_of_fixed_parts_has_no_bands() -> None:
    voices = MusicConfig("voices", ENSEMBLES["voices"], 4, ("4/4",), (1.0,), 16)
    with pytest.raises(SongError, match="are always soprano, alto, tenor, bass: take one that was"):
        parse_band("piano", voices)


SONG = Song(
    make_notes([(0, 4, 76, 80, 1)]), (Meter(),), (NO_DRUMS, Part("tune", 73), VACANT, VACANT), Grid(4)
)


def test_instruments_are_added_at_vacant_seats() -> None:
    song, seats, before = add_instruments(SONG, "bass, drums", CONFIG)
    assert (song.parts, seats) == ((KIT, Part("tune", 73), FINGERED, VACANT), (0, 2))
    assert song.notes.tolist() == SONG.notes.tolist()
    assert before == (0, 1, 2, 3)


def test_they_sit_among_the_others_by_their_registers() -> None:
    low = replace(
        SONG, notes=make_notes([(0, 4, 43, 80, 1)]), parts=(NO_DRUMS, Part("cello", 42), VACANT, VACANT)
    )
    song, seats, before = add_instruments(low, "bass, piano", CONFIG)
    assert [part.program for part in song.parts[1:]] == [4, 42, 33]
    assert (seats, before) == ((1, 3), (0, 3, 1, 2))
    assert song.notes[["pitch", "part"]].tolist() == [(43, 2)]


def test_what_cannot_be_added_is_told() -> None:
    with_drums = add_instruments(SONG, "drums", CONFIG).song
    with pytest.raises(SongError, match="has drums already: have them written anew by infill --parts drums"):
        add_instruments(with_drums, "drums", CONFIG)
    with pytest.raises(
        SongError, match="no seat is free for nylon guitar: the model has seats for 3 and drums"
    ):
        add_instruments(SONG, "bass, piano, guitar", CONFIG)
    with pytest.raises(SongError, match="say what is to be added: some of piano, guitar, bass, pipe, drums"):
        add_instruments(SONG, "", CONFIG)
