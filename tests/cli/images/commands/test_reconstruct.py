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
RECONSTRUCT = ("images", "reconstruct")


def test_figures_are_those_of_the_pictures_shown(run: Run, nets: Nets) -> None:
    result = run(*RECONSTRUCT, "digits", "--n", 5, "--json", "--model", nets["vae"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["out"], told["pictures"], told["sources"]) == ("reconstructed.png", 5, ["digits"])
    assert told["psnr"] == pytest.approx(np.mean(told["psnr_of_each"]))
    assert "wrote reconstructed.png: 5 pictures" in result.stderr
    assert Path("reconstructed.png").is_file()


def test_a_picture_file_may_be_of_any_size_and_colours(run: Run, nets: Nets) -> None:
    Image.new("RGB", (40, 30), (200, 30, 30)).save("photo.jpg")
    for name in ("vae", "colour"):
        result = run(*RECONSTRUCT, "photo.jpg", "--json", "--model", nets[name])
        assert json.loads(result.stdout)["pictures"] == 1


def test_one_picture_of_a_data_set_is_named_by_its_number(run: Run, nets: Nets, refused: Refused) -> None:
    told = json.loads(run(*RECONSTRUCT, "digits:180", "--json", "--model", nets["vae"]).stdout)
    assert told["pictures"] == 1
    sentence = refused(run(*RECONSTRUCT, "digits:181", "--model", nets["vae"]))
    assert "digits has 180 test pictures and no number 181" in sentence


def test_what_cannot_be_read_is_told_in_a_sentence(
    run: Run, nets: Nets, refused: Refused, model: Path
) -> None:
    Path("broken.png").write_bytes(b"no picture")
    assert "broken.png cannot be read" in refused(run(*RECONSTRUCT, "broken.png", "--model", nets["vae"]))
    assert "there is no nothing" in refused(run(*RECONSTRUCT, "nothing", "--model", nets["vae"]))
    assert "there is no model of pictures" in refused(run(*RECONSTRUCT))
    assert "does not hold a model of pictures" in refused(run(*RECONSTRUCT, "--model", model))


def test_a_picture_is_never_drawn_over_itself(run: Run, nets: Nets, refused: Refused) -> None:
    run(*RECONSTRUCT, "digits:1", "--out", "mine.png", "--model", nets["vae"])
    again = run(*RECONSTRUCT, "mine.png", "--out", "mine.png", "--force", "--model", nets["vae"])
    assert "mine.png is the file to be read" in refused(again)
