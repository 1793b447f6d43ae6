from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.midi.songs.song import Grid, Meter


def test_meters_are_known_by_their_place_and_unknown_ones_are_none(config: MeasureVAEConfig) -> None:
    assert [config.meter_index(Meter.parse(name)) for name in ("2/4", "3/4", "1/8", "6/8")] == [1, 2, 3, 0]


def test_the_meters_of_many_measures_are_looked_up_at_once(config: MeasureVAEConfig) -> None:
    rows = np.array([(3, 4), (2, 4), (6, 8), (3, 4)], np.int16)
    assert config.meter_indexes(rows).tolist() == [2, 1, 0, 2]
    assert config.meter_indexes(np.empty((0, 2), np.int16)).tolist() == []


@pytest.mark.parametrize(
    "kind",
    [
        SongKind(3, 0, 1, 1.0),
        SongKind(-1, 0, 1, 1.0),
        SongKind(1, 3, 1, 1.0),
        SongKind(1, 0, 25, 1.0),
        SongKind(1, 0, 1, 0.0),
    ],
)
def test_kinds_of_songs_are_of_its_styles_meters_and_keys(config: MeasureVAEConfig, kind: SongKind) -> None:
    replace(config, kinds=(SongKind(2, 2, 24, 0.5), SongKind(0, 0, 0, 0.5)))
    with pytest.raises(ValueError, match="a style, meter or key that the model does not have"):
        replace(config, kinds=(kind,))


def test_the_grid_and_the_alphabet_are_those_of_its_songs(config: MeasureVAEConfig) -> None:
    assert config.grid == Grid(4)
    assert config.alphabet.parts == 2


def test_a_model_reads_measures_that_it_has_room_for(config: MeasureVAEConfig) -> None:
    meters = ("2/4", "6/8", "4/4", "3/32")  # known; unknown; too long; off the grid
    assert [config.can_read(Meter.parse(name)) for name in meters] == [True, True, False, False]
