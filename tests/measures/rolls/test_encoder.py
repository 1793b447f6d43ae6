from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.rolls.drawing import draw_rolls
from musicvae.measures.rolls.encoder import MeasureEncoder
from musicvae.measures.rolls.slices import cut_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.pianoroll import songs_to_rolls
from musicvae.midi.songs.song import Meter, Song


@pytest.fixture(scope="module")
def encoder(config: MeasureVAEConfig) -> MeasureEncoder:
    torch.manual_seed(0)
    return MeasureEncoder(
        config.alphabet, cut_measures(config), config.encoder_hidden, config.features
    ).eval()


@given(data=st.data())
@settings(max_examples=50)
def test_the_rolls_of_a_batch_are_those_of_its_songs(
    config: MeasureVAEConfig, songs_for_config: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    songs = data.draw(st.lists(songs_for_config, min_size=1, max_size=3))
    batch = songs_to_batch(songs, config)
    drawn = draw_rolls(batch, config.alphabet, config.steps)[batch.layout.exists]
    rolls = songs_to_rolls(songs).rolls  # (N, parts, planes, T, P), T of the longest measure of these songs
    expected = np.zeros((len(rolls), 2, 2, config.steps, 128))
    expected[:, :, :, : rolls.shape[3]] = rolls
    laid_out = expected.transpose(0, 3, 2, 1, 4).reshape(len(rolls), config.steps, -1)
    np.testing.assert_array_equal(drawn.numpy(), laid_out)


def tune(config: MeasureVAEConfig, meters: tuple[Meter, ...], *pitches: int) -> Song:
    """Return a song of one note on each beat."""
    notes = make_notes((4 * beat, 4, pitch, 80, 0) for beat, pitch in enumerate(pitches))
    return Song(notes, meters, config.parts, config.grid)


def test_a_measure_says_nothing_of_its_neighbours_or_of_its_batch(
    config: MeasureVAEConfig, encoder: MeasureEncoder
) -> None:
    two, three = Meter(2, 4), Meter(3, 4)
    alone = encoder(songs_to_batch([tune(config, (two,), 60, 62)], config))
    songs = [tune(config, (three, three), 50, 52, 54, 55, 57, 59), tune(config, (two, three), 60, 62, 70, 72)]
    together = encoder(songs_to_batch(songs, config)).view(2, 2, -1)
    torch.testing.assert_close(together[1, 0], alone[0])
    assert not torch.allclose(together[1, 1], alone[0], atol=0.1)


def test_what_differs_in_time_pitch_length_or_part_has_other_features(
    config: MeasureVAEConfig, encoder: MeasureEncoder
) -> None:
    rows = [(0, 2, 60, 80, 0), (1, 2, 60, 80, 0), (0, 2, 61, 80, 0), (0, 3, 60, 80, 0), (0, 2, 60, 80, 1)]
    songs = [Song(make_notes([row]), (Meter(2, 4),), config.parts, config.grid) for row in rows]
    features = encoder(songs_to_batch(songs, config))
    assert features.shape == (5, config.features)
    assert torch.pdist(features).min() > 0.1


def test_silence_has_finite_features(config: MeasureVAEConfig, encoder: MeasureEncoder) -> None:
    silence = Song(make_notes([]), (Meter(2, 4), Meter(1, 8)), config.parts, config.grid)
    assert encoder(songs_to_batch([silence], config)).isfinite().all()
