"""Songs that can be heard in a notebook: HTML with an `<audio>` element, the sound inside it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from musicvae.errors import MusicVAEError
from musicvae.midi.songs.song import Song
from musicvae.sound.encoding import audio_to_opus, audio_to_wav
from musicvae.sound.extras import FILES, is_there
from musicvae.sound.render import music_to_midi
from musicvae.sound.synthesizer import synthesize


@dataclass(frozen=True)
class SongInNotebook:
    """What a notebook shows as a player, at the end of a cell or by `display`.

    Parameters
    ----------
    title : str
    midi : bytes
    soundfont : path, optional
    """

    title: str
    midi: bytes = field(repr=False)
    soundfont: Path | str | None = None

    def _repr_html_(self) -> str:
        """Return the player; where there can be no sound, the sentence that says why."""
        title = escape(self.title)
        try:
            audio = synthesize(self.midi, self.soundfont)
            kind, code = ("ogg", audio_to_opus(audio)) if is_there(FILES) else ("wav", audio_to_wav(audio))
        except MusicVAEError as error:
            return f"<p>{title}: {escape(str(error))}</p>"
        source = f"data:audio/{kind};base64,{base64.b64encode(code).decode()}"
        return f'<figure><figcaption>{title}</figcaption><audio controls src="{source}"></audio></figure>'


def player(music: Song | Path | str, soundfont: Path | str | None = None) -> SongInNotebook:
    """Return what a notebook shows as a player of a song, or of the first song of a file.

    It takes about a megabyte for a minute, or sixteen where `soundfile` is missing. Without the extra
    `[audio]` it says how to get it.

    Raises
    ------
    SongError
        If the song cannot be read.
    """
    title = music.title if isinstance(music, Song) else Path(music).name
    return SongInNotebook(title, music_to_midi(music), soundfont)
