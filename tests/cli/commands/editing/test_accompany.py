from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import pytest
from typer.testing import Result

from musicvae.midi.reading.reader import read_song
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.song import Grid, Song
from musicvae.provenance import read_provenance

Run = Callable[..., Result]
FEW = ("--candidates", 2, "--seed", 1)


@pytest.fixture
def song(run: Run, tune: Callable[..., Song]) -> Song:
    """Return what is in song.mid: four measures of 2/4."""
    write_song(tune(1, 4), Path("song.mid"))
    return tune(1, 4)


def test_parts_are_added_and_the_song_stays_as_it_is(run: Run, band: Path, song: Song) -> None:
    result = run("accompany", "song.mid", "--add", "bass,drums", *FEW, "--model", band)
    assert result.exit_code == 0, result.output
    written = read_song("song-accompanied.mid", Grid(4))
    names = [part.name for part in written.parts]
    assert {"bass", "drums"} <= set(names) <= {"bass", "drums", song.parts[0].name}
    own = written.notes[written.notes["part"] == names.index(song.parts[0].name)]
    assert own[["start", "length", "pitch", "velocity"]].tolist() == (
        song.notes[["start", "length", "pitch", "velocity"]].tolist()
    )
    track = mido.MidiFile("song-accompanied.mid").tracks[0]
    assert not [message for message in track if message.type == "marker"]
    assert "wrote song-accompanied.mid: drums, bass written to 4 measures, seed 1" in result.stderr
    made = read_provenance(Path("song-accompanied.mid"))
    assert made is not None
    assert (made.seed, made.sources) == (1, ("song.mid",))


def test_without_names_it_gets_all_that_it_lacks(run: Run, band: Path, song: Song) -> None:
    result = run("accompany", "song.mid", *FEW, "--model", band, "--json")
    assert result.exit_code == 0, result.output
    [piece] = json.loads(result.stdout)["pieces"]
    assert (piece["new"], piece["new_parts"]) == ([1, 4], ["drums", "bass", "chords"])


def test_several_ways_are_files_that_differ(run: Run, band: Path, song: Song) -> None:
    result = run("accompany", "song.mid", "--add", "bass", "--n", 2, *FEW, "--model", band)
    assert result.exit_code == 0, result.output
    one, two = (read_song(f"song-accompanied-{number}.mid", Grid(4)) for number in (1, 2))
    assert not np.array_equal(one.notes, two.notes)


@pytest.mark.parametrize(
    ("add", "said"),
    [
        ("kazoo", "the song has no part 'kazoo': it has drums, bass, chords, melody"),
        ("melody", "the song has melody already: have it written anew by infill --parts melody"),
    ],
)
def test_parts_that_cannot_be_added_are_named(run: Run, band: Path, song: Song, add: str, said: str) -> None:
    result = run("accompany", "song.mid", "--add", add, *FEW, "--model", band)
    assert result.exit_code == 1
    assert said in result.stderr
    assert not Path("song-accompanied.mid").exists()


def test_a_model_of_one_part_has_nothing_to_add(run: Run, model: Path, song: Song) -> None:
    result = run("accompany", "song.mid", *FEW, "--model", model)
    assert result.exit_code == 1
    assert "the model has one part, melody, and nothing to add: take one of several parts" in result.stderr
