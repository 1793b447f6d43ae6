from __future__ import annotations

import numpy as np
import pytest

from musicvae.evaluate.drawing.part_layers import describe_part, layers_of, legend_of, part_colour
from musicvae.evaluate.drawing.roll_axes import DRUM_COLOUR, PART_COLOURS
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

PARTS = (Part("drums", is_drums=True), Part("flute", 73), Part(""), Part("silent"))
SONG = Song(
    make_notes([(0, 1, 36, 80, 0), (0, 4, 72, 80, 1), (4, 4, 74, 80, 1), (0, 4, 48, 80, 2)]),
    (Meter(4, 4),),
    PARTS,
)


def test_parts_have_colours_in_their_order_drums_one_of_their_own_and_the_first_lies_on_top() -> None:
    layers = layers_of(SONG)
    assert [layer.colour for layer in layers] == [*PART_COLOURS[2::-1], DRUM_COLOUR]
    assert [len(layer.notes) for layer in layers] == [0, 1, 2, 1]
    assert [layer.drums for layer in layers] == [False, False, False, True]


def test_chosen_notes_may_have_one_colour() -> None:
    layers = layers_of(SONG, SONG.notes["start"] == 4, "#123456")
    assert np.concatenate([layer.notes for layer in layers])["pitch"].tolist() == [74]
    assert {layer.colour for layer in layers} == {"#123456"}


def test_the_legend_names_the_parts_that_play() -> None:
    assert legend_of(SONG) == [
        ("flute", PART_COLOURS[0]),
        ("grand piano", PART_COLOURS[1]),
        ("drums", DRUM_COLOUR),
    ]


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (Part("Lead", 73), "Lead (flute)"),
        (Part("Flute", 73), "flute"),
        (Part("Flute 1", 73), "Flute 1"),
        (Part("", 40), "violin"),
        (Part("Kit", is_drums=True), "Kit (drums)"),
        (Part("a name of very many letters", 0), "a name of very ma… (grand piano)"),
    ],
)
def test_a_part_is_told_with_what_plays_it(part: Part, told: str) -> None:
    assert describe_part(part) == told


def test_parts_of_one_name_and_instrument_are_numbered() -> None:
    parts = (Part("Lead", 73), Part("Lead", 73), Part("Kit", is_drums=True), Part("", is_drums=True))
    song = Song(make_notes((0, 1, 60, 80, part) for part in range(4)), (Meter(4, 4),), parts)
    assert [entry.name for entry in legend_of(song)] == ["Lead (flute), 1", "Lead (flute), 2", "drums"]


def test_two_dozen_parts_have_colours_that_differ() -> None:
    assert len({part_colour(index).lower() for index in range(24)}) == 24


def test_one_part_needs_no_legend() -> None:
    assert legend_of(Song(make_notes([(0, 4, 60, 80, 0)]), (Meter(4, 4),), (Part("flute"),))) == []
