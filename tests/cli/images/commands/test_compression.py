from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import Result

Run = Callable[..., Result]
Refused = Callable[[Result], str]
Nets = Mapping[str, Path]


def test_pictures_come_back_as_they_were_measured(run: Run, nets: Nets) -> None:
    result = run("images", "compress", "digits", "a.mvz", "--json", "--model", nets["vae"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["packed_bytes"] == Path("a.mvz").stat().st_size < told["png_bytes"] < told["raw_bytes"]
    assert (told["pictures"], told["raw_bytes"]) == (180, 180 * 64)
    assert run("images", "expand", "a.mvz", "back.npz", "--model", nets["vae"]).exit_code == 0
    with np.load("back.npz") as stored:
        assert stored["x_train"].shape == (180, 8, 8)
    scored = run("images", "reconstruct", "back.npz", "--model", nets["vae"])
    assert scored.exit_code == 0, scored.output


def test_a_coarser_step_makes_a_smaller_file(run: Run, nets: Nets) -> None:
    for name, step in (("fine.mvz", 0.05), ("coarse.mvz", 5)):
        run("images", "compress", "digits", name, "--step", step, "--model", nets["vae"])
    assert Path("coarse.mvz").stat().st_size < Path("fine.mvz").stat().st_size


@pytest.mark.parametrize(("net", "mode"), [("vae", "L"), ("colour", "RGB")])
def test_a_single_picture_comes_back_as_a_plain_one(run: Run, nets: Nets, net: str, mode: str) -> None:
    Image.new("RGB", (40, 30), (200, 30, 30)).save("photo.jpg")
    assert run("images", "compress", "photo.jpg", "a.mvz", "--model", nets[net]).exit_code == 0
    assert run("images", "expand", "a.mvz", "back.png", "--model", nets[net]).exit_code == 0
    with Image.open("back.png") as back:
        assert (back.size, back.mode) == ((8, 8), mode)


def test_several_come_back_as_a_sheet(run: Run, nets: Nets) -> None:
    run("images", "compress", "digits", "a.mvz", "--n", 3, "--model", nets["vae"])
    assert run("images", "expand", "a.mvz", "back.png", "--model", nets["vae"]).exit_code == 0
    with Image.open("back.png") as back:
        assert back.width > 3 * 8 * 8


def test_what_cannot_be_expanded_is_told_in_a_sentence(run: Run, nets: Nets, refused: Refused) -> None:
    run("images", "compress", "digits:1", "a.mvz", "--model", nets["vae"])
    other = run("images", "expand", "a.mvz", "back.png", "--model", nets["ae"])
    assert "a.mvz: it needs another model" in refused(other)
    Path("cut.mvz").write_bytes(Path("a.mvz").read_bytes()[:-6])
    assert "damaged" in refused(run("images", "expand", "cut.mvz", "back.png", "--model", nets["vae"]))
    assert "cannot be read" in refused(run("images", "expand", "no.mvz", "b.png", "--model", nets["vae"]))
    assert not Path("back.png").exists()


def test_files_of_others_are_left_alone(run: Run, nets: Nets, refused: Refused) -> None:
    Path("a.mvz").write_text("mine")
    packing = ("images", "compress", "digits:1", "a.mvz", "--model", nets["vae"])
    assert "use --force" in refused(run(*packing))
    assert run(*packing, "--force").exit_code == 0
    np.savez("mine.npz", x=np.zeros(3))
    unpacking = ("images", "expand", "a.mvz", "mine.npz", "--model", nets["vae"])
    assert "mine.npz exists: use --force" in refused(run(*unpacking))
    assert run(*unpacking, "--force").exit_code == 0
