from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from musicvae.measures.preparing.prepare import PrepareOptions
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.song import Marker, Song
from musicvae_cli.inputs.prepared_songs import prepare_songs, say_prepared, say_refusals, split_pieces


def test_of_many_faults_the_first_are_told_and_the_rest_counted(capsys: pytest.CaptureFixture[str]) -> None:
    say_refusals([FileReport(Path(f"{number}.mid"), "rejected", "no notes") for number in range(25)])
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "  rejected: 0.mid: no notes"
    assert lines[10:] == ["  and 15 more: see `musicvae inspect`"]


def test_what_was_prepared_before_is_said_to_be_so(
    songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        say_prepared(prepare_songs([songs], PrepareOptions(), tmp_path / "prepared"))
    first, again = [line for line in capsys.readouterr().err.splitlines() if line.startswith("files")]
    assert first == "files: 6 (6 ok, 0 salvaged, 0 rejected)"
    assert again == "files: 6 (6 ok, 0 salvaged, 0 rejected, read before)"


def test_folders_that_tell_styles_are_told(
    tune: Callable[..., Song], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, style in enumerate(("airs", "jigs", "jigs", "jigs")):
        (tmp_path / style).mkdir(exist_ok=True)
        write_song(tune(number), tmp_path / style / f"{number}.mid")
    say_prepared(prepare_songs([tmp_path], PrepareOptions("melody")))
    assert "styles: jigs 75%, airs 25%" in capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    "titles",
    [
        ["piece 1", "piece 2", "piece 3"],
        ["variation 1", "variation 2", "variation 3"],
        ["A", "50% B", "B"],
        ["The Ramble", "50% B", "The Tramp"],  # as a training leaves a walk
    ],
)
def test_pieces_under_markers_are_taken_apart(tune: Callable[..., Song], titles: list[str]) -> None:
    pieces = [tune(1, 2), tune(2, 3), tune(3, 2)]
    parts = split_pieces(join_songs(pieces, titles))
    assert [part.measures for part in parts] == [2, 3, 2]
    assert all(np.array_equal(a.notes, b.notes) for a, b in zip(parts, pieces, strict=True))


def test_a_song_without_pieces_stays_whole(tune: Callable[..., Song]) -> None:
    song = replace(tune(1, 4), markers=(Marker(8, "new"), Marker(16, "given"), Marker(24, "B")))
    [whole] = split_pieces(song)
    assert whole.measures == 4
