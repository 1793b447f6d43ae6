from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

Run = Callable[..., Result]
Refused = Callable[[Result], str]
Nets = Mapping[str, Path]
STEER = ("images", "steer", "digits:3")


def test_a_row_of_amounts_goes_both_ways(run: Run, nets: Nets) -> None:
    options = ("--label", 7, "--amount", 1.5, "--json", "--model", nets["vae"])
    result = run(*STEER, *options)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["amounts"] == pytest.approx([-1.5, -1, -0.5, 0, 0.5, 1, 1.5])
    assert told["label"] == "7"
    assert Path("steered.png").is_file()


def test_a_label_that_is_not_there_is_told_with_those_that_are(
    run: Run, nets: Nets, refused: Refused
) -> None:
    sentence = refused(run(*STEER, "--label", "smile", "--model", nets["vae"]))
    assert "no picture has the label smile: take one of 0, 1, 2" in sentence


def test_labels_may_come_with_other_pictures(run: Run, nets: Nets, refused: Refused) -> None:
    shutil.copytree(nets["vae"], "bare")
    Path("bare/codes.safetensors").unlink()
    assert "name labelled pictures by --data" in refused(run(*STEER, "--label", 1, "--model", "bare"))
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (30, 8, 8)).astype(np.uint8)
    np.savez("faces.npz", x_train=pictures, y_train=np.array(["smile", "frown"] * 15))
    options = ("--data", "faces.npz", "--model", "bare")
    assert run(*STEER, "--label", "smile", *options).exit_code == 0
    assert "take one of frown, smile" in refused(run(*STEER, "--label", "grin", *options))
    np.savez("plain.npz", x_train=pictures)
    plain = run(*STEER, "--label", "smile", "--data", "plain.npz", "--model", "bare")
    assert "there are no labels to steer by" in refused(plain)


def test_labels_without_their_pictures_are_a_usage_error(run: Run, nets: Nets) -> None:
    assert run(*STEER, "--label", 1, "--labels", "a.csv", "--model", nets["vae"]).exit_code == 2
