from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from musicvae.compose.performance.reconstruct import reconstruct
from musicvae.compose.vary import vary
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

SONG = Song(
    make_notes([(0, 4, 67, 80, 0), (4, 6, 69, 80, 0), (10, 2, 71, 80, 0), (12, 8, 67, 80, 0)]),
    (Meter(2, 4), Meter(3, 4)),
    (Part("fiddle", program=40),),
    tempi=(Tempo(0, 90.0), Tempo(8, 100.0)),
    markers=(Marker(8, "B"),),
    title="O’Carolan",
)


def varied(model: MeasureVAE, amount: float, count: int = 1, seed: int = 0) -> list[Song]:
    return vary(model, SONG, amount, count, 0.9, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", ["model", "conv"])
def test_by_nothing_it_is_the_reconstruction(name: str, request: pytest.FixtureRequest) -> None:
    model = request.getfixturevalue(name)
    assert varied(model, 0.0, count=2) == reconstruct(model, [SONG]) * 2


@pytest.mark.parametrize("amount", [0.0, 0.3, 1.0])
def test_everything_but_the_notes_is_kept(model: MeasureVAE, amount: float) -> None:
    [variation] = varied(model, amount)
    assert replace(variation, notes=SONG.notes) == SONG


@pytest.mark.parametrize("name", ["model", "conv"])
@pytest.mark.parametrize("amount", [0.2, 0.6, 1.0])
def test_variations_differ_from_one_another_and_from_the_reconstruction(
    name: str, amount: float, request: pytest.FixtureRequest
) -> None:
    model = request.getfixturevalue(name)
    first, other = varied(model, amount, count=2)
    assert first.notes.tolist() != other.notes.tolist()
    assert first != reconstruct(model, [SONG])[0]


def test_the_same_seed_gives_the_same_variations(model: MeasureVAE) -> None:
    first, again, other = (varied(model, 0.5, count=2, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


def test_a_new_piece_tells_nothing_of_the_notes_of_the_song(model: MeasureVAE) -> None:
    # Notes of one key, told to the decoder, and otherwise others.
    same_key = replace(
        SONG, notes=make_notes([(*row[:2], row[2] + 12, *row[3:]) for row in SONG.notes.tolist()])
    )
    pieces = [vary(model, song, 1.0, 1, 0.9, torch.Generator().manual_seed(0)) for song in (SONG, same_key)]
    assert pieces[0] == pieces[1]


@pytest.mark.parametrize("amount", [-0.1, 1.1, float("nan")])
def test_an_amount_that_is_none_is_refused(model: MeasureVAE, amount: float) -> None:
    with pytest.raises(ValueError, match="between 0 .* and 1"):
        varied(model, amount)


def test_progress_is_told(model: MeasureVAE) -> None:
    told: list[tuple[int, int]] = []
    generator = torch.Generator().manual_seed(0)
    vary(model, SONG, 0.5, 3, 0.9, generator, lambda measures, of: told.append((measures, of)))
    assert told[-1] == (2, 2)
