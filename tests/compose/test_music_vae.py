from __future__ import annotations

import copy
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import musicvae
from musicvae.compose import music_vae as module
from musicvae.compose.music_vae import MusicVAE
from musicvae.compose.options import PathOptions
from musicvae.errors import ModelError
from musicvae.measures.data.batch import Layout
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.form.plan_model import fit_plan_model
from musicvae.midi.form.plans import Plan
from musicvae.midi.likeness.tune_index import index_tunes
from musicvae.midi.saving.pretty import song_to_pretty_midi
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song


def ramble(beats: int) -> np.ndarray:
    """Return a note on each beat, up and down and never twice the same way."""
    return make_notes([(4 * beat, 4, 55 + beat * beat % 23, 80, 0) for beat in range(beats)])


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
    assert torch.equal(mine.encode(song_to_pretty_midi(tune)), codes)


def test_codes_become_a_song_in_the_meters_asked_for(mine: MusicVAE) -> None:
    song = mine.decode(torch.zeros(2, 6), ["2/4", "3/4"])
    assert song.meters == (Meter(2, 4), Meter(3, 4))


def test_codes_may_be_an_array_and_meters_those_of_a_song(mine: MusicVAE, tune: Song) -> None:
    codes = mine.encode(tune)
    assert mine.decode(codes.numpy(), tune) == mine.decode(codes, [str(meter) for meter in tune.meters])
    assert torch.equal(mine.sketch(codes.double().numpy(), tune), mine.sketch(codes, tune))


def test_codes_are_sketched_where_the_model_is(model: MeasureVAE, monkeypatch: pytest.MonkeyPatch) -> None:
    def sketch(network: MeasureVAE, layout: Layout, codes: torch.Tensor) -> torch.Tensor:
        assert layout.measure_steps.device == codes.device
        return codes

    monkeypatch.setattr(MeasureVAE, "sketch", sketch)
    elsewhere = MusicVAE(copy.deepcopy(model).to("meta"))
    assert elsewhere.sketch(torch.zeros(2, 6), "2/4").device.type == "meta"


def test_a_temperature_below_zero_is_refused(mine: MusicVAE, tune: Song) -> None:
    ways = (
        lambda: mine.decode(torch.zeros(2, 6), "2/4", temperature=-1.0),
        lambda: mine.vary(tune, 0.5, temperature=-1.0),
        lambda: mine.continue_song(tune, measures=1, temperature=-1.0),
    )
    for way in ways:
        with pytest.raises(ValueError, match="the temperature cannot be negative"):
            way()


def test_a_way_of_fewer_than_no_songs_is_refused(mine: MusicVAE, tune: Song) -> None:
    with pytest.raises(ValueError, match="there cannot be -3 songs between two"):
        mine.interpolate(tune, tune, steps=-3)
    with pytest.raises(ValueError, match="at least one measure of each song must be taken, got 0"):
        PathOptions(measures=0)


def test_codes_and_meters_must_be_as_many(mine: MusicVAE) -> None:
    with pytest.raises(ValueError, match="2 measures need as many meters, got 1"):
        mine.decode(torch.zeros(2, 6), ["2/4"])


def test_the_same_seed_samples_the_same_pieces(mine: MusicVAE) -> None:
    assert mine.sample(2, seed=3, measures=2) == mine.sample(2, seed=3, measures=2)
    assert len(mine.sample(3, measures=1)) == 3


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


def test_the_example_at_the_top_of_the_module_runs(
    make_small_model: Callable[..., MeasureVAE],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    short = make_small_model(meters=("2/8", "3/4"), meter_shares=(1.0, 0.0))  # which are soon written
    MusicVAE(short).save_pretrained("musicvae-model")
    write_song(Song(ramble(8), (Meter(2, 8),) * 8, ENSEMBLES["melody"]), Path("a.mid"))
    write_song(Song(ramble(2), (Meter(2, 8),) * 2, ENSEMBLES["melody"]), Path("b.mid"))
    assert module.__doc__ is not None
    example = module.__doc__.split("::\n")[1].split("\nSongs come")[0]
    said: dict[str, object] = {}
    exec(textwrap.dedent(example), said)
    assert capsys.readouterr().out.count("<Song") == 5
    longer, filled, varied = said["longer"], said["filled"], said["varied"]
    assert isinstance(longer, Song)
    assert longer.measures == 16
    assert isinstance(filled, Song)
    assert filled.measures == 8
    assert isinstance(varied, list)
    assert len(varied) == 4


def test_a_song_goes_on_in_its_last_meter(mine: MusicVAE, tune: Song) -> None:
    song = replace(tune, meters=(Meter(2, 4), Meter(3, 4)))
    longer = mine.continue_song(song, measures=3)
    assert longer.meters == (*song.meters, *[Meter(3, 4)] * 3)
    assert longer == mine.continue_song(song, measures=3)
    assert longer != mine.continue_song(song, measures=3, seed=1)


def test_a_gap_is_filled(mine: MusicVAE, tune: Song) -> None:
    filled = mine.infill(tune, 1, 2, candidates=3)
    assert filled.cut(0, 1).notes.tolist() == tune.cut(0, 1).notes.tolist()
    assert filled == mine.infill(tune, 1, 2, candidates=3)
    drawn = [mine.infill(tune, 1, 2, seed=seed, weigh=False) for seed in (0, 1)]
    assert drawn[0] != drawn[1]


def test_by_nothing_a_song_varies_into_its_reconstruction(mine: MusicVAE, tune: Song) -> None:
    assert mine.vary(tune, 0.0, n=2) == [mine.reconstruct(tune)] * 2
    assert mine.vary(tune, 0.5) != mine.vary(tune, 0.5, seed=1)


def test_the_reconstruction_is_what_its_codes_decode_to(mine: MusicVAE, tune: Song) -> None:
    assert mine.decode(mine.encode(tune), "2/4").notes.tolist() == mine.reconstruct(tune).notes.tolist()


def test_above_a_temperature_of_zero_notes_are_drawn_by_the_seed(mine: MusicVAE) -> None:
    codes = torch.zeros(2, 6)
    first, again, other = (mine.decode(codes, "2/4", temperature=1.0, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


def test_the_nearest_tune_is_the_one_with_the_most_in_common(model: MeasureVAE, tune: Song) -> None:
    known = Song(ramble(20), (Meter(2, 4),) * 10, tune.parts, title="The Ramble")
    nearest = MusicVAE(model, tunes=index_tunes([known])).nearest_tune(known)
    assert nearest is not None
    assert (nearest.title, nearest.share) == ("The Ramble", 1)
    assert MusicVAE(model).nearest_tune(known) is None


def test_plans_and_tunes_are_saved_with_the_model(model: MeasureVAE, tune: Song, tmp_path: Path) -> None:
    plans = fit_plan_model([Plan(np.array([-1, 0]), np.zeros(2, bool))] * 50)
    whole = MusicVAE(model, plans, index_tunes([tune]))
    whole.save_pretrained(tmp_path / "model")
    again = musicvae.load(tmp_path / "model")
    assert again.plans == plans
    assert again.tunes is not None
    assert again.sample(2, seed=1, measures=2) == whole.sample(2, seed=1, measures=2)
