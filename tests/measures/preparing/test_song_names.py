from __future__ import annotations

from pathlib import Path

import pytest

from musicvae.measures.preparing.song_names import name_songs


@pytest.mark.parametrize(
    ("titles", "files", "names"),
    [
        (["Air", "A\n Jig "], ["a.mid", "b.mid"], ("Air", "A Jig")),
        (["", " "], ["a.mid", "b.mid"], ("a.mid", "b.mid")),
        (
            ["untitled", "Air", "untitled"],
            ["a.mid", "b.mid", "c.mid"],
            ("untitled (a.mid)", "Air", "untitled (c.mid)"),
        ),
        (["", ""], ["x/a.mid", "y/a.mid"], ("x/a.mid", "y/a.mid")),
        (["", ""], ["a/x/t.mid", "b/x/t.mid"], ("a/x/t.mid", "b/x/t.mid")),
        (["", ""], ["t.mid", "/x/t.mid"], ("t.mid", "x/t.mid")),
        (["", "Air", ""], ["a.abc", "a.abc", "a.abc"], ("a.abc, song 1", "Air", "a.abc, song 3")),
    ],
    ids=[
        "by titles",
        "by files",
        "by both",
        "by folders",
        "by folders of folders",
        "by one folder",
        "by numbers",
    ],
)
def test_songs_are_called_so_that_each_is_found(
    titles: list[str], files: list[str], names: tuple[str, ...]
) -> None:
    assert name_songs(titles, [Path(file) for file in files]) == names
