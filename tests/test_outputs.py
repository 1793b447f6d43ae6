from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from musicvae.errors import OutputError
from musicvae.outputs import make_folder, new_file, refusing, require_free, require_writable


def test_a_file_is_there_when_the_block_ends_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    with new_file(path) as temporary:
        temporary.write_bytes(b"music")
        assert not path.exists()
    assert path.read_bytes() == b"music"
    assert list(tmp_path.iterdir()) == [path]


def test_the_temporary_file_lies_beside_the_file_and_has_its_suffix(tmp_path: Path) -> None:
    with new_file(tmp_path / "roll.png") as temporary:
        assert (temporary.parent, temporary.suffix) == (tmp_path, ".png")
        assert temporary.name.startswith(".")
        temporary.touch()


@pytest.mark.parametrize("blow", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_whatever_stops_the_writing_leaves_the_old_file_and_no_litter(
    tmp_path: Path, blow: type[BaseException]
) -> None:
    path = tmp_path / "out.mid"
    path.write_bytes(b"old")
    with pytest.raises(blow), new_file(path) as temporary:
        temporary.write_bytes(b"half of the n")
        raise blow
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (errno.ENOSPC, "the disk is full: free some space"),
        (errno.EDQUOT, "your quota on the disk is used up"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "you may not write there: name another folder"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_an_error_of_the_system_becomes_a_sentence(tmp_path: Path, code: int, remedy: str) -> None:
    path = tmp_path / "out.mid"
    with pytest.raises(OutputError, match=f"^cannot write {path}: {remedy}"), new_file(path) as temporary:
        temporary.write_bytes(b"half")
        raise OSError(code, os.strerror(code))
    assert list(tmp_path.iterdir()) == []


def test_an_error_about_another_file_is_not_mistaken_for_one_of_the_output(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="score"), new_file(tmp_path / "out.mid"):
        (tmp_path / "score.abc").read_text()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its folder does not exist: create it or name another"):
        require_writable(tmp_path / "no" / "out.mid")


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="its folder is a file"):
        require_writable(tmp_path / "file" / "out.mid")


def test_a_path_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="it is a folder: name a file in it"):
        require_writable(tmp_path)


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its name is too long"):
        require_writable(tmp_path / f"{'la' * 200}.mid")


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no /dev/null here")
def test_a_device_is_not_replaced_by_a_file() -> None:
    with pytest.raises(OutputError, match="not an ordinary file"):
        require_writable(Path("/dev/null"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="you may not write there"):
            require_writable(tmp_path / "out.mid")
    finally:
        tmp_path.chmod(0o700)


def test_a_path_that_the_system_says_is_closed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="you may not write there"):
        require_writable(tmp_path / "out.mid")


def test_checking_writes_nothing(tmp_path: Path) -> None:
    require_writable(tmp_path / "out.mid")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_must_stay_is_named_with_the_reason_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    require_free(path, False, lambda path: "exists")
    path.touch()
    require_free(path, False, lambda path: None)
    with pytest.raises(OutputError, match=f"^{path} exists: use --force or another name$"):
        require_free(path, False, lambda path: "exists")
    require_free(path, True, lambda path: "exists")


def test_not_even_force_writes_where_nobody_can(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="it is a folder"):
        require_free(tmp_path, True, lambda path: None)


def test_a_name_alone_means_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with new_file(Path("out.mid")) as temporary:
        temporary.touch()
    assert (tmp_path / "out.mid").exists()


def test_a_symbolic_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.mid").write_bytes(b"old")
    (tmp_path / "link.mid").symlink_to("real.mid")
    with new_file(tmp_path / "link.mid") as temporary:
        temporary.write_bytes(b"new")
    assert (tmp_path / "link.mid").is_symlink()
    assert (tmp_path / "real.mid").read_bytes() == b"new"


def test_an_error_of_the_system_while_writing_is_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"cannot write log\.csv: the disk is full"),
        refusing(Path("log.csv")),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_folder_is_made_with_those_it_lies_in_and_again_is_no_harm(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_cannot_be_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"):
        make_folder(tmp_path / "file" / "b")
