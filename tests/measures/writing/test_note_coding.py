from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.errors import PacketError, SongError
from musicvae.measures.data.noisy_codes import absent
from musicvae.measures.data.song_batch import SongOutline, songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.note_coding import bytes_to_notes, choose_outline, notes_to_bytes
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PARTS = (Part("melody"), Part("drums", is_drums=True))


def make_song(
    *rows: tuple[int, int, int, int], meters: tuple[Meter, ...] = (Meter(2, 4), Meter(3, 4))
) -> Song:
    """Return a song of notes (start, length, pitch, part)."""
    notes = make_notes((start, length, pitch, 80, part) for start, length, pitch, part in rows)
    return Song(notes, meters, PARTS, Grid(4))


def particular(model: MeasureVAE) -> MeasureVAE:
    """Return a model to which key and style make a difference."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name in ("decoder.key.weight", "decoder.style.weight"):
            model.get_parameter(name).normal_(std=3, generator=generator)
    return model


TUNE = make_song((0, 2, 60, 0), (0, 1, 36, 1), (2, 10, 64, 0), (4, 4, 60, 0), (8, 8, 60, 0), (19, 1, 127, 1))


@settings(max_examples=12)
@given(draws=st.data())
def test_every_song_comes_back_note_for_note(
    draws: st.DataObject, make_model: Callable[..., MeasureVAE], songs_for_config: st.SearchStrategy[Song]
) -> None:
    song = draws.draw(songs_for_config)
    outline = SongOutline(
        song.meters, key=draws.draw(st.integers(0, 24)), style=draws.draw(st.integers(0, 2))
    )
    model = make_model()
    back = bytes_to_notes(model, notes_to_bytes(model, song, outline), outline)
    assert back.notes.tolist() == song.notes.tolist()
    assert back.meters == song.meters


def test_the_bytes_are_as_many_as_the_likelihood_says(make_model: Callable[..., MeasureVAE]) -> None:
    model = make_model()
    batch = songs_to_batch([TUNE], model.config)
    log_prob = model.decoder.log_prob(batch, absent(torch.zeros(2, model.config.latent))).sum()
    bits = -float(log_prob) / np.log(2)
    assert bits - 8 < 8 * len(notes_to_bytes(model, TUNE, SongOutline(TUNE.meters))) < bits + 10


def test_each_measure_is_counted(make_model: Callable[..., MeasureVAE]) -> None:
    counted: list[int] = []
    model, outline = make_model(), SongOutline(TUNE.meters)
    data = notes_to_bytes(model, TUNE, outline, counted.append)
    bytes_to_notes(model, data, outline, counted.append)
    assert counted == [1, 2, 1, 2]


def test_the_model_is_left_as_it_was(make_model: Callable[..., MeasureVAE]) -> None:
    model = make_model()
    before = torch.get_num_threads()
    notes_to_bytes(model, TUNE, SongOutline(TUNE.meters))
    assert {weight.dtype for weight in model.parameters()} == {torch.float32}
    assert torch.get_num_threads() == before


def test_last_digits_of_the_weights_do_not_matter(make_model: Callable[..., MeasureVAE]) -> None:
    """What another processor's arithmetic changes is as little."""
    model, outline = make_model(), SongOutline(TUNE.meters)
    data = notes_to_bytes(model, TUNE, outline)
    other = make_model().double()
    for weight in other.parameters():
        weight.data *= 1 + 1e-13
    assert bytes_to_notes(other, data, outline).notes.tolist() == TUNE.notes.tolist()


def test_other_conditions_give_other_notes_or_an_error(make_model: Callable[..., MeasureVAE]) -> None:
    model = particular(make_model())
    data = notes_to_bytes(model, TUNE, SongOutline(TUNE.meters, key=1))
    try:
        assert (
            bytes_to_notes(model, data, SongOutline(TUNE.meters, key=9)).notes.tolist() != TUNE.notes.tolist()
        )
    except PacketError as error:
        assert "damaged" in str(error)


@pytest.mark.parametrize("data", [b"", b"\xff" * 9, b"words of somebody"])
def test_bytes_of_anybody_are_notes_or_an_error(make_model: Callable[..., MeasureVAE], data: bytes) -> None:
    meters = (Meter(1, 8),)
    try:
        assert bytes_to_notes(make_model(), data, SongOutline(meters)).meters == meters
    except PacketError as error:
        assert "damaged" in str(error)


def test_a_measure_longer_than_the_longest_of_the_model_is_an_error(
    make_model: Callable[..., MeasureVAE],
) -> None:
    song = make_song((0, 1, 60, 0), meters=(Meter(4, 4),))
    with pytest.raises(SongError, match="the model cannot read measures of 4/4"):
        notes_to_bytes(make_model(), song, SongOutline(song.meters))


def test_the_decoder_is_told_what_makes_the_song_likeliest(make_model: Callable[..., MeasureVAE]) -> None:
    model = particular(make_model())
    sizes = {
        (key, style): len(notes_to_bytes(model, TUNE, SongOutline(TUNE.meters, key, style)))
        for key in (0, 5)
        for style in (0, 1, 2)
    }
    outline = choose_outline(model, TUNE, key=5)
    assert sizes[outline.key, outline.style] == min(sizes.values()) < max(sizes.values())
