"""MIDI files -> sound, by the samples of a soundfont.

Conventions
-----------
The synthesizer is `midirenderer` (rustysynth): pedals, bends, programs, volumes and reverb are heard.
What comes out is as loud as it may be, its peak at -1 dB.

The synthesizer leaves out what it takes to be too soft to be heard, before it knows how loud all is to be;
so the soundfont is made louder by 12 dB, and the volumes of all channels are turned down by as much. It plays
a single line at a twentieth of full scale, but some bands beyond it, where the tops of the waves are cut off.
Music that is faint is played again by a still louder soundfont, which costs little, since it has few notes;
and music that is cut off, with the volumes turned down further; until neither is true.

The last notes ring out: there is sound after the last event of the file, until it is 60 dB below the peak.
"""

from __future__ import annotations

import io
import math
import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np

from musicvae.errors import SongError, SoundError
from musicvae.midi.reading.smf.guard import check_midi
from musicvae.sound.extras import SYNTHESIZER, require_libraries
from musicvae.sound.levels import FULL_SCALE, cut_silence, find_peak, raise_to_peak
from musicvae.sound.midi_changes import count_seconds, let_ring, play_softly
from musicvae.sound.soundfont import find_soundfont
from musicvae.sound.soundfont_gain import amplify

LONGEST = 3600  # seconds: they take 3 GB of memory
_RING = 3  # seconds; the pads of a soundfont fade away in less than two
_LOUDER = 12.0  # decibels by which any soundfont is made louder
_FAINT = FULL_SCALE / 16  # a peak below which music is played again
_CLEAR = FULL_SCALE / 2  # where it is to be then
_INAUDIBLE = 60.0  # decibels by which music is made louder of which nothing was heard
_SOFTLY = 0.25  # share of the amplitude to which volumes are turned down, at first and again
_MOST_TURNS = 6
_WAV_HEADER = 44  # bytes before the samples


class Audio(NamedTuple):
    """Sound in two channels.

    Parameters
    ----------
    samples : np.ndarray of int16, shape (frames, 2)
        Left and right, -32767 to 32767.
    rate : int
        Frames a second.
    """

    samples: np.ndarray
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def require_synthesizer(soundfont: Path | str | None = None) -> Path:
    """Check, before long work, that there is what makes sound, and return the soundfont.

    Raises
    ------
    SoundError
        If the synthesizer or the soundfont is missing.
    """
    require_libraries("sound", "audio", SYNTHESIZER)
    return find_soundfont(soundfont)


def synthesize(midi: bytes, soundfont: Path | str | None = None) -> Audio:
    """Return the sound of a MIDI file.

    Parameters
    ----------
    midi : bytes
    soundfont : path, optional
        Found as `soundfont.find_soundfont` does.

    Raises
    ------
    SongError
        If the bytes are no MIDI file, or last longer than an hour.
    SoundError
        If the synthesizer or the soundfont is missing, or refuses.
    """
    path = require_synthesizer(soundfont)
    checked = check_midi(midi)
    if (seconds := count_seconds(checked)) > LONGEST:
        raise SongError(
            f"the song lasts {seconds / 60:.0f} minutes, and sound an hour at most: cut it in pieces"
        )
    return _play_clearly(path, let_ring(checked, _RING))


def _play_clearly(path: Path, midi: bytes) -> Audio:
    """Return the sound of a file, played neither faintly nor cut off if that can be, at its full level."""
    soundfont = path.read_bytes()
    decibels, amplitude = _LOUDER, _SOFTLY
    for _ in range(_MOST_TURNS):
        samples, rate = play_once(amplify(soundfont, decibels), play_softly(midi, amplitude), path)
        peak = find_peak(samples)
        if peak >= FULL_SCALE:
            amplitude *= _SOFTLY
        elif peak >= _FAINT or (not peak and decibels > _LOUDER):
            break
        else:
            decibels += 20 * math.log10(_CLEAR / peak) if peak else _INAUDIBLE
    return Audio(raise_to_peak(cut_silence(samples)), rate)


def play_once(instruments: bytes, midi: bytes, path: Path) -> Audio:
    """Return the sound as the synthesizer makes it."""
    from midirenderer import render_wave_from

    try:
        file = render_wave_from(instruments, midi)
    except RuntimeError as error:
        raise SoundError(f"{path} cannot be played ({error}): name another soundfont") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust, which is no Exception
            raise
        raise SoundError(f"{path} cannot be played: name another soundfont") from error
    with wave.open(io.BytesIO(file)) as sound:
        frames, channels, rate = sound.getnframes(), sound.getnchannels(), sound.getframerate()
    samples = np.frombuffer(file, "<i2", frames * channels, offset=_WAV_HEADER)  # without a copy
    return Audio(samples.reshape(frames, channels), rate)
