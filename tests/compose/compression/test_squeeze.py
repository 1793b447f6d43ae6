from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from musicvae.compose.compression import squeeze
from musicvae.compose.compression.lossless import compress_whole
from musicvae.compose.compression.squeeze import compress, expand
from musicvae.compose.compression.whole_music import take_whole
from musicvae.compose.performance.reconstruct import say_back
from musicvae.core.compression.packet import bytes_to_packet, packet_to_bytes
from musicvae.errors import ModelError, PacketError, SongError
from musicvae.images.squeeze import PICTURE_CODES
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.midi.songs.notes import make_notes, tidy_notes
from musicvae.midi.songs.song import Grid, Marker, Meter, Part, Song, Tempo

METERS = (Meter(2, 4), Meter(3, 4))


def make_song(*rows: tuple[int, int, int]) -> Song:
    """Return a song of notes (start, length, pitch) with all that a song can have."""
    notes = tidy_notes(make_notes((start, length, pitch, 80, 0) for start, length, pitch in rows))
    return Song(
        notes,
        METERS,
        (Part("fiddle", 40),),
        Grid(4),
        (Tempo(0, 96.0), Tempo(8, 100.01)),
        (Marker(8, "B"),),
        "Ein Lied",
    )


TUNE = make_song((0, 4, 60), (4, 6, 62), (10, 2, 60), (12, 4, 67), (16, 4, 60))


def test_codes_bring_back_what_the_decoder_makes_of_them(model: MeasureVAE) -> None:
    packed = compress(model, TUNE)
    song = expand(model, packed.data).song
    assert song == packed.copy
    assert replace(song, notes=TUNE.notes) == TUNE


def test_codes_come_back_rounded_and_are_said_as_reconstruct_says_codes(model: MeasureVAE) -> None:
    [codes] = encode_songs(model, [TUNE])
    rounded = (codes / 0.25).round() * 0.25
    assert compress(model, TUNE, step=0.25).copy == say_back(model, [TUNE], [rounded])[0]


def test_a_decoder_that_does_not_hear_the_song_takes_codes_alone(conv: MeasureVAE) -> None:
    packed = compress(conv, TUNE)
    assert expand(conv, packed.data).song == packed.copy
    with pytest.raises(ModelError, match="one that hears the song"):
        compress_whole(conv, take_whole(TUNE))


def test_progress_comes_to_its_end(model: MeasureVAE) -> None:
    told: list[tuple[int, int]] = []
    data = compress(model, TUNE, on_progress=lambda done, of: told.append((done, of))).data
    assert told[-1] == (4, 4)
    assert told == sorted(told)
    expand(model, data, lambda done, of: told.append((done, of)))
    assert told[-1] == (2, 2)


def test_another_model_is_an_error_that_names_the_one_needed(model: MeasureVAE) -> None:
    data = compress(model, TUNE, model_name="folk").data
    with torch.random.fork_rng():
        other = MeasureVAE(model.config).eval().requires_grad_(False)
    with pytest.raises(PacketError, match=r"it needs another model, folk \(hash [0-9a-f]{16}\): name that"):
        expand(other, data)


def test_a_machine_that_calculates_otherwise_is_an_error(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = compress(model, TUNE).data
    write = squeeze._open

    def slip(*arguments: object) -> Song:
        song = write(*arguments)  # type: ignore[arg-type]
        return replace(song, notes=song.notes[1:])

    monkeypatch.setattr(squeeze, "_open", slip)
    with pytest.raises(PacketError, match="does not come out here as it went in.*expand it where it was"):
        expand(model, data)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (PICTURE_CODES, "it holds pictures: expand it by `musicvae images expand`"),
        (2, "it is of a musicvae that kept notes alone: compress the original again"),
    ],
)
def test_what_is_not_expanded_here_is_told(model: MeasureVAE, kind: int, sentence: str) -> None:
    packet = bytes_to_packet(compress(model, TUNE).data)
    with pytest.raises(PacketError, match=sentence):
        expand(model, packet_to_bytes(packet._replace(kind=kind)))


def test_a_measure_too_long_for_the_model_is_an_error(model: MeasureVAE) -> None:
    song = Song(make_notes([(0, 1, 60, 80, 0)]), (Meter(4, 4),), model.config.parts, Grid(4))
    with pytest.raises(SongError, match="the model cannot read measures of 4/4"):
        compress(model, song)
