from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
import torch

from musicvae.compose.interpolate import Interpolation
from musicvae.core.model_store.model_folder import save_model
from musicvae.evaluate.music import preview
from musicvae.evaluate.music.preview import choose_ends, write_preview
from musicvae.evaluate.training import Training
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.training_tunes import save_tune_index
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.preparing.prepared import Choice, Prepared
from musicvae.measures.training import TrainingSetup
from musicvae.measures.writing import closest
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.arranging.ensembles import find_ensemble
from musicvae.midi.likeness.tune_index import index_tunes
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Song
from musicvae.provenance import Provenance, read_provenance

MusicTraining = Training[Prepared, TrainingSetup]
MUSIC = MeasureVAEConfig("melody", ENSEMBLES["melody"], 4, ("2/4",), (1.0,), steps=8, bpm=90.0)
CONFIG = replace(MUSIC, latent=4, hidden=8, layers=1, encoder_hidden=8, features=8)


def make_song(title: str, meter: Meter = Meter(2, 4), measures: int = 3) -> Song:  # noqa: B008 (immutable)
    notes = make_notes((6 * measure, 4, 60 + measure, 80, 0) for measure in range(measures))
    return Song(notes, (meter,) * measures, ENSEMBLES["melody"], Grid(4), title=title)


@pytest.fixture
def ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., MusicTraining]:
    """Return what leaves an untrained model, of so many songs, as a training does; its pieces are short."""
    monkeypatch.setattr(closest, "NEAR", math.inf)
    monkeypatch.setattr(preview, "PIECES", replace(preview.PIECES, measures=1))
    monkeypatch.setattr(preview, "WAY", replace(preview.WAY, measures=1))

    def leave(songs: int = 6, **changes: Any) -> MusicTraining:
        torch.manual_seed(0)
        model = MeasureVAE(replace(CONFIG, **changes))
        if isinstance(model.decoder, NoteDecoder):  # and that it say something
            model.decoder.say_symbol.layers[-1].get_parameter("bias").data[-1] -= 3
        save_model(model, tmp_path, MUSIC_MODELS)
        store = songs_to_store([make_song(f"song {number}") for number in range(songs)])
        prepared = Prepared(store, Choice(Grid(4), find_ensemble("melody")), (), reused=False)
        return Training(prepared, TrainingSetup(), tmp_path, Provenance("musicvae train songs", 5))

    return leave


def markers_of(path: Path) -> list[str]:
    return [message.text for message in mido.MidiFile(path).tracks[0] if message.type == "marker"]


def test_five_pieces_and_a_walk_between_two_songs_are_written_beside_the_model(
    ended: Callable[..., MusicTraining],
) -> None:
    training = ended()
    pieces, walk = write_preview(training)
    assert (pieces, walk) == (training.folder / "preview.mid", training.folder / "walk.mid")
    assert markers_of(pieces) == [f"piece {number}" for number in range(1, 6)]
    first, *between, last = markers_of(walk)
    assert between == ["25% B", "50% B", "75% B"]
    assert first.startswith("song ")
    assert last.startswith("song ")
    assert first != last


def test_a_walk_that_is_silent_is_not_written(
    ended: Callable[..., MusicTraining], monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_silent(*_: object) -> Interpolation:
        silence = replace(make_song("silence"), notes=make_notes([]))
        return Interpolation((silence, silence), ("A", "B"), ())

    monkeypatch.setattr(preview, "interpolate", be_silent)
    training = ended()
    assert write_preview(training) == (training.folder / "preview.mid",)


def test_the_same_training_leaves_the_same_bytes(ended: Callable[..., MusicTraining]) -> None:
    training = ended()
    first, again = ([path.read_bytes() for path in write_preview(training)] for _ in range(2))
    assert first == again


def test_the_files_say_how_they_came_about_and_what_they_are_near_to(
    ended: Callable[..., MusicTraining],
) -> None:
    training = ended()
    save_tune_index(index_tunes([make_song("song", measures=8)]), training.folder)
    for path in write_preview(training):
        made = read_provenance(path)
        assert made is not None
        assert (made.command, made.seed, len(made.nearest)) == ("musicvae train songs", 5, 5)


def test_of_a_single_song_there_is_no_walk(ended: Callable[..., MusicTraining]) -> None:
    training = ended(songs=2)  # one of them is kept to validate by
    assert [path.name for path in write_preview(training)] == ["preview.mid"]


def test_a_decoder_that_does_not_hear_the_song_has_no_preview(ended: Callable[..., MusicTraining]) -> None:
    training = ended(decoder="conv")
    assert write_preview(training) == ()
    assert not list(training.folder.glob("*.mid"))


def test_the_ends_of_a_walk_have_one_meter_if_two_songs_have() -> None:
    meters = (Meter(2, 4), Meter(3, 8), Meter(3, 8), Meter(2, 4), Meter(3, 8))
    store = songs_to_store([make_song(str(meter), meter) for meter in meters])
    assert choose_ends(store, np.array([0, 1, 3, 4])) == (0, 3)
    assert choose_ends(store, np.array([0, 1, 2])) == (0, 2)
    assert choose_ends(store, np.array([4])) is None
