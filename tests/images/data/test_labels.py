from __future__ import annotations

from pathlib import Path

import pytest

from musicvae.errors import PictureError
from musicvae.images.data.labels import label_files

FILES = ("cats/a.png", "dogs/b.png")


def paths(folder: Path, *names: str) -> list[Path]:
    return [folder / name for name in names]


def test_sub_folders_are_labels(tmp_path: Path) -> None:
    assert label_files(tmp_path, paths(tmp_path, "cats/a.png", "dogs/x/b.png")) == ["cats", "dogs"]


def test_files_beside_sub_folders_have_none(tmp_path: Path) -> None:
    assert label_files(tmp_path, paths(tmp_path, "a.png", "dogs/b.png")) is None
    assert label_files(tmp_path, paths(tmp_path, "a.png")) is None


def test_a_table_in_the_folder_or_elsewhere_has_the_labels(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("label,file\nsmiles, dogs/b.png\nfrowns,cats/a.png\n")
    assert label_files(tmp_path, paths(tmp_path, *FILES)) == ["frowns", "smiles"]
    (tmp_path / "other.csv").write_text("\ufefffile,label\ncats/a.png,1\ndogs/b.png,2\n", encoding="utf-8")
    assert label_files(tmp_path, paths(tmp_path, *FILES), tmp_path / "other.csv") == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file,label\ncats/a.png,1\n", "has no label for 1 picture that is in .* such as dogs/b.png"),
        (
            "file,label\ncats/a.png,1\ndogs/b.png,2\nc.png,3\nd.png,3\n",
            "names 2 pictures that are not in .* c.png",
        ),
        ("file,label\ncats/a.png,1\ndogs/b.png,2\ncats/a.png,3\n", "names a file twice"),
        ("name,smile\ncats/a.png,1\n", "must have the columns file and label"),
        ("file,label\ncats/a.png\n", "must have the columns file and label, and both in every row"),
        ("", "must have the columns"),
    ],
)
def test_a_table_that_does_not_match_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "labels.csv").write_text(text)
    with pytest.raises(PictureError, match=words):
        label_files(tmp_path, paths(tmp_path, *FILES))


def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="name a CSV file with the columns"):
        label_files(tmp_path, [], tmp_path / "nowhere.csv")
    (tmp_path / "labels.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PictureError, match="cannot be read: save it as CSV"):
        label_files(tmp_path, [])
