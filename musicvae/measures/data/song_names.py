"""What songs that were learned from are called, so that people find each of them again.

A song is called by its title where it is the only one of that title. Without a title it is called by the name
of its file; where several have one title, by both. Files of one name are told apart by their folders, songs
of one file by their numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import count
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
    """Return for each song the name of its file, with its folder or its number where needed."""
    songs, same_name = Counter(files), Counter(file.name for file in dict.fromkeys(files))
    numbers = {file: count(1) for file in songs}
    places = []
    for file in files:
        place = file.name if same_name[file.name] == 1 else f"{file.parent.name}/{file.name}"
        places.append(f"{place}, song {next(numbers[file])}" if songs[file] > 1 else place)
    return places
