from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import Result

Run = Callable[..., Result]
Nets = Mapping[str, Path]
DENOISE = ("images", "denoise")


@pytest.fixture
def told(run: Run, nets: Nets) -> Callable[..., dict[str, object]]:
    """Return what a denoising prints as JSON."""

    def told(*arguments: object, net: str = "dae") -> dict[str, object]:
        result = run(*DENOISE, *arguments, "--json", "--model", nets[net])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return told


def test_a_dae_is_given_the_noise_that_it_learned_to_undo(told: Callable[..., dict[str, float]]) -> None:
    found = told("digits", "--n", 4)
    assert (found["pictures"], found["noise"], found["drop"]) == (4, 0.2, 0)
    assert 10 < found["psnr_before"] < 25
    assert told("digits", "--n", 4, "--noise", 0.5)["psnr_before"] < found["psnr_before"]


def test_what_is_not_said_of_noise_and_drop_is_what_the_dae_learned_to_undo(
    told: Callable[..., dict[str, float]],
) -> None:
    assert [told("digits:3", "--drop", 0.3)[each] for each in ("noise", "drop")] == [0.2, 0.3]
    assert [told("digits:3", "--noise", 0.1, net="drops")[each] for each in ("noise", "drop")] == [0.1, 0.4]
    assert [told("digits:3", net="drops")[each] for each in ("noise", "drop")] == [0, 0.4]
    assert [told("digits:3", "--noise", 0, "--drop", 0)[each] for each in ("noise", "drop")] == [0, 0]


def test_another_kind_is_told_to_be_no_dae(run: Run, nets: Nets) -> None:
    said = run(*DENOISE, "digits", "--n", 3, "--model", nets["vae"]).stderr
    assert "one trained by --kind dae does better" in said
    assert "noise 0.3: PSNR" in said
    assert "--kind dae" not in run(*DENOISE, "digits", "--n", 3, "--model", nets["dae"]).stderr


def test_the_same_seed_gives_the_same_noise(told: Callable[..., dict[str, float]]) -> None:
    assert told("digits:3", "--seed", 4) == told("digits:3", "--seed", 4)
    assert told("digits:3", "--noise", 0.1)["psnr_before"] != told("digits:3", "--noise", 0.2)["psnr_before"]


def test_a_picture_file_is_taken_as_noisy_already(told: Callable[..., dict[str, object]]) -> None:
    Image.new("L", (8, 8), 99).save("mine.png")
    found = told("mine.png")
    assert (found["noise"], found["pictures"]) == (0, 1)
    assert "psnr_before" not in found
    with Image.open("denoised.png") as two_rows:
        height = two_rows.height
    assert told("mine.png", "--noise", 0.3)["noise"] == 0.3
    with Image.open("denoised.png") as three_rows:
        assert three_rows.height > height
