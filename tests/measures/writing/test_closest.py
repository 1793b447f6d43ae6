"""Tests of musicvae.measures.writing.closest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from musicvae.core.categorical import GREEDY
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing import closest
from musicvae.measures.writing.closest import find_closest
from musicvae.measures.writing.coding import encode_written
from musicvae.measures.writing.side_by_side import Writing, begin_writing
from musicvae.midi.songs.song import Meter

TWO = Meter(2, 4)


def distance(writing: Writing, code: torch.Tensor) -> list[float]:
    """How far each song's last measure is from its code, in variances."""
    songs = range(len(writing.by_measure))
    posterior = encode_written(writing, songs, [writing.at - 1] * len(writing.by_measure))
    return ((code - posterior.mean).square() / posterior.log_var.exp()).mean(1).tolist()


@pytest.fixture
def model(make_model: Callable[..., MeasureVAE]) -> MeasureVAE:
    return make_model()


def codes(model: MeasureVAE, songs: int) -> torch.Tensor:
    return torch.randn(songs, model.config.latent, generator=torch.Generator().manual_seed(3))


@torch.inference_mode()
def test_what_is_found_reads_no_less_like_its_code_than_the_likeliest_reading(model: MeasureVAE) -> None:
    code = codes(model, 4)
    writing = begin_writing(model, [SongOutline((TWO,))] * 4)
    likeliest, ways = writing.write(exact(code), GREEDY), find_closest(writing, range(4), code)
    found = writing.follow([ways[song] for song in range(4)])
    both = list(zip(distance(found, code), distance(likeliest, code), strict=True))
    assert all(ours <= theirs for ours, theirs in both)
    assert any(ours < theirs for ours, theirs in both)


@torch.inference_mode()
def test_it_is_the_same_whatever_songs_are_beside_it(model: MeasureVAE) -> None:
    code = codes(model, 3)
    together = find_closest(begin_writing(model, [SongOutline((TWO,))] * 3), range(3), code)
    for song in range(3):
        alone = find_closest(begin_writing(model, [SongOutline((TWO,))]), [0], code[song : song + 1])
        assert alone[0].measure.tolist() == together[song].measure.tolist()


@torch.inference_mode()
def test_a_reading_that_is_near_is_not_drawn_anew(model: MeasureVAE, monkeypatch: pytest.MonkeyPatch) -> None:
    code, often = codes(model, 2), []
    read = closest._read

    def counted(writing: Writing, songs: list[int], *rest: object) -> object:
        often.append(len(songs))
        return read(writing, songs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(closest, "_read", counted)
    monkeypatch.setattr(closest, "NEAR", 1e9)
    find_closest(begin_writing(model, [SongOutline((TWO,))] * 2), range(2), code)
    assert often == [2]


def test_no_songs_have_no_ways(model: MeasureVAE) -> None:
    assert find_closest(begin_writing(model, [SongOutline((TWO,))]), [], codes(model, 1)) == {}
