from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image
from typer.testing import Result

Run = Callable[..., Result]
Refused = Callable[[Result], str]
Nets = Mapping[str, Path]
FITTED = "a Gaussian fitted to the training codes"
GENERATE = ("images", "generate", "out.png")


def test_the_same_seed_gives_the_same_picture_which_says_how_it_came_about(run: Run, nets: Nets) -> None:
    options = ("--n", 5, "--seed", 7, "--model", nets["vae"])
    assert run(*GENERATE, *options).exit_code == 0
    first = Path("out.png").read_bytes()
    assert run("images", "generate", "other.png", *options).exit_code == 0
    assert Path("other.png").read_bytes() == first
    assert run(*GENERATE, "--n", 5, "--seed", 8, "--model", nets["vae"]).exit_code == 0
    assert Path("out.png").read_bytes() != first
    with Image.open("other.png") as picture:
        told = json.loads(picture.info["Comment"])
    assert told["seed"] == 7
    assert told["command"].startswith("musicvae images generate OUT --n 5")


def test_pictures_stand_in_a_square(run: Run, nets: Nets) -> None:
    result = run(*GENERATE, "--n", 9, "--from-prior", "--json", "--model", nets["colour"])
    told = json.loads(result.stdout)
    assert (told["pictures"], told["codes"], told["pixels"]) == (9, "N(0, I)", "expected")
    with Image.open("out.png") as picture:
        assert picture.width == picture.height


def test_pixels_may_be_drawn_too(run: Run, nets: Nets) -> None:
    options = ("--n", 4, "--seed", 7, "--model", nets["plane"])
    run(*GENERATE, *options)
    expected = Path("out.png").read_bytes()
    assert run(*GENERATE, "--sample", *options).exit_code == 0
    assert Path("out.png").read_bytes() != expected
    with Image.open("out.png") as picture:
        assert set(picture.convert("L").tobytes()) == {0, 255}  # a Bernoulli's


def test_codes_are_like_those_of_the_training_pictures_or_from_the_prior(run: Run, nets: Nets) -> None:
    options = ("--n", 4, "--seed", 7, "--json", "--model")
    assert json.loads(run(*GENERATE, *options, nets["ae"]).stdout)["codes"] == FITTED
    assert json.loads(run(*GENERATE, *options, nets["vae"]).stdout)["codes"] == FITTED
    fitted = Path("out.png").read_bytes()
    result = run(*GENERATE, "--from-prior", *options, nets["vae"])
    assert json.loads(result.stdout)["codes"] == "N(0, I)"
    assert Path("out.png").read_bytes() != fitted


def test_an_ae_has_no_prior(run: Run, nets: Nets, refused: Refused) -> None:
    assert "kind ae has no prior" in refused(run(*GENERATE, "--from-prior", "--model", nets["ae"]))


def test_a_map_of_two_numbers_is_of_the_prior_and_of_more_of_principal_components(
    run: Run, nets: Nets
) -> None:
    told = {
        name: json.loads(run(*GENERATE, "--map", "--json", "--model", nets[name]).stdout)
        for name in ("plane", "vae", "ae")
    }
    assert told["plane"]["codes"] == "N(0, I)"
    assert {each["pictures"] for each in told.values()} == {100}
    assert "two principal components" in told["vae"]["codes"]
    assert "two principal components" in told["ae"]["codes"]


def test_what_cannot_be_made_is_told_in_a_sentence(
    run: Run, nets: Nets, refused: Refused, model: Path
) -> None:
    assert "no plane" in refused(run(*GENERATE, "--map", "--model", nets["line"]))
    assert "there is no model of pictures yet" in refused(run(*GENERATE))
    assert "does not hold a model of pictures" in refused(run(*GENERATE, "--model", model))
    assert "end its name in .png" in refused(run("images", "generate", "out.jpg", "--model", nets["vae"]))
    shutil.copytree(nets["ae"], "bare")
    Path("bare/codes.safetensors").unlink()
    assert "bare holds no codes.safetensors" in refused(run(*GENERATE, "--model", "bare"))
    assert "--from-prior" not in refused(run(*GENERATE, "--model", "bare"))
    shutil.copytree(nets["vae"], "bare-vae")
    Path("bare-vae/codes.safetensors").unlink()
    assert "or draw codes --from-prior" in refused(run(*GENERATE, "--model", "bare-vae"))
    assert run(*GENERATE, "--from-prior", "--model", "bare-vae").exit_code == 0


def test_a_picture_of_somebody_elses_is_left_alone(run: Run, nets: Nets, refused: Refused) -> None:
    Image.new("RGB", (8, 8)).save("out.png")
    before = Path("out.png").read_bytes()
    assert "was not drawn by musicvae" in refused(run(*GENERATE, "--model", nets["vae"]))
    assert Path("out.png").read_bytes() == before
    assert run(*GENERATE, "--model", nets["vae"], "--force").exit_code == 0
