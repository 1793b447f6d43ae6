from __future__ import annotations

import json
from pathlib import Path

import pytest

from musicvae.core.model_store.model_files import SCORES
from musicvae.errors import ModelError
from musicvae.measures.folder.model_worth import (
    HARDLY_LEARNED,
    ModelWorth,
    load_model_worth,
    save_model_worth,
)


def test_what_a_model_is_worth_survives_a_round_trip_beside_all_other_figures(tmp_path: Path) -> None:
    save_model_worth(
        {"note_f1": 0.25, "songs": 3, "without_code_nats": None}, "musicvae train a", 0.5, tmp_path
    )
    assert load_model_worth(tmp_path) == ModelWorth(0.25, "musicvae train a", 0.5)
    kept = json.loads((tmp_path / SCORES).read_text())
    assert (kept["songs"], kept["without_code_nats"]) == (3, None)


def test_an_older_model_does_not_say_what_it_is_worth(tmp_path: Path) -> None:
    assert load_model_worth(tmp_path) is None


@pytest.mark.parametrize(("note_f1", "hardly"), [(HARDLY_LEARNED - 0.01, True), (HARDLY_LEARNED, False)])
def test_a_model_has_hardly_learned_below_half_of_the_notes(note_f1: float, hardly: bool) -> None:
    assert ModelWorth(note_f1, "", 1.0).has_hardly_learned == hardly


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"note_f1": "much", "command": "", "minutes": 1}'])
def test_scores_that_are_damaged_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / SCORES).write_text(text)
    with pytest.raises(ModelError, match=r"scores\.json .*copy the folder anew"):
        load_model_worth(tmp_path)
