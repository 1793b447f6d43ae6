from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from musicvae.errors import ModelError
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.folder.training_plans import PLANS, build_plan_model, load_plan_model, save_plan_model
from musicvae.midi.form.plan_model import PlanModel, fit_plan_model
from musicvae.midi.form.plans import find_plan
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

PARTS = (Part("melody"),)


def tune(form: str) -> Song:
    """Return a song of a measure for each letter, the same for the same letter."""
    rows = [
        (8 * measure + 4 * beat, 4, 60 + 3 * (ord(letter) - ord("A")) + beat, 80, 0)
        for measure, letter in enumerate(form)
        for beat in range(2)
    ]
    return Song(make_notes(rows), (Meter(2, 4),) * len(form), PARTS, Grid(4))


SONGS = [tune("ABABCDCD"), tune("ABCDEFGH"), tune("AABBAABB")]
PLANS_OF_ALL = fit_plan_model([find_plan(song) for song in SONGS])


def test_the_model_is_of_the_plans_of_the_songs_chosen() -> None:
    chosen = build_plan_model(songs_to_store(SONGS), np.array([0, 2]), PARTS, Grid(4))
    assert chosen == fit_plan_model([find_plan(SONGS[0]), find_plan(SONGS[2])])
    assert chosen != PLANS_OF_ALL


def test_plans_survive_a_round_trip_through_a_model_folder(tmp_path: Path) -> None:
    save_plan_model(PLANS_OF_ALL, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [PLANS]
    loaded = load_plan_model(tmp_path)
    assert loaded == PLANS_OF_ALL
    assert isinstance(loaded, PlanModel)
    drawn, again = (
        plans.draw(SONGS[0].meters, np.random.default_rng(0), upbeat=False)
        for plans in (PLANS_OF_ALL, loaded)
    )
    assert drawn.source.tolist() == again.source.tolist()


def test_the_same_songs_give_the_same_bytes(tmp_path: Path) -> None:
    texts = []
    for _ in range(2):
        save_plan_model(build_plan_model(songs_to_store(SONGS), np.arange(3), PARTS, Grid(4)), tmp_path)
        texts.append((tmp_path / PLANS).read_bytes())
    assert texts[0] == texts[1]


def test_a_model_folder_without_plans_has_none(tmp_path: Path) -> None:
    assert load_plan_model(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\xff", "5", "[]", "{}", '{"format": 1}'])
def test_plans_that_are_damaged_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / PLANS).write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelError, match="damaged"):
        load_plan_model(tmp_path)


@pytest.mark.parametrize("name", ["moves", "lags", "changes", "upbeats"])
def test_plans_that_lack_something_are_refused(tmp_path: Path, name: str) -> None:
    save_plan_model(PLANS_OF_ALL, tmp_path)
    text = json.loads((tmp_path / PLANS).read_text())
    del text[name]
    (tmp_path / PLANS).write_text(json.dumps(text))
    with pytest.raises(ModelError, match="damaged"):
        load_plan_model(tmp_path)


def test_newer_plans_ask_for_a_newer_program(tmp_path: Path) -> None:
    save_plan_model(PLANS_OF_ALL, tmp_path)
    text = json.loads((tmp_path / PLANS).read_text())
    (tmp_path / PLANS).write_text(json.dumps({**text, "format": 99}))
    with pytest.raises(ModelError, match="update musicvae"):
        load_plan_model(tmp_path)
