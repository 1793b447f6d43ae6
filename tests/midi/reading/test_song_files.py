from __future__ import annotations

import os
from pathlib import Path

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.song_files import find_songs, read_file


def lay_out(folder: Path, *names: str) -> None:
    """Make empty files, and the folders they lie in."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_songs_of_every_kind_are_found_in_order(tmp_path: Path) -> None:
    names = ["a.mid", "b/c.MIDI", "b/d.kar", "b/e/f.rmi", "g.abc", "h.krn", "i.musicxml", "j.mxl", "k.xml"]
    lay_out(tmp_path, *reversed(names), "readme.txt", "b/cover.png")
    assert [str(path.relative_to(tmp_path)) for path in find_songs(tmp_path)] == names


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    lay_out(tmp_path, "a.mid", "._a.mid", ".git/b.mid")
    assert find_songs(tmp_path) == [tmp_path / "a.mid"]


def test_links_are_followed_once(tmp_path: Path) -> None:
    lay_out(tmp_path, "songs/a.mid", "elsewhere/b.mid")
    (tmp_path / "songs" / "back").symlink_to(tmp_path / "songs", target_is_directory=True)
    (tmp_path / "songs" / "more").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert [path.name for path in find_songs(tmp_path / "songs")] == ["a.mid", "b.mid"]


def test_a_song_is_its_own_only_song(tmp_path: Path) -> None:
    lay_out(tmp_path, "a.mid")
    assert find_songs(tmp_path / "a.mid") == [tmp_path / "a.mid"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SongError, match="there is no .*nowhere: name a folder"):
        find_songs(tmp_path / "nowhere")


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(SongError, match=r"x cannot be opened \(File name too long\)"):
        find_songs(tmp_path / ("x" * 300))


def test_a_folder_without_songs_is_told(tmp_path: Path) -> None:
    lay_out(tmp_path, "readme.txt")
    with pytest.raises(SongError, match="no songs under .*: put some there"):
        find_songs(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_folder_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    lay_out(tmp_path, "closed/a.mid")
    (tmp_path / "closed").chmod(0)
    with pytest.raises(SongError, match="closed cannot be opened"):
        find_songs(tmp_path)
    (tmp_path / "closed").chmod(0o700)


def test_a_regular_file_is_read_up_to_a_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1234")
    assert read_file(tmp_path / "a", largest=4) == b"1234"
    with pytest.raises(SongError, match="larger than"):
        read_file(tmp_path / "a", largest=3)


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mid")
    with pytest.raises(SongError, match="no regular file"):
        read_file(tmp_path / "pipe.mid", largest=10)
    with pytest.raises(SongError, match="no regular file"):
        read_file(Path("/dev/zero"), largest=10)
    with pytest.raises(SongError, match="a folder"):
        read_file(tmp_path, largest=10)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.mid").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SongError, match="cannot be opened: No such file"):
        read_file(tmp_path / "broken.mid", largest=10)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    lay_out(tmp_path, "closed.mid")
    (tmp_path / "closed.mid").chmod(0)
    with pytest.raises(SongError, match="cannot be opened: Permission denied"):
        read_file(tmp_path / "closed.mid", largest=10)
