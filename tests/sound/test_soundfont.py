from __future__ import annotations

from pathlib import Path

import pytest

from musicvae.errors import SoundError
from musicvae.sound import soundfont
from musicvae.sound.soundfont import VARIABLE, find_soundfont


def a_soundfont(path: Path) -> Path:
    path.write_bytes(b"RIFF\x04\x00\x00\x00sfbk")
    return path


def test_without_a_choice_it_is_the_one_in_pretty_midi() -> None:
    path = find_soundfont()
    assert path.parts[-2:] == ("pretty_midi", "TimGM6mb.sf2")
    assert path.read_bytes()[8:12] == b"sfbk"


def test_the_one_given_comes_before_that_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = a_soundfont(tmp_path / "mine.sf2"), a_soundfont(tmp_path / "other.sf2")
    monkeypatch.setenv(VARIABLE, str(other))
    assert find_soundfont() == other
    assert find_soundfont(mine) == mine


def test_what_is_no_soundfont_is_told(tmp_path: Path) -> None:
    (tmp_path / "words.sf2").write_text("words")
    with pytest.raises(SoundError, match=r"words.sf2 is no soundfont: name a .sf2 file by --soundfont or \$"):
        find_soundfont(tmp_path / "words.sf2")
    with pytest.raises(SoundError, match=r"none.sf2 \(No such file or directory\): name a .sf2 file"):
        find_soundfont(tmp_path / "none.sf2")


def test_where_there_is_none_it_is_told_where_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfont, "_DEFAULT", "elsewhere.sf2")
    with pytest.raises(SoundError, match="there is no soundfont: name a .sf2 file .* timgm6mb-soundfont"):
        find_soundfont()
