from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import mido
import pytest
from typer.testing import Result

from musicvae.midi.reading.reader import read_song

Run = Callable[..., Result]


class Output:
    """What plays: it remembers what it was asked for, and what it played."""

    name = "the speaker"

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.played: list[bytes] = []
        self.interrupted = False

    def find(self, *wanted: object) -> Output:
        self.asked.append(wanted)
        return self

    def play(self, midi: bytes) -> None:
        self.played.append(midi)
        if self.interrupted:
            raise KeyboardInterrupt


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Output:
    """Put an output in the place of what is here."""
    output = Output()
    monkeypatch.setattr("musicvae.sound.find_output.find_output", output.find)
    return output


def test_a_song_is_played_by_what_is_here(run: Run, songs: Path, output: Output) -> None:
    song = songs / "tune-1.mid"
    result = run("play", song, "--port", "Synth", "--soundfont", "mine.sf2")
    assert result.exit_code == 0, result.output
    assert result.stderr == f"playing {song} by the speaker\n"
    assert output.asked == [("Synth", Path("mine.sf2"))]
    [played] = output.played
    Path("played.mid").write_bytes(played)
    assert read_song("played.mid").notes.tolist() == read_song(song).notes.tolist()


def test_what_comes_from_standard_input_is_called_that(run: Run, songs: Path, output: Output) -> None:
    result = run("play", "-", input=(songs / "tune-1.mid").read_bytes())
    assert result.stderr == "playing standard input by the speaker\n"


def test_an_interrupt_ends_it_as_every_command(run: Run, songs: Path, output: Output) -> None:
    output.interrupted = True
    assert run("play", songs / "tune-1.mid").exit_code == 130


def test_where_nothing_plays_it_is_told_in_a_sentence(
    run: Run,
    songs: Path,
    refused: Callable[[Result], str],
    without: Callable[..., None],
    pretend: Callable[..., ModuleType],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without("sounddevice", "rtmidi")
    sentence = refused(run("play", songs / "tune-1.mid"))
    assert sentence == "musicvae: playing needs the extra [play]: pip install sounddevice python-rtmidi"
    pretend("rtmidi")
    monkeypatch.setattr(mido, "get_output_names", lambda: ["Piano:1"])
    sentence = refused(run("play", songs / "tune-1.mid", "--port", "Organ"))
    assert sentence == "musicvae: there is no MIDI port Organ: choose one of Piano:1"


def test_what_cannot_be_read_is_told(run: Run, output: Output, refused: Callable[[Result], str]) -> None:
    assert "none.mid: it cannot be opened" in refused(run("play", "none.mid"))
    assert output.played == []
