"""Tests of musicvae.measures.writing.closest."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch

from musicvae.core.categorical import GREEDY
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing import closest
from musicvae.measures.writing.closest import IN_VAIN, READINGS, REST, CloseReader
from musicvae.measures.writing.coding import encode_written
from musicvae.measures.writing.side_by_side import Writing, begin_writing
from musicvae.midi.songs.song import Meter

TWO = Meter(2, 4)
ALL = sum(READINGS)


def distance(writing: Writing, code: torch.Tensor) -> list[float]:
    """How far each song's last measure is from its code, in variances."""
    songs = range(len(writing.by_measure))
    posterior = encode_written(writing, songs, [writing.at - 1] * len(writing.by_measure))
    return ((code - posterior.mean).square() / posterior.log_var.exp()).mean(1).tolist()


def begin(model: MeasureVAE, songs: int, measures: int = 1) -> Writing:
    return begin_writing(model, [SongOutline((TWO,) * measures)] * songs)


def read_on(reader: CloseReader, writing: Writing, code: torch.Tensor) -> Writing:
    """Return songs that say the same code once more."""
    every = range(len(code))
    ways = reader.find(writing, every, code)
    return writing.follow([ways[song] for song in every])


@pytest.fixture
def model(make_model: Callable[..., MeasureVAE]) -> MeasureVAE:
    return make_model()


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the readings of each time that some are made side by side."""
    often, read = list[int](), closest._read

    def counted(writing: Writing, songs: list[int], *rest: object) -> object:
        often.append(len(songs))
        return read(writing, songs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(closest, "_read", counted)
    return often


def codes(model: MeasureVAE, songs: int) -> torch.Tensor:
    return torch.randn(songs, model.config.latent, generator=torch.Generator().manual_seed(3))


@torch.inference_mode()
def test_what_is_found_reads_no_less_like_its_code_than_the_likeliest_reading(model: MeasureVAE) -> None:
    code, writing = codes(model, 4), begin(model, 4)
    likeliest = writing.write(exact(code), GREEDY)
    found = read_on(CloseReader([True] * 4), writing, code)
    both = list(zip(distance(found, code), distance(likeliest, code), strict=True))
    assert all(ours <= theirs for ours, theirs in both)
    assert any(ours < theirs for ours, theirs in both)


@torch.inference_mode()
def test_it_is_the_same_whatever_songs_are_beside_it(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closest, "FAR", math.inf)
    monkeypatch.setattr(closest, "READINGS", (3, 2))
    code = codes(model, 3)
    together, reader = begin(model, 3, 6), CloseReader([False] * 3)
    alone, readers = [begin(model, 1, 6) for _ in code], [CloseReader([False]) for _ in code]
    for _ in range(6):
        together = read_on(reader, together, code)
        alone = [read_on(readers[n], alone[n], code[n : n + 1]) for n in range(3)]
    for song in range(3):
        ours, theirs = together.by_measure[song], alone[song].by_measure[0]
        assert [measure.tolist() for measure in ours] == [measure.tolist() for measure in theirs]


@torch.inference_mode()
def test_a_reading_that_is_near_is_not_drawn_anew(
    model: MeasureVAE, rows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closest, "NEAR", 1e9)
    read_on(CloseReader([False, True]), begin(model, 2), codes(model, 2))
    assert rows == [2]


@torch.inference_mode()
def test_a_model_that_says_another_measure_altogether_reads_it_once(
    model: MeasureVAE, rows: list[int]
) -> None:
    code = codes(model, 2)
    assert min(distance(begin(model, 2).write(exact(code), GREEDY), code)) > closest.FAR
    read_on(CloseReader([False] * 2), begin(model, 2), code)
    assert rows == [2]


@torch.inference_mode()
def test_to_be_exact_it_reads_as_often_as_can_be(model: MeasureVAE, rows: list[int]) -> None:
    read_on(CloseReader([False, True]), begin(model, 2), codes(model, 2))
    assert rows == [2, *READINGS]


@torch.inference_mode()
def test_once_one_of_some_readings_is_near_there_are_no_more(
    model: MeasureVAE, rows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = codes(model, 1)
    [likeliest] = distance(begin(model, 1).write(exact(code), GREEDY), code)
    [best] = distance(read_on(CloseReader([True]), begin(model, 1), code), code)
    assert best < likeliest
    monkeypatch.setattr(closest, "NEAR", (best + likeliest) / 2)
    monkeypatch.setattr(closest, "READINGS", (ALL, 100))
    rows.clear()
    read_on(CloseReader([True]), begin(model, 1), code)
    assert rows == [1, ALL]


@torch.inference_mode()
def test_a_song_whose_readings_do_not_help_has_none_for_a_while_and_then_one_chance(
    model: MeasureVAE, rows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closest, "FAR", math.inf)
    monkeypatch.setattr(closest, "NEAR", 0.0)
    monkeypatch.setattr(closest, "HELPED", 0.0)
    monkeypatch.setattr(closest, "READINGS", (3,))
    measures = IN_VAIN + 2 * (REST + 1) + 1
    writing, reader = begin(model, 1, measures), CloseReader([False])
    for _ in range(measures):
        writing = read_on(reader, writing, codes(model, 1))
    tried = [1, 3]
    assert rows == tried * IN_VAIN + [1] * REST + tried + [1] * REST + tried + [1]


@torch.inference_mode()
def test_readings_side_by_side_are_no_more_than_the_memory_holds(
    model: MeasureVAE, rows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closest, "songs_at_once", lambda model: 16)
    read_on(CloseReader([True] * 5), begin(model, 5), codes(model, 5))
    assert rows == [5, 16, 16, 8, 16, 16, 8, *[16] * 5]


@torch.inference_mode()
def test_of_many_readings_one_is_kept(model: MeasureVAE) -> None:
    ways = CloseReader([True] * 3).find(begin(model, 3), range(3), codes(model, 3))
    assert all(len(way.writing.windows) <= 3 for way in ways.values())


def test_no_songs_have_no_ways(model: MeasureVAE) -> None:
    assert CloseReader([False]).find(begin(model, 1), [], codes(model, 1)) == {}
