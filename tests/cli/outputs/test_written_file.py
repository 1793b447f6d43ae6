from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musicvae.errors import OutputError, SongError, SoundError
from musicvae.midi.reading.score_file import parse_score, parse_tune
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.saving.source_midi import source_to_midi
from musicvae.midi.saving.writer import song_to_bytes
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song
from musicvae.midi.songs.source import SOURCE_NOTE, Source
from musicvae.provenance import Provenance, text_to_provenance
from musicvae.sound import synthesizer
from musicvae.sound.soundfont import VARIABLE
from musicvae_cli.outputs.file_kinds import MIDI, SCORE, SOUND, FileKind, kind_of
from musicvae_cli.outputs.written_file import Music, require_free_music, write_music

PROVENANCE = Provenance("musicvae generate OUT", 7)


@pytest.fixture(autouse=True)
def workplace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def music(tune: Callable[..., Song]) -> Music:
    return Music(song_to_bytes(tune(1, 2), PROVENANCE), tune(1, 2))


@pytest.mark.parametrize("name", ["out.mid", "out.MIDI", "out"])
def test_music_is_written_as_midi(music: Music, name: str) -> None:
    require_free_music(Path(name), False)
    write_music(music, Path(name), False)
    assert Path(name).read_bytes() == music.midi


@pytest.mark.parametrize("name", ["out.wav", "out.FLAC"])
def test_where_the_name_asks_for_sound_it_is_sound(music: Music, name: str) -> None:
    require_free_music(Path(name), False)
    write_music(music, Path(name), False)
    with soundfile.SoundFile(name) as sound:
        assert text_to_provenance(sound.comment) == PROVENANCE
        assert 2 < sound.frames / sound.samplerate < 4  # it rings
    require_free_music(Path(name), False)  # it is ours


@pytest.mark.parametrize("name", ["out.mp3", "out.ogg", "out.txt"])
def test_other_names_are_told_what_there_is(name: str) -> None:
    endings = "end its name in .mid, in .musicxml for a score, or in .wav or .flac for its sound"
    sentence = f"^{name} would hold MIDI: {endings}$"
    with pytest.raises(OutputError, match=sentence):
        require_free_music(Path(name), False)


def test_what_sound_needs_is_looked_for_before_the_work(without: Callable[..., None]) -> None:
    without("soundfile")
    require_free_music(Path("out.wav"), False)
    with pytest.raises(SoundError, match=r"out.flac: sound needs the extra \[audio\]: pip install soundfile"):
        require_free_music(Path("out.flac"), False)
    without("midirenderer")
    with pytest.raises(SoundError, match="pip install midirenderer$"):
        require_free_music(Path("out.wav"), False)
    require_free_music(Path("out.mid"), False)


def test_a_soundfont_that_is_not_there_is_told_before_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "none.sf2")
    with pytest.raises(SoundError, match="cannot read the soundfont none.sf2"):
        require_free_music(Path("out.wav"), False)


def test_sound_of_somebody_else_and_the_song_itself_are_kept() -> None:
    Path("voice.wav").write_bytes(b"RIFF, a voice")
    with pytest.raises(OutputError, match="voice.wav exists and was not written by musicvae"):
        require_free_music(Path("voice.wav"), False)
    require_free_music(Path("voice.wav"), True)
    with pytest.raises(OutputError, match="voice.wav is the song to be read"):
        require_free_music(Path("voice.wav"), True, sources=[Path("voice.wav")])


def test_music_that_becomes_no_sound_is_kept_as_midi(music: Music, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesizer, "LONGEST", 1)
    with pytest.raises(SongError, match=r"cut it in pieces; as MIDI the music is in out.wav.mid$"):
        write_music(music, Path("out.wav"), False)
    assert [path.name for path in Path().iterdir()] == ["out.wav.mid"]
    assert Path("out.wav.mid").read_bytes() == music.midi


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mid", MIDI), ("a", MIDI), ("-", MIDI), ("a.MXL", SCORE), ("a.xml", SCORE), ("a.Wav", SOUND)],
)
def test_the_name_decides_the_format(name: str, kind: FileKind) -> None:
    assert kind_of(Path(name)) is kind


SHORT_FIRST = Song(
    make_notes([(0, 4, 60, 80, 0), (12, 16, 62, 80, 0)]), (Meter(3, 4), Meter(4, 4)), (Part("Сопрано"),)
)


@pytest.mark.parametrize("score", [SHORT_FIRST, parse_midi(song_to_bytes(SHORT_FIRST))])
def test_a_first_measure_that_is_shorter_than_the_next_is_no_pick_up_in_a_score(score: Song | Source) -> None:
    write_music(Music(b"", score), Path("out.musicxml"), False)
    source = parse_score(Path("out.musicxml").read_bytes(), "musicxml")[0]
    assert [str(change.meter) for change in source.meters] == ["3/4", "4/4"]
    assert source.notes["start"].tolist() == [0, 3 * source.ticks_per_beat]


def test_the_score_of_a_song_keeps_letters_that_midi_lacks() -> None:
    write_music(Music(b"", SHORT_FIRST), Path("out.musicxml"), False)
    assert parse_score(Path("out.musicxml").read_bytes(), "musicxml")[0].tracks == SHORT_FIRST.parts


def test_what_a_score_leaves_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    played = Source(np.array([(3, 470, 60, 80, 0), (480, 960, 62, 80, 0)], SOURCE_NOTE), (Part("a"),), 480)
    [notice] = write_music(Music(b"", played), Path("out.musicxml"), False)
    assert notice == "out.musicxml: notes moved to the nearest step: 1"
    assert capsys.readouterr().err == f"{notice}\n"


def test_what_of_a_score_midi_cannot_say_is_said() -> None:
    tune = parse_tune("X:1\nT:Песня\nM:2/4\nL:1/4\nK:D dor\nDE|FG|]\n")
    assert write_music(Music(source_to_midi(tune), tune), Path("out.mid"), False) == (
        "out.mid: texts with letters that MIDI files lack: 1",
        "out.mid: keys of church modes, written as major: 1",
    )


def test_music_is_kept_under_a_name_that_is_free(music: Music, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthesizer, "LONGEST", 1)
    Path("out.wav.mid").write_text("somebody's")
    with pytest.raises(SongError, match=r"as MIDI the music is in out.wav-2.mid$"):
        write_music(music, Path("out.wav"), False)
    assert Path("out.wav.mid").read_text() == "somebody's"
