from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from musicvae.core.categorical import GREEDY
from musicvae.core.objective import AutoencoderKind, Weights
from musicvae.core.sphere import POINT_STD
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import absent, add_noise, draw_freedom, exact
from musicvae.measures.data.song_batch import SongOutline, songs_to_batch
from musicvae.measures.network.model import MeasureVAE, device_of
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.network.roll_decoder import RollDecoder
from musicvae.measures.writing.song_writing import decode_songs
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

SEED = 0  # by which some of the batch's codes are withheld, and not all
DECODERS = pytest.mark.parametrize("decoder", ["recurrent", "conv"])


def make_model(config: MeasureVAEConfig, decoder: str = "recurrent") -> MeasureVAE:
    torch.manual_seed(0)
    return MeasureVAE(replace(config, decoder=decoder))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def batch(config: MeasureVAEConfig) -> MeasureBatch:
    """Return a batch of songs of one, two and three measures."""
    songs = []
    for length in (1, 2, 3):
        notes = make_notes((4 * beat, 4, 60 + beat, 80, 0) for beat in range(2 * length))
        songs.append(Song(notes, (Meter(2, 4),) * length, config.parts, config.grid))
    return songs_to_batch(songs, config)


@pytest.mark.parametrize(("name", "kind"), [("recurrent", NoteDecoder), ("conv", RollDecoder)])
def test_the_config_names_the_decoder(config: MeasureVAEConfig, name: str, kind: type) -> None:
    assert isinstance(make_model(config, name).decoder, kind)


def test_a_decoder_that_nobody_knows_is_refused(config: MeasureVAEConfig) -> None:
    with pytest.raises(ValueError, match="must be recurrent or conv, got 'gru'"):
        make_model(config, "gru")


@DECODERS
def test_the_loss_is_distortion_and_rate_of_the_measures_that_exist(
    config: MeasureVAEConfig, batch: MeasureBatch, decoder: str
) -> None:
    model = make_model(config, decoder).eval()
    exists = batch.layout.exists
    coded = model.bottleneck(model.encoder(batch), generator := seeded(SEED))
    noisy = exact(coded.code)
    if decoder == "recurrent":
        noisy = add_noise(coded.code, draw_freedom(batch.layout, generator), generator)
    given = noisy.given & exists
    assert (0 < given.sum() < exists.sum()) == (decoder == "recurrent")
    distortion = -model.decoder.log_prob(batch, noisy)[exists].mean()
    loss = model(batch, Weights(0.3), generator=seeded(SEED))
    torch.testing.assert_close(loss.distortion, distortion)
    torch.testing.assert_close(loss.rate, coded.kl[given].sum(1).mean())
    total = distortion + 0.3 * coded.kl[given].sum() / exists.sum()
    if isinstance(model.decoder, NoteDecoder):  # its sketch is learned besides, of codes without noise
        total = total - model.decoder.sketching().log_prob(batch, coded.code)[exists].mean()
    torch.testing.assert_close(loss.total, total)


@DECODERS
def test_the_same_seed_gives_the_same_loss(
    config: MeasureVAEConfig, batch: MeasureBatch, decoder: str
) -> None:
    model = make_model(config, decoder)
    first, again, other = (model(batch, generator=seeded(seed)).total.item() for seed in (0, 0, 1))
    assert first == again != other


@DECODERS
def test_a_model_learns_one_batch_by_heart(
    config: MeasureVAEConfig, batch: MeasureBatch, decoder: str
) -> None:
    model = make_model(config, decoder)
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    losses = []
    for step in range(24):
        optimizer.zero_grad()
        loss = model(batch, Weights(0.01), generator=seeded(step))
        loss.total.backward()
        optimizer.step()
        losses.append(loss.distortion.item())
    assert sum(losses[-5:]) < 0.3 * sum(losses[:5])


