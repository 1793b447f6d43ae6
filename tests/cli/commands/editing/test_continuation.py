from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
from typer.testing import Result

from musicvae.midi.editing.whole_midi import MENDED
from musicvae.midi.reading import score_file
from musicvae.midi.reading.reader import read_song
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.song import Grid, Meter, Song, Tempo
from musicvae.provenance import read_provenance, reason_to_keep_song

Run = Callable[..., Result]


@pytest.fixture
def song(run: Run, tune: Callable[..., Song]) -> Song:
    """Return what is in song.mid: four measures of 2/4, with tempi, dynamics and an instrument."""
    song = replace(tune(1, 4), tempi=(Tempo(0, 90.0), Tempo(8, 70.0)))
    song = replace(song, notes=song.notes.copy())
    write_song(song, Path("song.mid"))
    return song


def markers_of(path: str) -> list[str]:
    return [message.text for message in mido.MidiFile(path).tracks[0] if message.type == "marker"]


def test_the_song_is_copied_and_new_measures_follow(run: Run, model: Path, song: Song) -> None:
    result = run("continue", "song.mid", "--measures", 3, "--seed", 1, "--model", model)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    continued = read_song("song-continued.mid", Grid(4))
    assert continued.measures == 7
    assert np.array_equal(continued.cut(0, 4).notes, song.notes)
    assert (continued.tempi, continued.title, continued.parts[0].program) == (song.tempi, song.title, 40)
    assert markers_of("song-continued.mid") == ["new"]
    assert continued.markers[0].step == song.steps
    assert "wrote song-continued.mid: 4 measures given, 3 new, seed 1" in result.stderr


def test_the_file_says_how_it_came_about(run: Run, model: Path, song: Song) -> None:
    run("continue", "song.mid", "--seed", 5, "--model", model)
    made = read_provenance(Path("song-continued.mid"))
    assert made is not None
    assert (made.seed, made.model, made.sources) == (5, str(model), ("song.mid",))
    assert made.command == f"musicvae continue song.mid --seed 5 --model {model}"
    assert read_song("song-continued.mid", Grid(4)).measures == 4 + 8


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    run: Run, model: Path, song: Song
) -> None:
    for name, seed in (("a.mid", 7), ("b.mid", 7), ("c.mid", 8)):
        run("continue", "song.mid", "--seed", seed, "--model", model, "--out", name)
    assert Path("a.mid").read_bytes() == Path("b.mid").read_bytes()
    assert read_song("a.mid", Grid(4)) != read_song("c.mid", Grid(4))


@pytest.mark.parametrize(
    ("options", "meters"),
    [
        ((), ["2/4"] * 8),
        (("--meter", "3/4"), ["3/4"] * 8),
        (("--meter", "3/4", "--measures", 2), ["3/4"] * 2),
        (("--meter", "3/4x1,2/4x2"), ["3/4", "2/4", "2/4"]),
    ],
)
def test_the_new_measures_have_the_meters_asked_for(
    run: Run, model: Path, song: Song, options: tuple[object, ...], meters: list[str]
) -> None:
    result = run("continue", "song.mid", *options, "--model", model)
    assert result.exit_code == 0, result.output
    assert list(map(str, read_song("song-continued.mid", Grid(4)).meters[4:])) == meters


def test_each_of_several_ways_is_a_file_of_its_own(run: Run, model: Path, song: Song) -> None:
    options = ("--n", 2, "--measures", 1, "--model", model)
    assert run("continue", "song.mid", *options).exit_code == 0
    assert not Path("song-continued.mid").exists()
    ways = [f"song-continued-{number}.mid" for number in (1, 2)]
    assert [read_song(way, Grid(4)).measures for way in ways] == [5, 5]
    assert [markers_of(way) for way in ways] == [["new"], ["new"]]
    before = [Path(way).read_bytes() for way in ways]
    assert before[0] != before[1]
    assert run("continue", "song.mid", *options, "--separate", "--seed", 1).exit_code == 0
    assert [Path(way).read_bytes() for way in ways] != before


def test_one_way_is_numbered_if_files_are_to_be_separate(run: Run, model: Path, song: Song) -> None:
    assert run("continue", "song.mid", "--separate", "--model", model).exit_code == 0
    assert Path("song-continued-1.mid").exists()


def test_standard_output_takes_one_way(run: Run, model: Path, song: Song) -> None:
    assert run("continue", "song.mid", "--n", 2, "-o", "-", "--model", model).exit_code == 2


def test_every_event_of_a_song_for_seven_players_stays(
    run: Run, band: Path, suite: bytes, events_of: Callable[[bytes], list[list[tuple[int, mido.Message]]]]
) -> None:
    Path("suite.mid").write_bytes(suite)
    result = run("continue", "suite.mid", "--measures", 2, "--seed", 1, "--model", band)
    assert result.exit_code == 0, result.output
    made = Path("suite-continued.mid").read_bytes()
    new = 0
    for before, now in zip(events_of(suite), events_of(made), strict=True):
        added = [event for event in now if event not in before]
        assert [event for event in now if event in before] == before
        assert all(tick >= 8 * 960 or message.type == "text" for tick, message in added)
        new += sum(message.type == "note_on" for _, message in added)
    assert new > 0
    assert read_provenance(Path("suite-continued.mid")) is not None
    assert reason_to_keep_song(Path("suite-continued.mid")) is None


