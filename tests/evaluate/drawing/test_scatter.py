from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from musicvae.evaluate.drawing.scatter import Labels, Projection, clouds_figure, draw_clouds
from musicvae.provenance import Provenance

POINTS = np.random.default_rng(0).normal(size=(60, 2))
CLOUD = Projection(POINTS, np.arange(60), "PCA")


def test_each_label_has_a_colour_of_its_own_and_stands_in_the_legend() -> None:
    for count in (3, 10, 20):
        labels = Labels(np.arange(60) % count, [f"n{number}" for number in range(count)])
        assert len(set(labels.colours_of(np.arange(60)))) == count
        assert [handle.get_label() for handle in labels.handles()] == [f"n{index}" for index in range(count)]


def test_of_many_labels_the_rarest_are_others() -> None:
    indexes = np.concatenate([np.arange(25), np.arange(5, 25)])
    labels = Labels(indexes, [f"n{number}" for number in range(25)])
    names = [handle.get_label() for handle in labels.handles()]
    assert names == [f"n{number}" for number in range(5, 25)] + ["others"]
    assert len(set(labels.colours_of(np.arange(5)))) == 1


def test_labels_that_nothing_has_are_left_out_and_long_names_cut() -> None:
    labels = Labels(np.array([0, 2, 2]), ["a name that is much too long", "none", "b"])
    assert [handle.get_label() for handle in labels.handles()] == ["a name that is …", "b"]


def test_a_subset_of_the_codes_keeps_its_colours() -> None:
    labels = Labels(np.arange(60) % 3, ["a", "b", "c"])
    some = Projection(POINTS[::7], np.arange(60)[::7], "t-SNE")
    figure = clouds_figure([CLOUD, some], labels)
    whole, part = (np.asarray(axes.collections[0].get_facecolor()) for axes in figure.axes)
    assert np.array_equal(part[:, :3], whole[::7, :3])
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["PCA", "t-SNE"]


def test_a_picture_says_how_it_came_about_and_is_the_same_again(tmp_path: Path) -> None:
    made = Provenance("musicvae images latent digits", 3)
    for name in ("a.png", "b.png"):
        draw_clouds([CLOUD], None, tmp_path / name, provenance=made)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert json.loads(picture.info["Comment"]) == {"command": "musicvae images latent digits", "seed": 3}
        assert picture.info["Software"] == "drawn by musicvae"
