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
FEW = ("--candidates", 2)


@pytest.fixture
def song(run: Run, tune: Callable[..., Song]) -> Song:
    """Return what is in song.mid: eight measures of 2/4."""
    write_song(tune(1), Path("song.mid"))
    return tune(1)


def test_the_measures_named_are_new_and_all_others_as_they_were(run: Run, model: Path, song: Song) -> None:
    result = run("infill", "song.mid", "--from", 5, "--to", 6, *FEW, "--seed", 1, "--model", model)
    assert result.exit_code == 0, result.output
    filled = read_song("song-infilled.mid", Grid(4))
    assert filled.measures == 8
    for first, after in ((0, 4), (6, 8)):
        assert np.array_equal(filled.cut(first, after).notes, song.cut(first, after).notes)
    assert not np.array_equal(filled.cut(4, 6).notes, song.cut(4, 6).notes)
    assert "wrote song-infilled.mid: measures 5 to 6 of 8 are new, seed 1" in result.stderr
    made = read_provenance(Path("song-infilled.mid"))
    assert made is not None
    assert (made.seed, made.sources) == (1, ("song.mid",))


def test_markers_show_what_is_new(run: Run, model: Path, song: Song) -> None:
    run("infill", "song.mid", "--from", 3, "--to", 4, *FEW, "--model", model)
    track = mido.MidiFile("song-infilled.mid").tracks[0]
    assert [message.text for message in track if message.type == "marker"] == ["new", "given"]
    assert [marker.step for marker in read_song("song-infilled.mid", Grid(4)).markers] == [16, 32]


def test_of_seven_players_every_event_of_the_given_measures_stays(
    run: Run, model: Path, suite: bytes, events_of: Callable[[bytes], list[list[tuple[int, mido.Message]]]]
) -> None:
    Path("suite.mid").write_bytes(suite)
    options = (*FEW, "--seed", 3, "--model", model)
    result = run("infill", "suite.mid", "--from", 3, "--to", 4, *options)
    assert result.exit_code == 0, result.output
    [conductor, flute, *others] = events_of(Path("suite-infilled.mid").read_bytes())
    [conducted, fluted, *rest] = events_of(suite)
    assert others == rest  # a model of melodies speaks the flute alone
    assert [event for event in conductor if event in conducted] == conducted
    gap = range(2 * 960 - 60, 4 * 960 - 60)  # players hurry
    taken = [
        event for event in fluted if event[1].type == "note_on" and event[1].velocity and event[0] in gap
    ]
    assert len(taken) == 8
    given = [
        (tick, message) for tick, message in fluted if not message.type.startswith("note") or tick not in gap
    ]
    ends_of_taken = 1  # the last one's note-off comes after the barline less what players hurry
    assert len([event for event in given if event not in flute]) <= ends_of_taken
    assert [event for event in flute if event[0] in gap and event[1].type == "note_on"] != []


def test_the_json_says_which_measures_are_new(run: Run, model: Path, song: Song) -> None:
    result = run("infill", "song.mid", "--from", 8, "--to", 8, *FEW, "--json", "--model", model)
    [piece] = json.loads(result.stdout)["pieces"]
    assert (piece["measures"], piece["new"], piece["nearest"]) == (8, [8, 8], None)


@pytest.mark.parametrize("candidates", [1, 3])
def test_all_of_a_song_of_one_measure_can_be_filled(
    run: Run, model: Path, tune: Callable[..., Song], candidates: int
) -> None:
    write_song(tune(1, 1), Path("song.mid"))
    options = ("--candidates", candidates, "--seed", 2, "--model", model)
    result = run("infill", "song.mid", "--from", 1, "--to", 1, *options)
    assert result.exit_code == 0, result.output
    assert read_song("song-infilled.mid", Grid(4)).measures == 1


def test_a_song_of_3000_measures_can_be_filled(run: Run, model: Path, tune: Callable[..., Song]) -> None:
    write_song(tune(1, 3000), Path("song.mid"))
    result = run("infill", "song.mid", "--from", 2, "--to", 2, *FEW, "--model", model)
    assert result.exit_code == 0, result.output
    assert read_song("song-infilled.mid", Grid(4)).measures == 3000


@pytest.mark.parametrize(("first", "last"), [(8, 9), (9, 12)])
def test_measures_that_the_song_does_not_have_are_told(
    run: Run, model: Path, song: Song, refused: Callable[[Result], str], first: int, last: int
) -> None:
    sentence = refused(run("infill", "song.mid", "--from", first, "--to", last, "--model", model))
    assert f"no measures {first} to {last} in a song of 8: choose others" in sentence


@pytest.mark.parametrize("options", [(), ("--from", 1), ("--from", 0, "--to", 3), ("--from", 5, "--to", 4)])
def test_an_empty_range_is_a_usage_error(
    run: Run, model: Path, song: Song, options: tuple[object, ...]
) -> None:
    assert run("infill", "song.mid", *options, "--model", model).exit_code == 2


def test_a_decoder_must_hear_the_song(
    run: Run, deaf: Path, song: Song, refused: Callable[[Result], str]
) -> None:
    sentence = refused(run("infill", "song.mid", "--from", 1, "--to", 2, "--model", deaf))
    assert "this needs one that hears the song" in sentence


def test_some_parts_may_be_written_around_the_others(run: Run, band: Path, suite: bytes) -> None:
    Path("suite.mid").write_bytes(suite)
    result = run("infill", "suite.mid", "--from", 3, "--to", 4, "--parts", "bass", *FEW, "--model", band)
    assert result.exit_code == 0, result.output
    assert "measures 3 to 4 of 8 are new in bass" in result.stderr
    before, after = (mido.MidiFile(path).tracks for path in ("suite.mid", "suite-infilled.mid"))
    changed = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if list(a) != list(b)]
    assert changed == [0, 4]  # the conductor's, for markers and provenance, and the bass's


def test_a_part_that_the_model_has_not_is_named(run: Run, band: Path, song: Song) -> None:
    result = run("infill", "song.mid", "--from", 3, "--to", 4, "--parts", "kazoo", *FEW, "--model", band)
    assert result.exit_code == 1
    assert "no part 'kazoo': it has drums, bass, chords, melody" in result.stderr


def test_several_ways_differ_from_one_another_and_from_what_was_there(
    run: Run, model: Path, song: Song
) -> None:
    gap = ("--from", 5, "--to", 6, "--candidates", 8)
    result = run("infill", "song.mid", *gap, "--n", 3, "--seed", 1, "--model", model)
    assert result.exit_code == 0, result.output
    ways = [read_song(f"song-infilled-{number}.mid", Grid(4)).cut(4, 6) for number in (1, 2, 3)]
    notes = {way.notes[["start", "length", "pitch"]].tobytes() for way in (*ways, song.cut(4, 6))}
    assert len(notes) == 4
