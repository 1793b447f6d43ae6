"""Somebody's song -> a song in the model's grid and parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from musicvae.errors import SongError
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.midi.arranging.ensembles import arrange
from musicvae.midi.arranging.seats import are_seats
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.reader import read_song
from musicvae.midi.saving.pretty import pretty_midi_to_song
from musicvae.midi.saving.writer import find_end, song_to_source
from musicvae.midi.songs.song import Song

if TYPE_CHECKING:
    import pretty_midi

    Music: TypeAlias = Song | Path | str | pretty_midi.PrettyMIDI


def listen(music: Music, config: MeasureVAEConfig) -> Song:
    """Return a song in the model's grid and parts; of a file, its first one.

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
        return read_song(music, config.grid, config.arrangement)
    song = music if isinstance(music, Song) else pretty_midi_to_song(music, config.grid)
    if song.grid != config.grid:
        source = song_to_source(song)
        song = quantise(source, config.grid, find_end(song, source)).song
    heard = song if _is_seated(song, config) else arrange(song, config.arrangement).song
    if not len(heard.notes):
        raise SongError(f"the song has no notes for the model's parts ({config.ensemble}): choose another")
    return heard


def _is_seated(song: Song, config: MeasureVAEConfig) -> bool:
    """Say whether a song has the model's seats, as the model's own have: it is heard as it is."""
    if not are_seats(song.parts) or len(song.parts) != len(config.parts):
        return False
    return all(
        ours.is_drums == theirs.is_drums for ours, theirs in zip(config.parts, song.parts, strict=True)
    )
