from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from musicvae.midi.songs.song import Marker, Song
from musicvae_cli.outputs.likeness import NewMeasures
from musicvae_cli.outputs.pieces import mark_new, name_files


def test_pieces_share_a_file_or_have_numbers() -> None:
    assert name_files(Path("a/out.mid"), 0) == (Path("a/out.mid"),)
    assert name_files(Path("a/out.mid"), 2) == (Path("a/out-1.mid"), Path("a/out-2.mid"))
    assert name_files(Path("-"), 0) == (Path("-"),)
    with pytest.raises(typer.BadParameter, match="leave --separate out"):
        name_files(Path("-"), 2)


def test_new_measures_stand_between_markers(tune: Callable[..., Song]) -> None:
    song = replace(tune(1, 6), markers=(Marker(0, "A"), Marker(32, "B")))
    begin, middle = Marker(0, "A"), Marker(32, "B")
    new, given = Marker(16, "new"), Marker(24, "given")
    assert mark_new(song, NewMeasures(2, 3)).markers == (begin, new, given, middle)
    assert mark_new(song, NewMeasures(5, 6)).markers == (begin, middle, Marker(40, "new"))
