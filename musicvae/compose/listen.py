"""Somebody's song -> a song in the model's grid and parts, with word of what that changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from musicvae.errors import SongError
from musicvae.measures.config import MeasureVAEConfig
from musicvae.midi.parts import arrange_with_notices
from musicvae.midi.reader import read_song
from musicvae.midi.song import Song

if TYPE_CHECKING:
    import pretty_midi


class Heard(NamedTuple):
    """A song as the model hears it, and in short phrases what that changed."""

    song: Song
    notices: tuple[str, ...]


def listen(music: Song | Path | str | pretty_midi.PrettyMIDI, config: MeasureVAEConfig) -> Heard:
    """Return a song in the model's grid and parts.

    Parameters
    ----------
    music : Song, path or pretty_midi.PrettyMIDI
    config : MeasureVAEConfig

    Raises
    ------
    SongError
        If it cannot be read, or has nothing for the model's parts.
    """
    if isinstance(music, str | Path):
        song, report = read_song(Path(music), config.grid, config.ensemble)
        return Heard(song, report.notices)
    song = music if isinstance(music, Song) else Song.from_pretty_midi(music, config.grid)
    if song.grid != config.grid:
        song = Song.from_pretty_midi(song.to_pretty_midi(), config.grid)
    heard = arrange_with_notices(song, config.ensemble)
    if not len(heard.song.notes):
        raise SongError(f"the song has no notes for the model's parts ({config.ensemble}): choose another")
    return Heard(*heard)
