from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from musicvae.compose.performance.reconstruct import reconstruct
from musicvae.core.active_units import count_active
from musicvae.evaluate.music import reconstruction as module
from musicvae.evaluate.music.reconstruction import evaluate
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.scoring import score_batches
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

PARTS = (Part("melody"),)
SIZES = {"latent": 6, "hidden": 16, "layers": 1, "encoder_hidden": 16, "features": 24}


@pytest.fixture(scope="module")
def model() -> MeasureVAE:
    """Return an untrained model."""
    torch.manual_seed(0)
    config = MeasureVAEConfig("melody", PARTS, 4, ("2/4",), (1.0,), 12, **SIZES)  # type: ignore[arg-type]
    return MeasureVAE(config).eval().requires_grad_(False)


def tune(*pitches: int, meter: Meter = Meter(2, 4)) -> Song:
    """Return a song of one note on each beat."""
    rows = [(4 * beat, 4, pitch, 80, 0) for beat, pitch in enumerate(pitches)]
    return Song(make_notes(rows), (meter,) * (len(pitches) // meter.numerator), PARTS)


SONGS = [tune(60, 64, 67, 72, 71, 67), tune(50, 52), tune(62, 65, 69, meter=Meter(3, 4))]


def test_the_score_is_a_mean_over_measures_and_steps(model: MeasureVAE) -> None:
    evaluation = evaluate(model, SONGS)
    score = score_batches(model, [songs_to_batch([song], model.config) for song in SONGS])
    assert (evaluation.songs, evaluation.measures) == (3, 5)
    assert evaluation.rate_nats == pytest.approx(score.rate / 5, rel=1e-4)
    assert evaluation.distortion_nats == pytest.approx(score.distortion / 5, rel=1e-4)
    assert evaluation.without_code_nats == pytest.approx(score.without_code / 5, rel=1e-4)
    steps = 4 * 8 + 12
    assert evaluation.elbo_nats_per_step == pytest.approx(-(score.rate + score.distortion) / steps, rel=1e-4)


def test_notes_and_steps_are_counted_over_all_songs_together(model: MeasureVAE) -> None:
    pairs = zip(SONGS, reconstruct(model, SONGS), strict=True)
    agreement = sum((compare(song, copy) for song, copy in pairs), Agreement())
    evaluation = evaluate(model, SONGS)
    assert evaluation.step_accuracy == agreement.step_accuracy < 1
    assert (evaluation.onset_f1, evaluation.note_f1) == (agreement.onset_f1, agreement.note_f1)


def test_a_perfect_copy_has_a_perfect_score(model: MeasureVAE, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "say_back", lambda model, songs, *rest: songs)
    evaluation = evaluate(model, SONGS)
    assert (evaluation.step_accuracy, evaluation.onset_f1, evaluation.note_f1) == (1, 1, 1)


def test_the_order_of_the_songs_and_how_many_at_once_make_no_difference(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = evaluate(model, SONGS)
    monkeypatch.setattr(module, "songs_at_once", lambda model: 1)
    assert evaluate(model, SONGS[::-1]) == pytest.approx(together, rel=1e-4)


def test_who_waits_is_told_the_measures_of_all_groups(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "songs_at_once", lambda model: 2)
    told: list[tuple[int, int]] = []
    evaluate(model, SONGS, on_progress=lambda measures, of: told.append((measures, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]  # those of one measure are said back side by side


def test_copies_are_told_with_the_numbers_of_their_songs(model: MeasureVAE) -> None:
    copies: dict[int, Song] = {}
    evaluate(model, SONGS, on_copy=copies.__setitem__)
    assert [copies[number] for number in range(3)] == reconstruct(model, SONGS)


@pytest.mark.parametrize("exact", [True, False])
def test_songs_are_said_back_as_exactly_as_is_asked(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch, exact: bool
) -> None:
    asked: list[bool] = []

    def say_back(model: MeasureVAE, songs: list[Song], codes: object, on: object, exact: bool) -> list[Song]:
        asked.append(exact)
        return songs

    monkeypatch.setattr(module, "say_back", say_back)
    evaluate(model, SONGS[:1], exact)
    assert asked == [exact]


def test_units_are_active_whose_mean_varies() -> None:
    codes = torch.zeros(5, 6)
    codes[:, 1], codes[0, 2], codes[:, 3] = torch.arange(5.0), 0.1, 7.0  # varies, hardly, not at all
    assert count_active(codes) == 1


def test_songs_are_encoded_once_in_batches(model: MeasureVAE, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    encode = model.encoder.forward

    def counting(batch: MeasureBatch) -> Tensor:
        if batch.layout.measures > 1:  # a single measure is one said back, to see how near it is
            read.append(int(batch.layout.exists.sum()))
        return encode(batch)

    monkeypatch.setattr(model.encoder, "forward", counting)
    evaluate(model, SONGS)
    assert sum(read) == sum(song.measures for song in SONGS)


def test_a_single_measure_can_be_evaluated(model: MeasureVAE) -> None:
    evaluation = evaluate(model, [SONGS[1]])
    assert evaluation.measures == 1
    assert evaluation.active_units == 0
    assert len(encode_songs(model, [SONGS[1]])[0]) == 1


def test_a_conv_decoder_has_nothing_to_say_without_codes(model: MeasureVAE) -> None:
    torch.manual_seed(0)
    conv = MeasureVAE(replace(model.config, decoder="conv")).eval()
    assert evaluate(conv, SONGS).without_code_nats is None
