"""Music of any kind as sound: what programs ask for."""

from __future__ import annotations

from pathlib import Path

from musicvae.midi.editing.whole_midi import read_whole
from musicvae.midi.saving.writer import song_to_bytes
from musicvae.midi.songs.song import Song
from musicvae.sound.synthesizer import Audio, synthesize


def render(music: Song | Path | str, soundfont: Path | str | None = None) -> Audio:
    """Return the sound of a song, or of the first song of a file.

    Parameters
    ----------
    music : Song or path
        A MIDI file sounds as it is, with its touch, pedals and bends, a score as it is written.
    soundfont : path, optional
        Found as `soundfont.find_soundfont` does.

    Raises
    ------
    SongError
        If it cannot be read, or lasts longer than an hour.
    SoundError
        If the extra `[audio]` or the soundfont is missing.
    """
    return synthesize(music_to_midi(music), soundfont)


def music_to_midi(music: Song | Path | str) -> bytes:
    """Return the MIDI file of a song, or of the first song of a file.

    Raises
    ------
    SongError
        If it cannot be read; the message names the file and says why.
    """
    return song_to_bytes(music) if isinstance(music, Song) else read_whole(Path(music)).data
