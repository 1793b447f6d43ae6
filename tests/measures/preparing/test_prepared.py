from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musicvae.errors import TrainingError
from musicvae.measures.data.store import songs_to_store
from musicvae.measures.preparing import prepared as module
from musicvae.measures.preparing.prepared import (
    Choice,
    Prepared,
    keep_prepared,
    load_prepared,
    require_measures,
)
from musicvae.midi.arranging.ensembles import find_ensemble
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Grid, Meter, Part, Song

NOTICES = (Notice("mended", 2, ("a", "b")), Notice("guessed"))
REPORTS = (
    FileReport(Path("a.mid"), "ok", notices=NOTICES, songs=3, meters=("2/4",), parts=("melody",)),
    FileReport(Path("b.mid"), "rejected", "no notes"),
)


def some_songs() -> Prepared:
    """Return three songs of eight measures together, in two styles."""
    songs = [
        Song(
            make_notes([(0, 4, 60, 90, 0)]), (Meter(2, 4),) * measures, (Part("melody"),), title=str(measures)
        )
        for measures in (2, 4, 2)
    ]
    styles = np.array([1, 0, 2], np.int16)
    store = replace(songs_to_store(songs), style=styles, styles=("air", "reel"))
    return Prepared(store, Choice(Grid(4), find_ensemble("seats")), REPORTS, reused=False)


def test_what_is_kept_comes_back_under_its_key(tmp_path: Path) -> None:
    prepared = some_songs()
    keep_prepared(prepared, tmp_path / "kept", "key")
    again = load_prepared(tmp_path / "kept", "key")
    assert again is not None
    assert again[1:] == (prepared.choice, REPORTS, True)
    assert again.store.styles == ("air", "reel")
    np.testing.assert_array_equal(again.store.style, prepared.store.style)


def test_measures_are_never_those_of_an_older_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_prepared(some_songs(), tmp_path, "old")

    def fill_the_disk(*given: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(module, "new_file", fill_the_disk)
    with pytest.raises(OSError, match="full"):
        keep_prepared(some_songs(), tmp_path, "new")
    assert load_prepared(tmp_path, "old") is None


def test_under_another_key_or_in_no_folder_there_is_nothing(tmp_path: Path) -> None:
    keep_prepared(some_songs(), tmp_path, "key")
    assert load_prepared(tmp_path, "another") is None
    assert load_prepared(tmp_path / "none", "key") is None


def test_too_little_music_is_refused_with_what_there_is_and_what_is_needed() -> None:
    prepared = some_songs()
    require_measures(prepared, songs=3, measures=8)
    with pytest.raises(
        TrainingError, match="3 songs with 8 measures, and 2 songs with 16 measures are needed"
    ):
        require_measures(prepared)
    with pytest.raises(TrainingError, match="add more songs"):
        require_measures(prepared, songs=4, measures=8)
