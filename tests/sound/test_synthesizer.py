from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import mido
import numpy as np
import pytest

from musicvae.errors import SongError, SoundError
from musicvae.sound.levels import PEAK, find_peak
from musicvae.sound.soundfont import find_soundfont
from musicvae.sound.synthesizer import Audio, synthesize

Make = Callable[..., bytes]


def note(pitch: int = 60, beats: float = 1, velocity: int = 80, channel: int = 0) -> list[mido.Message]:
    on = mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)
    return [on, mido.Message("note_off", note=pitch, channel=channel, time=round(480 * beats))]


def loudness(audio: Audio, begin: float, end: float) -> float:
    """Return the root of the mean square between two seconds."""
    piece = audio.samples[round(begin * audio.rate) : round(end * audio.rate)].astype(float)
    return float(np.sqrt((piece**2).mean()))


def test_a_note_sounds_when_it_begins_and_fades_after_it_ends(make_midi: Make) -> None:
    rest = mido.MetaMessage("text", text="", time=480)
    audio = synthesize(make_midi([rest, *note(beats=2)]))
    assert (audio.rate, audio.samples.shape[1]) == (48_000, 2)
    assert loudness(audio, 0, 0.45) == 0
    assert loudness(audio, 0.5, 1.5) > 1000
    assert 1.6 < audio.seconds < 3  # the file ends at 1.5
    assert loudness(audio, audio.seconds - 0.01, audio.seconds) < 0.01 * loudness(audio, 0.5, 1.5)


@pytest.mark.parametrize("velocity", [1, 5, 127])
def test_soft_and_loud_music_is_as_loud_as_may_be(make_midi: Make, velocity: int) -> None:
    assert find_peak(synthesize(make_midi(note(velocity=velocity))).samples) == PEAK


def flat_tops(audio: Audio) -> int:
    """Count the samples at the peak that follow another one there."""
    top = np.abs(audio.samples.astype(int)) >= PEAK - 1
    return int((top[1:] & top[:-1]).sum())


def test_a_loud_band_is_turned_down_until_nothing_is_cut_off(
    make_midi: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    volumes = [mido.Message("control_change", control=7, value=127, channel=channel) for channel in range(8)]
    programs = [mido.Message("program_change", program=61, channel=channel) for channel in range(8)]
    begin = [note(48 + n // 8, velocity=127, channel=n % 8)[0] for n in range(32)]
    band = make_midi([*volumes, *programs, *begin, mido.MetaMessage("text", text="", time=960)])
    assert flat_tops(synthesize(band)) == 0
    monkeypatch.setattr("musicvae.sound.synthesizer._MOST_TURNS", 1)
    assert flat_tops(synthesize(band)) > 20


def test_a_soft_note_is_heard_beside_a_loud_one(make_midi: Make) -> None:
    loud, soft = note(72, velocity=100), note(48, velocity=9, channel=1)
    rest = mido.MetaMessage("text", text="", time=480 * 6)
    alone, both = synthesize(make_midi([*loud, rest])), synthesize(make_midi([*loud, rest, *soft]))
    assert alone.seconds < 3
    assert 0 < loudness(both, 3.5, 4) < 0.05 * loudness(both, 0, 0.5)


def test_pedals_programs_and_bends_are_heard(make_midi: Make) -> None:
    plain = make_midi(note())
    pedal = mido.Message("control_change", control=64, value=127)
    with_pedal = synthesize(make_midi([pedal, *note(), mido.MetaMessage("text", text="", time=960)]))
    assert loudness(with_pedal, 0.9, 1.4) > 10 * loudness(synthesize(plain), 0.9, 1.4)
    flute, bend = mido.Message("program_change", program=73), mido.Message("pitchwheel", pitch=8000)
    sounds = [
        synthesize(midi).samples for midi in (plain, make_midi([flute, *note()]), make_midi([bend, *note()]))
    ]
    assert len({sound.tobytes() for sound in sounds}) == 3


def test_the_same_file_gives_the_same_sound(one_note: bytes) -> None:
    assert np.array_equal(synthesize(one_note).samples, synthesize(one_note).samples)


def test_a_file_without_notes_is_silent(make_midi: Make) -> None:
    assert synthesize(make_midi([mido.MetaMessage("text", text="", time=960)])).samples.shape == (0, 2)


def test_more_than_an_hour_is_refused_before_it_is_played(make_midi: Make) -> None:
    end = mido.MetaMessage("end_of_track", time=480 * 2 * 3601)
    with pytest.raises(SongError, match="the song lasts 60 minutes, and sound an hour at most: cut it"):
        synthesize(make_midi([*note(), end]))


def test_what_is_no_midi_file_is_refused() -> None:
    with pytest.raises(SongError, match="it is no MIDI file"):
        synthesize(b"words")


def test_a_damaged_soundfont_is_told_in_a_sentence(one_note: bytes, tmp_path: Path) -> None:
    path = tmp_path / "half.sf2"
    path.write_bytes(b"RIFF\x04\x00\x00\x00sfbk")
    with pytest.raises(SoundError, match=r"the soundfont has no presets: name another"):
        synthesize(one_note, path)
    path.write_bytes(find_soundfont().read_bytes().replace(b"shdr", b"xhdr"))
    with pytest.raises(SoundError, match=r"half.sf2 cannot be played \(.*\): name another soundfont"):
        synthesize(one_note, path)


class PanicException(BaseException):
    """What Rust raises, as Python sees it."""


def test_a_soundfont_over_which_the_synthesizer_stumbles_is_told_too(
    one_note: bytes, pretend: Callable[..., ModuleType]
) -> None:
    def fail(error: BaseException) -> None:
        def render(*_: bytes) -> bytes:
            raise error

        pretend("midirenderer", render_wave_from=render)
        synthesize(one_note)

    with pytest.raises(SoundError, match=r"TimGM6mb.sf2 cannot be played: name another soundfont"):
        fail(PanicException("index out of bounds"))
    with pytest.raises(KeyboardInterrupt):
        fail(KeyboardInterrupt())


def test_without_the_synthesizer_it_is_told_how_to_get_it(
    one_note: bytes, without: Callable[..., None]
) -> None:
    without("midirenderer")
    with pytest.raises(SoundError, match=r"^sound needs the extra \[audio\]: pip install midirenderer$"):
        synthesize(one_note)


def test_nothing_that_makes_sound_is_loaded_before_it_is_needed() -> None:
    look = "import sys, musicvae; musicvae.player, musicvae.write_audio; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert "musicvae.sound.synthesizer" in loaded.split()
    assert not {"midirenderer", "soundfile", "sounddevice", "torch"} & set(loaded.split())
