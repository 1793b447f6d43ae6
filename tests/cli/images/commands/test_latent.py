from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from typer.testing import Result

Run = Callable[..., Result]
Refused = Callable[[Result], str]
Nets = Mapping[str, Path]
LATENT = ("images", "latent")


def test_both_planes_are_drawn_and_a_subset_is_told(run: Run, nets: Nets) -> None:
    result = run(*LATENT, "digits", "--most", 30, "--json", "--model", nets["vae"])
    assert result.exit_code == 0, result.output
    pca, tsne = json.loads(result.stdout)["panels"]
    assert (pca["codes"], tsne["codes"]) == (180, 30)
    assert pca["plane"].startswith("PCA (")
    assert "t-SNE of 30 codes" in result.stderr
    assert Path("latent.png").stat().st_size > 10_000


def test_one_plane_of_pictures_without_labels_as_a_drawing_of_lines(run: Run, nets: Nets) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (90, 8, 8)).astype(np.uint8)
    np.savez("plain.npz", x_train=pictures)
    result = run(*LATENT, "plain.npz", "--method", "pca", "-o", "a.svg", "--model", nets["vae"])
    assert result.exit_code == 0, result.output
    assert "9 codes, without labels" in result.stderr
    assert "<svg" in Path("a.svg").read_text()


def test_codes_of_one_number_have_no_plane(run: Run, nets: Nets, refused: Refused) -> None:
    assert "have no plane" in refused(run(*LATENT, "digits", "--model", nets["line"]))
    assert "end its name in" in refused(run(*LATENT, "digits", "-o", "a.gif", "--model", nets["vae"]))
