from __future__ import annotations

import numpy as np

from musicvae.evaluate.drawing.part_layers import layers_of, legend_of
from musicvae.evaluate.drawing.roll_axes import DRUM_COLOUR, PART_COLOURS
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

PARTS = (Part("drums", is_drums=True), Part("flute"), Part(""), Part("silent"))
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
        ("drums", DRUM_COLOUR),
        ("flute", PART_COLOURS[0]),
        ("part 3", PART_COLOURS[1]),
    ]


def test_one_part_needs_no_legend() -> None:
    assert legend_of(Song(make_notes([(0, 4, 60, 80, 0)]), (Meter(4, 4),), (Part("flute"),))) == []
