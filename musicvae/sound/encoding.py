"""Sound as the bytes of a file: .wav by the standard library, .flac and Opus by `soundfile`.

A comment stands where the format has a place for it: in the LIST INFO chunk of a .wav (ICMT), after its
samples, and in the Vorbis comment of a .flac. Opus is for players: what it loses nobody hears.
"""

from __future__ import annotations

import io
import wave
from types import ModuleType

from musicvae.errors import SoundError
from musicvae.sound.riff import make_riff_chunk
from musicvae.sound.synthesizer import Audio

_SAMPLE_BYTES = 2
_SIZE_AT = 4  # where a .wav says how large it is


def audio_to_wav(audio: Audio, comment: str = "") -> bytes:
    """Return the .wav of some sound; a comment is ASCII."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(audio.samples.shape[1])
        sound.setsampwidth(_SAMPLE_BYTES)
        sound.setframerate(audio.rate)
        sound.writeframes(audio.samples.astype("<i2").tobytes())
    if comment:
        text = make_riff_chunk(b"ICMT", comment.encode("ascii") + b"\x00")
        file.write(make_riff_chunk(b"LIST", b"INFO" + text))
        size = file.tell() - _SIZE_AT - 4
        file.seek(_SIZE_AT)
        file.write(size.to_bytes(4, "little"))
    return file.getvalue()


def audio_to_flac(audio: Audio, comment: str = "") -> bytes:
    """Return the .flac of some sound, without loss."""
    return _encode(audio, "FLAC", "PCM_16", comment)


def audio_to_opus(audio: Audio) -> bytes:
    """Return the Opus of some sound, in an Ogg file: about a twelfth of the .wav."""
    return _encode(audio, "OGG", "OPUS")


def _encode(audio: Audio, container: str, coding: str, comment: str = "") -> bytes:
    soundfile, file = _load_soundfile(), io.BytesIO()
    channels = audio.samples.shape[1]
    with soundfile.SoundFile(file, "w", audio.rate, channels, coding, format=container) as sound:
        if comment:
            sound.comment = comment
        for begin in range(
            0, len(audio.samples), audio.rate
        ):  # a second at once: whole songs overflow its stack
            sound.write(audio.samples[begin : begin + audio.rate])
    return file.getvalue()


def _load_soundfile() -> ModuleType:
    try:
        import soundfile
    except OSError as error:  # of a system for which its package has no libsndfile
        raise SoundError(f"soundfile cannot be used ({error}): write a .wav") from error
    return soundfile
