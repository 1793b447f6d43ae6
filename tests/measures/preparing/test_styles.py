from __future__ import annotations

from pathlib import Path

import pytest

from musicvae.errors import SongError
from musicvae.measures.preparing.styles import MOST_STYLES, find_files, name_styles

FILES = ("loose.mid", "folk/a.mid", "folk/irish/b.abc", "jazz/c.mid", "jazz/notes.txt", ".old/d.mid")


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """Return a folder with empty files."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def test_every_file_of_a_folder_is_found_with_the_first_folder_it_lies_in(songs: Path) -> None:
    found = {str(file.relative_to(songs)): folder for file, folder in find_files([songs]).items()}
    assert found == {"folk/a.mid": "folk", "folk/irish/b.abc": "folk", "jazz/c.mid": "jazz", "loose.mid": ""}


def test_each_path_is_taken_on_its_own(songs: Path) -> None:
    found = find_files([songs / "folk", songs / "jazz" / "c.mid", songs])
    assert {file.name: folder for file, folder in found.items()} == {
        "a.mid": "",
        "b.abc": "irish",
        "c.mid": "",
        "loose.mid": "",
    }


def test_the_folder_that_one_stands_in_can_be_named_by_a_dot(
    songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(songs / "folk")
    assert list(find_files([Path()]).values()) == ["", "irish"]
    assert list(find_files([Path("..")]).values()) == ["folk", "folk", "jazz", ""]


def test_a_path_without_songs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SongError, match="no songs under"):
        find_files([tmp_path])


def test_styles_are_named_in_the_order_of_letters_and_no_folder_is_no_style() -> None:
    style, names = name_styles(["reels", "", "airs", "reels"])
    assert (style.tolist(), names) == ([2, 0, 1, 2], ("airs", "reels"))


@pytest.mark.parametrize(
    "folders",
    [[], ["", ""], ["folk", "folk"], ["folk", ""], [str(number) for number in range(MOST_STYLES + 1)]],
    ids=["no songs", "no folders", "one folder", "one folder and songs beside it", "a filing system"],
)
def test_folders_that_tell_no_styles(folders: list[str]) -> None:
    style, names = name_styles(folders)
    assert (style.tolist(), names) == ([0] * len(folders), ())


def test_as_many_folders_as_there_may_be_styles_are_styles() -> None:
    assert len(name_styles([str(number) for number in range(MOST_STYLES)]).names) == MOST_STYLES
