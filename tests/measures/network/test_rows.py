from __future__ import annotations

import torch
from torch import Tensor

from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.rows import NO_STEP, Rows, find_onsets, find_rows, lay_rows
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

EIGHTH, QUARTER = Meter(1, 8), Meter(1, 4)  # 2 steps and 4


def two_songs(config: MeasureVAEConfig) -> MeasureBatch:
    """Return measures of 2, 4 and 2 steps, with notes at 1, at 1 and 3, at none; and one of 4 without any."""
    rows = [(1, 1, 60), (1, 1, 64), (3, 1, 60), (5, 3, 60)]
    notes = make_notes((*row, 80, 0) for row in rows)
    songs = [Song(notes, (EIGHTH, QUARTER, EIGHTH), config.parts, config.grid)]
    songs.append(Song(make_notes([]), (QUARTER,), config.parts, config.grid))
    return songs_to_batch(songs, config)


def by_window(rows: Rows, column: Tensor) -> list[list[int]]:
    """Return what a column of rows says of each window, row after row."""
    return column.view(rows.shape).T.tolist()


def test_barlines_and_later_onsets_are_rows_without_gaps(config: MeasureVAEConfig) -> None:
    rows = find_rows(two_songs(config))
    assert rows.shape == (6, 2)
    assert by_window(rows, rows.exists) == [[1] * 6, [1] + [0] * 5]
    assert by_window(rows, rows.measure)[0] == [0, 0, 1, 1, 1, 2]
    assert by_window(rows, rows.measure)[1][0] == 3
    assert by_window(rows, rows.step)[0] == [0, 1, 0, 1, 3, 0]
    assert by_window(rows, rows.opens)[0] == [1, 0, 1, 0, 0, 1]


def test_a_row_knows_when_something_begins_next_in_its_measure(config: MeasureVAEConfig) -> None:
    rows = find_rows(two_songs(config))
    assert by_window(rows, rows.following)[0] == [1, NO_STEP, 1, 3, NO_STEP, NO_STEP]
    assert by_window(rows, rows.following)[1][0] == NO_STEP
    assert by_window(rows, rows.gap)[0] == [1, 0, 1, 2, 0, 0]


def test_a_row_is_found_by_its_measure_and_step(config: MeasureVAEConfig) -> None:
    rows = find_rows(two_songs(config))
    exist = rows.exists.nonzero().squeeze(1)
    assert torch.equal(rows.find(rows.measure[exist], rows.step[exist]), exist)


def test_each_window_ends_on_its_own_last_row(config: MeasureVAEConfig) -> None:
    assert find_rows(two_songs(config)).last.tolist() == [10, 1]


def test_rows_may_be_laid_where_nothing_begins(config: MeasureVAEConfig) -> None:
    batch = two_songs(config)
    onsets = find_onsets(batch)
    onsets[3, 2] = True
    rows = lay_rows(batch.layout, onsets)
    assert by_window(rows, rows.step)[1][:2] == [0, 2]
    assert by_window(rows, rows.exists)[1] == [1, 1, 0, 0, 0, 0]