def test_a_code_is_the_posterior_mean(config: MeasureVAEConfig, batch: MeasureBatch) -> None:
    model = make_model(config).eval()
    codes = model.encode(batch)
    assert codes.shape == (9, config.latent)
    torch.testing.assert_close(codes, model.posterior(batch).mean)


def test_codes_are_sketched_as_rolls_of_their_meters(config: MeasureVAEConfig, batch: MeasureBatch) -> None:
    model = make_model(config).eval()
    code = torch.randn(len(batch.layout.exists), config.latent, requires_grad=True)
    rolls = model.sketch(batch.layout, code)
    assert rolls.shape == (9, 2, 2, 8, 128)
    assert bool((rolls >= 0).all() and (rolls <= 1).all())
    silent = ~batch.layout.exists
    assert not rolls[silent].any()
    rolls.sum().backward()
    assert code.grad is not None
    assert bool(code.grad[batch.layout.exists].any())


def test_a_decoder_begins_by_saying_what_the_sketch_says(config: MeasureVAEConfig) -> None:
    model = make_model(config).eval()
    decoder = model.decoder
    assert isinstance(decoder, NoteDecoder)
    with torch.no_grad():
        for readout in (
            decoder.say_symbol,
            decoder.say_length,
            decoder.when.readout,
        ):  # which have nothing to add
            for weight in readout.layers[-1].parameters():
                weight.zero_()
        bias = decoder.sketch.layers[-1].get_parameter("bias").view(2, 2, 128)  # planes, parts, pitches
        bias.fill_(-12)
        bias[0, 0, 60] = 12  # one note begins at every step, and ends there
    outline = SongOutline((Meter(2, 4),))
    codes = [exact(torch.zeros(1, config.latent))]
    [song] = decode_songs(model, [outline], codes, GREEDY)
    assert song.notes["pitch"].tolist() == [60] * 8
    assert song.notes["part"].tolist() == [0] * 8
    assert song.notes["length"].tolist() == [1] * 8


def test_without_codes_the_sketch_counts_for_nothing(config: MeasureVAEConfig, batch: MeasureBatch) -> None:
    model = make_model(config).eval()
    decoder = model.decoder
    assert isinstance(decoder, NoteDecoder)
    noisy = absent(torch.randn(len(batch.layout.exists), config.latent))
    before = decoder.log_prob(batch, noisy)
    with torch.no_grad():
        decoder.sketch.layers[-1].get_parameter("bias").fill_(12)
    torch.testing.assert_close(decoder.log_prob(batch, noisy), before)
    one_given = noisy._replace(freedom=torch.where(torch.arange(9) == 3, 0.0, 1.0))
    apart = (decoder.log_prob(batch, one_given) - before).abs().view(3, 3) > 1e-3
    assert apart.any(1).tolist() == [False, True, False]  # the songs
    assert apart[1, 0]


def test_a_model_says_where_its_weights_are(config: MeasureVAEConfig) -> None:
    assert device_of(make_model(config, "recurrent")) == torch.device("cpu")


@pytest.mark.parametrize("kind", ["ae", "dae"])
def test_a_model_of_points_codes_for_nothing_and_reads_its_own_codes(
    config: MeasureVAEConfig, batch: MeasureBatch, kind: AutoencoderKind
) -> None:
    model = make_model(replace(config, autoencoder=kind)).eval()
    with torch.no_grad():
        coded, posterior = model.code(batch), model.posterior(batch)
    assert not coded.kl.any()
    torch.testing.assert_close(coded.code, model.encode(batch))
    torch.testing.assert_close(posterior.mean, coded.code)
    torch.testing.assert_close(posterior.log_var.exp().sqrt(), torch.full_like(coded.code, POINT_STD))


def test_only_a_dae_learns_from_wrong_notes(config: MeasureVAEConfig) -> None:
    with pytest.raises(ValueError, match="what a DAE learns from"):
        replace(config, autoencoder="ae", corrupt=0.2)
