from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import torch

from musicvae.compose.generate import PieceOptions, choose_meters, generate
from musicvae.errors import SongError
from musicvae.measures.model import MeasureVAE
from musicvae.midi.song import Meter, Tempo

OPTIONS = PieceOptions(count=3, measures=4)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_pieces_have_the_number_and_length_asked_for(model: MeasureVAE) -> None:
    pieces = generate(model, OPTIONS, seeded())
    assert [piece.measures for piece in pieces] == [4] * 3
    assert all(len(piece.notes) for piece in pieces)
    assert all((piece.parts, piece.grid) == (model.config.parts, model.config.grid) for piece in pieces)


def test_the_same_seed_gives_the_same_pieces(model: MeasureVAE) -> None:
    first, again, other = (generate(model, OPTIONS, seeded(seed)) for seed in (0, 0, 1))
    assert first == again != other


def test_pieces_are_in_the_meter_asked_for(model: MeasureVAE) -> None:
    pieces = generate(model, replace(OPTIONS, meter="3/4"), seeded())
    assert [piece.meters for piece in pieces] == [(Meter(3, 4),) * 4] * 3


def test_a_meter_that_the_model_never_heard_is_refused(model: MeasureVAE) -> None:
    with pytest.raises(SongError, match="never heard 6/8: ask for one of 2/4, 3/4"):
        generate(model, replace(OPTIONS, meter="6/8"), seeded())


def test_meters_are_drawn_as_often_as_they_were_heard(model: MeasureVAE) -> None:
    drawn = Counter(map(str, choose_meters(model, PieceOptions(count=4000), seeded())))
    assert drawn["2/4"] / 4000 == pytest.approx(0.75, abs=0.03)
    assert drawn.keys() == {"2/4", "3/4"}


def test_a_piece_keeps_its_meter(model: MeasureVAE) -> None:
    assert all(len(set(piece.meters)) == 1 for piece in generate(model, PieceOptions(count=8), seeded()))


def test_pieces_have_the_usual_tempo_or_the_one_asked_for(model: MeasureVAE) -> None:
    assert generate(model, OPTIONS, seeded())[0].tempi == (Tempo(0, 96.0),)
    assert generate(model, replace(OPTIONS, bpm=60.0), seeded())[0].tempi == (Tempo(0, 60.0),)


def test_at_a_temperature_of_zero_the_seed_does_not_matter(model: MeasureVAE) -> None:
    safe = replace(OPTIONS, temperature=0.0, meter="2/4")
    assert generate(model, safe, seeded(0)) == generate(model, safe, seeded(1))


def test_codes_from_the_prior_give_each_piece_its_own_music(model: MeasureVAE) -> None:
    from_prior = replace(OPTIONS, temperature=0.0, meter="2/4", from_prior=True)
    first, again, other = (generate(model, from_prior, seeded(seed)) for seed in (0, 0, 1))
    assert first == again != other
    assert first != generate(model, replace(from_prior, from_prior=False), seeded())


def test_a_decoder_that_does_not_hear_the_song_draws_codes_unasked(model: MeasureVAE) -> None:
    torch.manual_seed(0)
    conv = MeasureVAE(replace(model.config, decoder="conv")).eval()
    asked_for = replace(OPTIONS, from_prior=True)
    assert generate(conv, OPTIONS, seeded()) == generate(conv, asked_for, seeded())


@pytest.mark.parametrize("nonsense", [{"count": 0}, {"measures": 0}, {"count": -1}, {"temperature": -0.1}])
def test_nonsense_is_refused(nonsense: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least one piece of one measure|cannot be negative"):
        PieceOptions(**nonsense)  # type: ignore[arg-type]
