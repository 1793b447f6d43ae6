"""What songs that were learned from are called, so that people find each of them again.

A song is called by its title where it is the only one of that title. Without a title it is called by the name
of its file; where several have one title, by both. Files of one name are told apart by their folders, by as
many as it takes, songs of one file by their numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path


def name_songs(titles: Sequence[str], files: Sequence[Path]) -> tuple[str, ...]:
    """Return a name for each song, given its title, "" for none, and its file."""
    tidy = [" ".join(title.split()) for title in titles]
    same_title = Counter(tidy)
    return tuple(
        title if title and same_title[title] == 1 else f"{title} ({place})" if title else place
        for title, place in zip(tidy, _name_places(files), strict=True)
    )


def _name_places(files: Sequence[Path]) -> list[str]:
    """Return for each song the name of its file, with its folders or its number where needed."""
    songs = Counter(files)
    ends = {file: _list_ends(file) for file in songs}
    alike = Counter(chain.from_iterable(ends.values()))
    shortest = {file: next((end for end in own if alike[end] == 1), own[-1]) for file, own in ends.items()}
    numbers = {file: count(1) for file in songs}
    return [
        f"{shortest[file]}, song {next(numbers[file])}" if songs[file] > 1 else shortest[file]
        for file in files
    ]


def _list_ends(file: Path) -> list[str]:
    """Return the name of a file, then with its folder, with the folder of that, and so on."""
    parts = file.as_posix().split("/")
    return ["/".join(parts[begin:]) for begin in reversed(range(len(parts)))]
