from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musicvae.errors import OutputError
from musicvae.provenance import Provenance, text_to_provenance
from musicvae.sound.audio_file import write_audio
from musicvae.sound.synthesizer import Audio

AUDIO = Audio(np.full((4800, 2), 500, np.int16), 48_000)
PROVENANCE = Provenance("musicvae render a.mid OUT", None, "", ("a.mid",), "0.1.0")
NAMES = ("out.wav", "out.flac", "OUT.WAV")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_says_how_it_came_about(tmp_path: Path, name: str) -> None:
    write_audio(AUDIO, tmp_path / name, PROVENANCE)
    with soundfile.SoundFile(tmp_path / name) as sound:
        assert text_to_provenance(sound.comment) == PROVENANCE
        assert np.array_equal(sound.read(dtype="int16"), AUDIO.samples)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_sound_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_audio(AUDIO, path, PROVENANCE)
    first = path.read_bytes()
    write_audio(AUDIO, path, PROVENANCE)  # over a file of ours
    assert path.read_bytes() == first


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_somebody_worked_on_is_kept_unless_told_otherwise(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_audio(AUDIO, path, PROVENANCE)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(OutputError, match="was changed after musicvae wrote it: use --force or another name"):
        write_audio(AUDIO, path, PROVENANCE)
    assert path.read_bytes() == data
    write_audio(AUDIO, path, PROVENANCE, overwrite=True)
    assert path.read_bytes() != data


@pytest.mark.parametrize("name", NAMES)
def test_a_program_may_write_over_its_own_sound_and_a_command_may_not(tmp_path: Path, name: str) -> None:
    for _ in range(2):
        write_audio(AUDIO, tmp_path / name)
    with pytest.raises(OutputError, match="is a program's, though musicvae wrote it"):
        write_audio(AUDIO, tmp_path / name, PROVENANCE)
    write_audio(AUDIO, tmp_path / "command.wav", PROVENANCE)
    write_audio(AUDIO, tmp_path / "command.wav")


def test_somebody_elses_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "voice.wav"
    soundfile.write(path, AUDIO.samples, 48_000)
    with pytest.raises(OutputError, match="exists and was not written by musicvae"):
        write_audio(AUDIO, path)


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="out.mp3 would hold sound: end its name in .wav or .flac"):
        write_audio(AUDIO, tmp_path / "out.mp3")