def test_a_score_comes_back_as_midi_in_its_own_parts(
    run: Run, band: Path, suite: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = parse_midi(suite)
    monkeypatch.setattr(score_file, "parse_score", lambda data, kind: [source])
    Path("suite.musicxml").write_text("a score")
    result = run("continue", "suite.musicxml", "--measures", 2, "--seed", 1, "--model", band)
    assert result.exit_code == 0, result.output
    made = parse_midi(Path("suite-continued.mid").read_bytes())
    assert made.tracks == source.tracks
    given = made.notes[made.notes["start"] < 8 * 960]
    assert sorted(given.tolist()) == sorted(source.notes.tolist())
    assert len(made.notes) > len(given)


def test_a_damaged_file_is_mended_before_it_goes_on(run: Run, model: Path, suite: bytes) -> None:
    Path("suite.mid").write_bytes(suite[:-20])
    result = run("continue", "suite.mid", "--measures", 1, "--json", "--model", model)
    assert result.exit_code == 0, result.output
    notices = json.loads(result.stdout)["notices"]
    assert [str(MENDED) in notice for notice in notices].count(True) == 1
    made, given = parse_midi(Path("suite-continued.mid").read_bytes()), parse_midi(suite[:-20])
    assert {tuple(note) for note in given.notes.tolist()} <= {tuple(note) for note in made.notes.tolist()}


def test_what_is_new_is_compared_with_the_songs_learned_from(
    run: Run, informed: Path, monkeypatch: pytest.MonkeyPatch, tune: Callable[..., Song]
) -> None:
    write_song(tune(1, 2), Path("song.mid"))
    ending = replace(tune(3), notes=tune(3).notes.copy())
    ending.notes.flags.writeable = True
    ending.notes["start"] += 16
    whole = replace(tune(1, 10), notes=np.concatenate([tune(1, 2).notes, ending.notes]))
    monkeypatch.setattr("musicvae.compose.continuation.continue_song", lambda *_: [whole])
    result = run("continue", "song.mid", "--json", "--model", informed)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    [piece] = said["pieces"]
    assert (said["out"], said["notices"]) == (["song-continued.mid"], [])
    assert (piece["title"], piece["measures"], piece["new"]) == ("continuation 1", 10, [3, 10])
    assert piece["nearest"] == {"title": "Tune 3", "share": 1.0}
    assert piece["repeats"] == {"title": "Tune 3", "first": 3, "measures": 8}
    assert "warning: continuation 1 repeats Tune 3 in its measures 3 to 10" in result.stderr


def test_a_song_of_one_measure_can_be_continued(run: Run, model: Path, tune: Callable[..., Song]) -> None:
    write_song(tune(1, 1), Path("song.mid"))
    assert run("continue", "song.mid", "--measures", 1, "--model", model).exit_code == 0
    assert read_song("song-continued.mid", Grid(4)).measures == 2


def test_a_song_of_3000_measures_can_be_continued_and_people_see_how_far_it_is(
    run: Run, model: Path, tune: Callable[..., Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []

    @contextmanager
    def bar(title: str) -> Iterator[Callable[[int, int], None]]:
        yield lambda done, total: seen.append((done, total))

    monkeypatch.setattr("musicvae_cli.commands.editing.continuation.patient_bar", bar)
    write_song(tune(1, 3000), Path("song.mid"))
    result = run("continue", "song.mid", "--measures", 1, "--model", model)
    assert result.exit_code == 0, result.output
    assert seen[-1] == (3001, 3001)
    assert len(seen) > 100
    assert read_song("song-continued.mid", Grid(4)).measures == 3001


def test_a_dash_reads_and_writes_the_standard_streams(run: Run, model: Path, song: Song) -> None:
    midi = Path("song.mid").read_bytes()
    result = run("continue", "-", "-o", "-", "--model", model, input=midi)
    assert result.exit_code == 0, result.output
    assert result.stdout_bytes.startswith(b"MThd")
    assert run("continue", "-", "--model", model, input=midi).exit_code == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--meter", "5/4"), "the model never heard 5/4: ask for one of 2/4, 3/4"),
        (("--meter", "3/4x2", "--measures", 3), "3/4x2 has 2 measures, not 3"),
        (("--out", "song.mid"), "is the song to be read: name another file to write"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    run: Run,
    model: Path,
    song: Song,
    refused: Callable[[Result], str],
    options: tuple[object, ...],
    sentence: str,
) -> None:
    assert sentence in refused(run("continue", "song.mid", *options, "--model", model))


def test_a_meter_that_is_new_to_the_model_is_told(run: Run, model: Path, tune: Callable[..., Song]) -> None:
    write_song(tune(1, 2, Meter(5, 8)), Path("song.mid"))
    result = run("continue", "song.mid", "--measures", 1, "--json", "--model", model)
    assert result.exit_code == 0, result.output
    notice = "song.mid: the model never heard 5/8, and may not make much of it"
    assert notice in result.stderr
    assert json.loads(result.stdout)["notices"] == [notice]


def test_a_decoder_must_hear_the_song(
    run: Run, deaf: Path, song: Song, refused: Callable[[Result], str]
) -> None:
    sentence = refused(run("continue", "song.mid", "--model", deaf))
    assert "this needs one that hears the song" in sentence
    assert not Path("song-continued.mid").exists()
