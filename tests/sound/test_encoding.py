from __future__ import annotations

import io
import wave
from collections.abc import Callable

import numpy as np
import pytest
import soundfile

from musicvae.errors import SoundError
from musicvae.sound.encoding import audio_to_flac, audio_to_opus, audio_to_wav
from musicvae.sound.synthesizer import Audio

SINE = (10_000 * np.sin(np.arange(60_000) / 20)).astype(np.int16)
AUDIO = Audio(np.stack([SINE, SINE // 2], axis=1), 48_000)
COMMENTS = ("", "odd", "even", '{"said": "' + 999 * "x" + '"}')


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_wav_is_read_back_by_others_with_its_comment(comment: str) -> None:
    data = audio_to_wav(AUDIO, comment)
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    with wave.open(io.BytesIO(data)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 2, 48_000)
        assert sound.readframes(sound.getnframes()) == AUDIO.samples.tobytes()
    with soundfile.SoundFile(io.BytesIO(data)) as sound:
        assert sound.comment == comment
        assert np.array_equal(sound.read(dtype="int16"), AUDIO.samples)


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_flac_loses_nothing(comment: str) -> None:
    with soundfile.SoundFile(io.BytesIO(audio_to_flac(AUDIO, comment))) as sound:
        assert (sound.samplerate, sound.comment) == (48_000, comment)
        assert np.array_equal(sound.read(dtype="int16"), AUDIO.samples)


def test_opus_is_small_and_as_long() -> None:
    data = audio_to_opus(AUDIO)
    assert len(data) < len(audio_to_wav(AUDIO)) / 8
    with soundfile.SoundFile(io.BytesIO(data)) as sound:
        heard = sound.read(dtype="int16")
    assert abs(len(heard) - len(SINE)) < 1000
    assert 6000 < np.abs(heard[10_000:50_000, 0]).max() < 14_000


def test_no_sound_at_all_is_a_wav_too() -> None:
    with wave.open(io.BytesIO(audio_to_wav(Audio(np.zeros((0, 2), np.int16), 48_000)))) as sound:
        assert sound.getnframes() == 0


def test_samples_of_any_layout_are_written() -> None:
    turned = Audio(np.asfortranarray(AUDIO.samples), AUDIO.rate)
    assert audio_to_wav(turned) == audio_to_wav(AUDIO)
    assert audio_to_flac(turned) == audio_to_flac(AUDIO)


def test_a_machine_without_the_library_of_soundfile_can_write_a_wav(broken: Callable[..., None]) -> None:
    broken("soundfile", "sndfile library not found")
    with pytest.raises(
        SoundError, match=r"soundfile cannot be used \(sndfile library not found\): write a .wav"
    ):
        audio_to_flac(AUDIO)
    assert audio_to_wav(AUDIO).startswith(b"RIFF")
