from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import Result

Run = Callable[..., Result]
Nets = Mapping[str, Path]
WALK = ("images", "interpolate")


@pytest.mark.parametrize("net", ["vae", "ae"])
def test_a_walk_has_its_ends_and_the_pictures_between(run: Run, nets: Nets, net: str) -> None:
    result = run(*WALK, "digits:1", "digits:2", "--steps", 3, "--json", "--model", nets[net])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["pictures"], told["out"], told["sources"]) == (5, "walk.png", ["digits:1", "digits:2"])
    assert result.stderr.count("pictures: 1,797") == 1  # read once


def test_it_is_told_what_the_pictures_are_that_were_named_by_numbers(run: Run, nets: Nets) -> None:
    result = run(*WALK, "digits:1", "digits:3", "--model", nets["vae"])
    assert "digits:1 is number 1 of 180 test pictures, and its label is" in result.stderr
    assert "digits:3 is number 3 of 180 test pictures, and its label is" in result.stderr


def test_files_and_pictures_of_data_sets_may_meet(run: Run, nets: Nets) -> None:
    Image.new("RGB", (40, 30), (200, 30, 30)).save("a.png")
    assert run(*WALK, "a.png", "digits:2", "--model", nets["colour"]).exit_code == 0


def test_a_data_set_is_no_place_to_walk_to(run: Run, nets: Nets) -> None:
    result = run(*WALK, "digits", "digits:2", "--model", nets["vae"])
    assert result.exit_code == 2
    assert "such as digits:3" in " ".join(result.stderr.split())
