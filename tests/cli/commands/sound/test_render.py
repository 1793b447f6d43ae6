from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from typer.testing import Result

from musicvae.provenance import text_to_provenance
from musicvae.sound.soundfont import VARIABLE, find_soundfont

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def the_soundfont_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.mark.parametrize("name", ["out.wav", "out.flac"])
def test_the_sound_is_where_it_was_asked_for_and_says_how_it_came_about(
    run: Run, songs: Path, name: str
) -> None:
    song = songs / "tune-1.mid"
    result = run("render", song, name)
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith(f"wrote {name}: 9.")  # eight measures of a second each, and what rings
    with soundfile.SoundFile(name) as sound:
        assert 8 < sound.frames / sound.samplerate < 10
        made = text_to_provenance(sound.comment)
        heard = sound.read(dtype="int16")
    assert made is not None
    assert (made.command, made.sources) == (f"musicvae render {song} OUT", (str(song),))
    assert abs(heard).max() == 29204  # -1 dB


def test_without_out_it_is_beside_the_song(run: Run, songs: Path, tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes((songs / "tune-1.mid").read_bytes())
    assert run("render", "a.mid").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mid", "a.wav"]


def test_a_song_from_standard_input_needs_a_name_for_its_sound(run: Run, songs: Path) -> None:
    midi = (songs / "tune-1.mid").read_bytes()
    assert run("render", "-", input=midi).exit_code == 2
    assert run("render", "-", "out.wav", input=midi).exit_code == 0


def test_the_json_tells_where_it_is_and_how_long(run: Run, songs: Path) -> None:
    damaged = bytearray((songs / "tune-1.mid").read_bytes())
    damaged[11] = 9  # tracks, says the header
    Path("a.mid").write_bytes(damaged)
    said = json.loads(run("render", "a.mid", "out.wav", "--json").stdout)
    assert said["out"] == "out.wav"
    assert 8 < said["seconds"] < 10
    assert said["notices"] == ["a.mid: salvaged: the header says 9 tracks, there are 2"]


def test_sound_of_ours_is_replaced_and_anybody_elses_only_by_force(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    song = songs / "tune-1.mid"
    assert [run("render", song, "out.wav").exit_code for _ in range(2)] == [0, 0]
    Path("voice.wav").write_bytes(b"RIFF, a voice")
    assert "use --force or another name" in refused(run("render", song, "voice.wav"))
    assert Path("voice.wav").read_bytes() == b"RIFF, a voice"
    assert run("render", song, "voice.wav", "--force").exit_code == 0


def test_a_soundfont_is_taken_from_the_option_or_the_environment(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    song = songs / "tune-1.mid"
    assert run("render", song, "out.wav", "--soundfont", find_soundfont()).exit_code == 0
    for told in ({"env": {VARIABLE: "none.sf2"}}, {}):
        option = () if told else ("--soundfont", "none.sf2")
        sentence = refused(run("render", song, "other.wav", *option, **told))
        assert "cannot read the soundfont none.sf2" in sentence
    assert not Path("other.wav").exists()


def test_what_cannot_be_done_is_told_in_a_sentence(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    song = songs / "tune-1.mid"
    Path("bad.mid").write_text("words")
    assert "bad.mid: it is no MIDI file" in refused(run("render", "bad.mid"))
    for name in ("out.mp3", "out.ogg", "out"):
        assert f"{name} would hold sound: end its name in .wav or .flac" in refused(run("render", song, name))
    assert "its folder does not exist" in refused(run("render", song, "no/out.wav"))


def test_without_the_extra_it_is_told_how_to_get_it(
    run: Run, songs: Path, refused: Callable[[Result], str], without: Callable[..., None], tmp_path: Path
) -> None:
    without("midirenderer")
    sentence = refused(run("render", songs / "tune-1.mid", "out.wav"))
    assert sentence == "musicvae: out.wav: sound needs the extra [audio]: pip install midirenderer"
    assert list(tmp_path.iterdir()) == []
