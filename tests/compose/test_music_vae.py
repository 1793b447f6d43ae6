from __future__ import annotations

from pathlib import Path

import pytest
import torch

import musicvae
from musicvae.compose.music_vae import MusicVAE
from musicvae.errors import ModelError
from musicvae.measures.model import MeasureVAE
from musicvae.midi.notes import make_notes
from musicvae.midi.parts import ENSEMBLES
from musicvae.midi.song import Meter, Song
from musicvae.midi.writer import write_song


@pytest.fixture
def tune() -> Song:
    notes = make_notes([(0, 4, 67, 80, 0), (4, 4, 69, 80, 0), (8, 8, 71, 80, 0)])
    return Song(notes, (Meter(2, 4),) * 2, ENSEMBLES["melody"])


@pytest.fixture
def mine(model: MeasureVAE) -> MusicVAE:
    return MusicVAE(model)


def test_a_song_is_the_same_as_song_as_path_and_as_pretty_midi(
    mine: MusicVAE, tune: Song, tmp_path: Path
) -> None:
    write_song(tune, tmp_path / "tune.mid")
    codes = mine.encode(tune)
    assert codes.shape == (2, 6)
    assert torch.equal(mine.encode(str(tmp_path / "tune.mid")), codes)
    assert torch.equal(mine.encode(tune.to_pretty_midi()), codes)


def test_codes_become_a_song_in_the_meters_asked_for(mine: MusicVAE) -> None:
    song = mine.decode(torch.zeros(2, 6), ["2/4", "3/4"])
    assert song.meters == (Meter(2, 4), Meter(3, 4))


def test_codes_and_meters_must_be_as_many(mine: MusicVAE) -> None:
    with pytest.raises(ValueError, match="2 codes need as many meters, got 1"):
        mine.decode(torch.zeros(2, 6), ["2/4"])


def test_the_same_seed_samples_the_same_pieces(mine: MusicVAE) -> None:
    assert mine.sample(2, seed=3) == mine.sample(2, seed=3)
    assert len(mine.sample(3)) == 3


def test_a_way_between_songs_has_both_ends(mine: MusicVAE, tune: Song) -> None:
    songs = mine.interpolate(tune, tune, steps=1)
    assert len(songs) == 3
    assert songs[0] == songs[2]
    assert mine.morph(tune, tune).measures == 2


def test_a_saved_model_encodes_as_before(mine: MusicVAE, tune: Song, tmp_path: Path) -> None:
    mine.save_pretrained(tmp_path / "model")
    assert torch.equal(musicvae.load(tmp_path / "model").encode(tune), mine.encode(tune))


def test_a_model_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model folder"):
        musicvae.load(tmp_path / "none")
