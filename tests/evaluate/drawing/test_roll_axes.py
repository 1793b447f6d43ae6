from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from musicvae.evaluate.drawing.roll_axes import (
    Stretch,
    draw_keys,
    draw_measures,
    draw_notes,
    drums_in_lanes,
)
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song


def song(
    notes: Sequence[tuple[int, int, int]], meters: Sequence[Meter] = (Meter(4, 4),) * 2, grid: int = 4
) -> Song:
    rows = make_notes((start, length, pitch, 80, 0) for start, length, pitch in notes)
    return Song(rows, tuple(meters), (Part("flute"),), Grid(grid))


def axes_for(stretch: Stretch) -> Axes:
    axes = Figure(figsize=(10, 2)).add_axes((0, 0, 1, 1))
    draw_keys(axes, 58, 74)
    draw_measures(axes, stretch)
    return axes


def polygons(axes: Axes) -> list[list[list[float]]]:
    """Return the bounds (left, bottom, right, top) of every polygon of each layer that was drawn."""
    layers = [layer for layer in axes.collections if isinstance(layer, PolyCollection)]
    return [[list(path.get_extents().extents) for path in layer.get_paths()] for layer in layers]


def test_a_note_lies_in_its_row_between_its_start_and_its_end() -> None:
    tune = song([(4, 8, 62)])
    axes = axes_for(Stretch(tune, 0, 32))
    draw_notes(axes, Stretch(tune, 0, 32), tune.notes, "#3D6FD6")
    ((left, bottom, right, top),) = polygons(axes)[0]
    assert left == pytest.approx(4)
    assert 11.8 < right < 12  # a gap, so that a note struck again is seen
    assert 61.5 < bottom < top < 62.5


def test_an_onset_has_a_dark_edge_and_a_note_that_goes_on_has_none() -> None:
    tune = song([(4, 20, 62), (20, 4, 64)])  # the first sounds across the barline
    row = Stretch(tune, 16, 32)
    axes = axes_for(row)
    draw_notes(axes, row, tune.notes, "#3D6FD6")
    whole, body = polygons(axes)
    edges = [inside[0] - outside[0] for inside, outside in zip(body, whole, strict=True)]
    assert edges[0] == 0
    assert edges[1] > 0
    assert whole[0][0] == 16  # cut where the row begins


def test_notes_outside_the_stretch_are_not_drawn() -> None:
    tune = song([(0, 4, 60), (16, 4, 62)])
    row = Stretch(tune, 0, 16)
    axes = axes_for(row)
    draw_notes(axes, row, tune.notes, "#3D6FD6")
    assert [len(layer) for layer in polygons(axes)] == [1, 1]


def test_a_note_keeps_its_place_however_short_it_is() -> None:
    tune = song([(0, 1, 60)], [Meter(4, 4)] * 16, grid=96)
    row = Stretch(tune, 0, tune.steps)
    axes = axes_for(row)
    draw_notes(axes, row, tune.notes, "#3D6FD6")
    for layer in polygons(axes):
        ((left, _, right, _),) = layer
        assert 0 <= left < right <= 1


def test_measures_are_numbered_from_one_where_they_begin() -> None:
    axes = axes_for(Stretch(song([], [Meter(3, 4), Meter(2, 4), Meter(3, 4)]), 12, 32))
    assert axes.get_xticks().tolist() == [12, 20]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2", "3"]


@pytest.mark.parametrize(
    ("meter", "beats"),
    [
        (Meter(4, 4), [0, 4, 8, 12]),
        (Meter(6, 8), [0, 6]),
        (Meter(7, 8), [0, 2, 4, 6, 8, 10, 12]),
        (Meter(2, 2), [0, 8]),
        (Meter(3, 8), [0, 2, 4]),
    ],
    ids=str,
)
def test_beats_are_those_that_a_musician_counts(meter: Meter, beats: list[int]) -> None:
    tune = song([], [meter])
    axes = axes_for(Stretch(tune, 0, tune.steps))
    lines = axes.collections[0].get_paths()
    assert [line.get_extents().x0 for line in lines] == beats


def test_drum_hits_lie_in_lanes_and_are_short() -> None:
    hits = make_notes([(0, 16, 36, 80, 0), (4, 1, 42, 80, 0)])
    lanes = drums_in_lanes(song([]), hits, (36, 38, 42))
    assert lanes["pitch"].tolist() == [0, 2]
    assert lanes["length"].tolist() == [1, 1]
    assert hits["length"].tolist() == [16, 1]


def test_drums_of_a_fine_grid_are_wide_enough_to_be_seen() -> None:
    hits = make_notes([(0, 1, 36, 80, 0), (24, 4, 36, 80, 0), (48, 24, 36, 80, 0)])
    assert drums_in_lanes(song([], grid=24), hits, (36,))["length"].tolist() == [3, 4, 6]


def test_polygons_are_finite_for_every_length() -> None:
    tune = song([(0, 1, 60), (1, 31, 61)])
    row = Stretch(tune, 0, 32)
    axes = axes_for(row)
    draw_notes(axes, row, tune.notes, "#3D6FD6", hollow=True)
    assert np.isfinite(polygons(axes)).all()
