from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import absent, exact
from musicvae.measures.data.seat_measures import ALONE, split_layout, split_notes
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.rolls.drawing import draw_rolls
from musicvae.midi.arranging.seats import make_seats
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

SEATS = make_seats(2, with_drums=True)
NO_DRUMS, VACANT = SEATS[0], SEATS[1]
KIT, FLUTE, BASS = Part("kit", is_drums=True), Part("flute", 73), Part("bass", 33)
LATENT = 6
DRUMS, HIGH, LOW = range(3)
TUNE, BEAT, GROUND = (
    [(0, 4, 72, 80, HIGH), (6, 2, 74, 80, HIGH)],
    [(0, 2, 36, 80, DRUMS)],
    [(0, 8, 40, 80, LOW)],
)


@pytest.fixture(scope="module")
def band(make_model: Callable[..., MeasureVAE]) -> MeasureVAE:
    """Return an untrained model of three seats, whose instruments differ."""
    model = make_model(ensemble="seats", parts=SEATS, kinds=())
    torch.manual_seed(1)
    for name, weight in model.named_parameters():
        if "instrument" in name or "band" in name:
            torch.nn.init.normal_(weight, std=0.3)
    return model


def batch_of(
    model: MeasureVAE, *songs: tuple[list[tuple[int, int, int, int, int]], tuple[Part, ...]]
) -> MeasureBatch:
    made = [Song(make_notes(rows), (Meter(2, 4),), parts, model.config.grid) for rows, parts in songs]
    return songs_to_batch(made, model.config)


def test_measures_are_split_into_what_their_players_play(band: MeasureVAE) -> None:
    batch = batch_of(band, (TUNE + GROUND, (NO_DRUMS, FLUTE, BASS)), (BEAT, (KIT, VACANT, VACANT)))
    seats = split_layout(batch.layout)
    assert seats.place.tolist() == [HIGH, LOW, 3 + DRUMS]
    assert seats.layout.band.tolist() == [[10], [5], [17]]
    alone = split_notes(batch, seats, band.config.alphabet)
    notes = (alone.notes.measure, alone.notes.step, alone.notes.length, ALONE.pitch(alone.notes.symbol))
    assert [*zip(*(field.tolist() for field in notes), strict=True)] == [
        *((0, 0, 4, 72), (0, 6, 2, 74), (1, 0, 8, 40), (2, 0, 2, 36)),
    ]
    rolls = draw_rolls(batch, band.config.alphabet, 8).unflatten(2, (2, 3, 128))
    of_seats = draw_rolls(alone, ALONE, 8).unflatten(2, (2, 128))
    assert torch.equal(seats.put(of_seats, 2).permute(0, 2, 3, 1, 4), rolls)


def test_the_code_of_a_part_is_the_same_in_every_company(band: MeasureVAE) -> None:
    alone, duo, trio = (NO_DRUMS, FLUTE, VACANT), (NO_DRUMS, FLUTE, BASS), (KIT, FLUTE, BASS)
    batch = batch_of(band, (TUNE, alone), (TUNE + GROUND, duo), (TUNE + GROUND + BEAT, trio))
    codes = band.encode(batch).unflatten(1, (3, LATENT))
    torch.testing.assert_close(codes[0, HIGH], codes[1, HIGH])
    torch.testing.assert_close(codes[1, HIGH:], codes[2, HIGH:])
    assert not codes[0, LOW].any()
    assert not codes[:2, DRUMS].any()
    assert codes[2].any(-1).all()


def test_who_plays_is_in_the_code_and_drums_are_not_read_as_pitches(band: MeasureVAE) -> None:
    parts = [(KIT, part, VACANT) for part in (FLUTE, Part("oboe", 68), Part("piccolo", 72))]
    rows = [(0, 2, 36, 80, DRUMS), (0, 2, 36, 80, HIGH)]
    codes = band.encode(batch_of(band, *((rows, each) for each in parts))).unflatten(1, (3, LATENT))
    assert not torch.allclose(codes[0, HIGH], codes[1, HIGH], atol=1e-4)
    torch.testing.assert_close(codes[0, HIGH], codes[2, HIGH])  # of one family
    assert not torch.allclose(codes[0, DRUMS], codes[0, HIGH], atol=1e-4)


def test_what_a_vacant_seat_costs_and_says_is_nothing(band: MeasureVAE) -> None:
    batch = batch_of(band, (TUNE, (NO_DRUMS, FLUTE, VACANT)))
    coded = band.code(batch)
    kl = coded.kl.unflatten(1, (3, LATENT))
    assert kl[0, HIGH].any()
    assert not kl[0, [DRUMS, LOW]].any()
    posterior = band.posterior(batch)
    assert not posterior.log_var.unflatten(1, (3, LATENT))[0, [DRUMS, LOW]].any()
    other = coded.code.unflatten(1, (3, LATENT)).clone()
    other[:, [DRUMS, LOW]] = 7.0
    for code in (coded.code, other.flatten(1)):
        sketch = band.sketch(batch.layout, code)
        assert sketch[0, HIGH].max() > 0
        assert not sketch[0, [DRUMS, LOW]].any()
    said = [band.decoder.log_prob(batch, exact(code)) for code in (coded.code, other.flatten(1))]
    torch.testing.assert_close(*said)


@pytest.mark.parametrize("kind", ["vae", "ae", "dae"])
def test_every_kind_of_code_has_a_part_for_each_seat(
    make_model: Callable[..., MeasureVAE], kind: str
) -> None:
    model = make_model(ensemble="seats", parts=SEATS, kinds=(), autoencoder=kind)
    assert model.config.code_size == 3 * LATENT
    codes = model.encode(batch_of(model, (TUNE, (NO_DRUMS, FLUTE, VACANT))))
    assert codes.shape == (1, 3 * LATENT)
    assert codes.isfinite().all()


def test_it_matters_who_plays(band: MeasureVAE) -> None:
    parts = [(NO_DRUMS, FLUTE, VACANT), (NO_DRUMS, BASS, VACANT), (NO_DRUMS, FLUTE, BASS)]
    batch = batch_of(band, *((TUNE, each) for each in parts))
    log_prob = band.decoder.log_prob(batch, absent(torch.zeros(3, band.config.code_size)))
    assert len({round(nats, 3) for nats in log_prob.tolist()}) == 3


def test_notes_are_known_alike_few_at_a_time_or_many(band: MeasureVAE) -> None:
    alphabet = band.config.alphabet
    symbols = torch.arange(alphabet.end)
    everybody = torch.tensor([17, 10, 5]).expand(len(symbols), -1)
    assert isinstance(band.decoder, NoteDecoder)
    embed = band.decoder.symbol
    some = torch.cat([embed(symbols[n : n + 48], everybody[n : n + 48]) for n in range(0, len(symbols), 48)])
    torch.testing.assert_close(embed(symbols, everybody), some, atol=1e-5, rtol=1e-4)


def test_a_model_of_one_seat_is_a_model_of_one_part(config: MeasureVAEConfig) -> None:
    one = replace(config, ensemble="seats", parts=make_seats(1, with_drums=False), kinds=())
    assert (one.has_bands, one.code_size) == (False, LATENT)
    melody = MeasureVAE(replace(config, parts=(Part("melody"),), kinds=()))
    assert [*MeasureVAE(one).state_dict()] == [*melody.state_dict()]
