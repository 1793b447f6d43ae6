from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import mido
import pytest
from typer.testing import Result

from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.reading.reader import read_song
from musicvae.midi.reading.song_report import FileSongs

Run = Callable[..., Result]


def test_the_json_says_of_each_file_and_in_all_what_was_read(run: Run, songs: Path) -> None:
    Path("songs").mkdir()
    Path("songs/good.mid").write_bytes((songs / "tune-1.mid").read_bytes())
    Path("songs/bad.mid").write_text("words")
    result = run("inspect", "songs", "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    bad, good = said["files"]
    keys = "path status reason title composer notes measures meters key tempo parts melody"
    assert list(good) == list(bad) == f"{keys} off_grid swing notices".split()
    assert (bad["path"], bad["status"]) == ("songs/bad.mid", "rejected")
    assert bad["reason"].startswith("it is no MIDI file")
    song = read_song("songs/good.mid")
    assert (good["status"], good["measures"], good["notes"]) == ("ok", 8, len(song.notes))
    assert (good["meters"], good["parts"], good["off_grid"]) == (["2/4"], ["fiddle"], 0)
    notes = len(song.notes)
    totals = {"seen": 2, "ok": 1, "salvaged": 0, "rejected": 1, "songs": 1, "measures": 8, "notes": notes}
    assert said["totals"] == totals


def test_people_see_a_table_the_remarks_and_the_totals(run: Run, songs: Path) -> None:
    result = run("inspect", songs)
    assert result.exit_code == 0, result.output
    heading, *rows, totals = result.stdout.splitlines()
    assert heading.split()[2:] == ["notes", "measures", "meters", "key", "tempo", "parts", "melody"]
    assert [row.split()[:2] for row in rows] == [[f"tune-{number}.mid", "ok"] for number in range(6)]
    assert totals.startswith("seen 6, ok 6, salvaged 0, rejected 0, songs 6, measures 48")


@pytest.mark.parametrize(
    ("fields", "told"), [("T:Air\nC:Anon.\n", "Air, by Anon."), ("T:Air\n", "Air"), ("", "seen 1, ok 1,")]
)
def test_the_title_and_the_composer_of_a_file_are_told(run: Run, fields: str, told: str) -> None:
    Path("air.abc").write_text(f"X:1\n{fields}K:C\nCDEF|\n")
    assert run("inspect", "air.abc").stdout.splitlines()[2].startswith(told)


def test_a_dash_is_standard_input(run: Run, songs: Path) -> None:
    result = run("inspect", "-", "--json", input=(songs / "tune-1.mid").read_bytes())
    assert [file["path"] for file in json.loads(result.stdout)["files"]] == ["standard input"]


def test_nothing_readable_is_exit_code_1_and_the_report_all_the_same(run: Run) -> None:
    Path("bad.mid").write_text("words")
    result = run("inspect", "bad.mid", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["totals"]["rejected"] == 1
    assert "bad.mid: it is no MIDI file" in run("inspect", "bad.mid").stdout


def test_an_empty_folder_is_told_in_a_sentence(run: Run, refused: Callable[[Result], str]) -> None:
    Path("empty").mkdir()
    assert "no songs under empty" in refused(run("inspect", "empty"))
    assert "there is no nowhere" in refused(run("inspect", "nowhere"))


def write_band(path: Path) -> None:
    """Write a flute over a cello, with a grace note."""
    flute, cello = mido.MidiTrack(), mido.MidiTrack()
    flute += [mido.Message("program_change", program=73), mido.Message("note_on", note=86, velocity=70)]
    flute += [mido.Message("note_off", note=86), mido.Message("note_on", note=84, velocity=70)]
    flute += [mido.Message("note_off", note=84, time=480)]
    cello += [mido.Message("program_change", program=42, channel=1)]
    cello += [mido.Message("note_on", note=48, velocity=70, channel=1)]
    cello += [mido.Message("note_off", note=48, time=960, channel=1)]
    mido.MidiFile(tracks=[flute, cello]).save(path)


def test_parts_are_counted_and_the_melody_named(run: Run) -> None:
    write_band(Path("band.mid"))
    rows = run("inspect", "band.mid").stdout.splitlines()
    assert rows[1].split()[-2:] == ["2", "flute"]
    assert rows[2] == "band.mid: grace notes read, but not laid on the grid: 1"


def test_remarks_of_a_kind_are_told_once_where_they_are_many(run: Run) -> None:
    Path("bands").mkdir()
    for number in range(5):
        write_band(Path(f"bands/{number}.mid"))
    told = "bands/0.mid: grace notes read, but not laid on the grid: 1 (and like this 4 others, 5 in all:"
    assert f"{told} see them by --json)" in run("inspect", "bands").stdout


def test_remarks_that_count_and_name_different_things_are_of_a_kind(run: Run) -> None:
    for number in range(3):
        Path(f"{number}.abc").write_text(f"X:1\nK:C\nC {'J' * (number + 1)} D|\n")
    said = run("inspect", ".").stdout
    skipped = "0.abc: signs that are no ABC were skipped: 1 (J)"
    assert f"{skipped} (and like this 2 others, 6 in all: see them by --json)" in said
    assert "0.abc: 1/4 throughout was read as 4/4 (and like this 2 others: see them by --json)" in said


def test_the_json_has_counts_and_examples_apart(run: Run) -> None:
    write_band(Path("band.mid"))
    Path("tune.abc").write_text("X:1\nM:2/4\nK:C\nCD J E q F J|\n")
    band, tune = json.loads(run("inspect", ".", "--json").stdout)["files"]
    assert band["notices"] == [
        {"what": "grace notes read, but not laid on the grid", "count": 1, "examples": []}
    ]
    assert tune["notices"] == [
        {"what": "signs that are no ABC were skipped", "count": 3, "examples": ["J", "q"]}
    ]


def test_figures_are_rounded_in_the_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    report = FileReport(Path("a.mid"), "ok", songs=1, tempo=120.004, off_grid=0.1234, swing=0.6789)
    monkeypatch.setattr("musicvae_cli.commands.inspect.read_any", lambda _: FileSongs((), report))
    Path("a.mid").touch()
    [said] = json.loads(run("inspect", "a.mid", "--json").stdout)["files"]
    assert (said["tempo"], said["off_grid"], said["swing"]) == (120.0, 0.123, 0.679)


def write_swing(path: Path, off_beat: int) -> None:
    """Write 32 beats of two notes each, the second so many ticks of 480 after the beat."""
    track = mido.MidiTrack()
    for length in (off_beat, 480 - off_beat) * 32:
        track += [
            mido.Message("note_on", note=60, velocity=70),
            mido.Message("note_off", note=60, time=length),
        ]
    mido.MidiFile(tracks=[track]).save(path)


def test_a_swung_song_is_told(run: Run) -> None:
    write_swing(Path("swung.mid"), 320)
    write_swing(Path("straight.mid"), 240)
    assert run("inspect", "swung.mid").stdout.splitlines()[2] == (
        "swung.mid: off-beats that fall at two thirds of the beat, as in swing and triplets: 100%"
    )
    assert "off-beats" not in run("inspect", "straight.mid").stdout
