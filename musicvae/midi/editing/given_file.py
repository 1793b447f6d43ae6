"""A song that somebody gave: the file that it is, and the song that a model hears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from musicvae.midi.editing.file_notes import TrackChannel
from musicvae.midi.editing.midi_chunks import MidiFile, file_to_bytes
from musicvae.midi.editing.players import Played, find_players
from musicvae.midi.editing.sound_midi import make_sound, score_to_sound
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.reader import (
    FileSources,
    bytes_to_sources,
    find_known_melody,
    lay_songs,
    score_format,
    take_first,
)
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.reading.song_report import FREE, tell_first
from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.songs.ensembles import arrange, find_parts
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Grid, Song
from musicvae.midi.songs.source import MeterChange, Source

_ONLY_HEARD = "for the model, not in the file"


@dataclass(frozen=True, eq=False)
class GivenFile:
    """A song as the MIDI file that it is, or that its score became, and as a model hears it.

    Parameters
    ----------
    file : MidiFile
    song : Song
        In the model's grid and parts.
    place : TickMap
        Where the song's steps lie in the file.
    played : tuple of tuple of Played
        Who gave each part its notes.
    meters : tuple of MeterChange
        What the file says of them.
    notices : tuple of Notice
        What was guessed, moved or left out; what only the model's song lacks is told as such.
    """

    file: MidiFile
    song: Song
    place: TickMap
    played: tuple[tuple[Played, ...], ...]
    meters: tuple[MeterChange, ...]
    notices: tuple[Notice, ...]

    @property
    def players(self) -> frozenset[TrackChannel]:
        """Who gave any note to any part."""
        return frozenset(each.player for part in self.played for each in part)


def open_given(path: Path, data: bytes, grid: Grid, ensemble: str, melody: str = "") -> GivenFile:
    """Return the first song of a file, to be edited.

    Parameters
    ----------
    path : Path
        What the file is called: its suffix tells how a score is written.
    data : bytes
        What is in it.
    grid : Grid
    ensemble : str
        Of the model: see `ensembles.ENSEMBLES`.
    melody : str
        See `reader.read_with_report`.

    Raises
    ------
    SongError
        If no song can be read, or it has no notes for the ensemble.
    """
    said = bytes_to_sources(data, path.suffix)
    report = take_first(lay_songs(path, said, grid, ensemble, melody)).report
    first, is_score = _find_first(said, grid, ensemble, melody), bool(score_format(data, path.suffix))
    sound = score_to_sound(first) if is_score else make_sound(data)
    source = replace(parse_midi(file_to_bytes(sound.file)), is_barred=is_score)
    laid, heard, place = quantise(source, grid)
    known = find_known_melody(source, melody)
    (song, thinned), part_of_note = arrange(laid, ensemble, known), find_parts(laid, ensemble, known)
    players = find_players(source, sound.file.notes)
    played = (_who_played(laid.notes[part_of_note == part], players) for part in range(len(song.parts)))
    return GivenFile(
        file=sound.file,
        song=song,
        place=place,
        played=tuple(map(tuple, played)),
        meters=source.meters,
        notices=(
            *tell_first(report),
            *_tell(first.notices, only_heard=not is_score and not sound.notices),
            *_tell(heard + thinned, only_heard=True),
            *(FREE,) * report.free,
            *sound.notices,
        ),
    )


def _tell(notices: Sequence[Notice], only_heard: bool) -> Iterator[Notice]:
    """Yield notices; those of what only the model's song lacks, while the file keeps it, as such."""
    for notice in notices:
        yield replace(notice, what=f"{_ONLY_HEARD}: {notice.what}") if only_heard else notice


def _who_played(notes: np.ndarray, players: Sequence[TrackChannel | None]) -> Iterator[Played]:
    """Yield who played notes of a song in the tracks of its file, and which."""
    tracks: defaultdict[TrackChannel, list[int]] = defaultdict(list)
    for track in np.unique(notes["part"]).tolist():
        if (player := players[track]) is not None:
            tracks[player].append(track)
    for player, own in tracks.items():
        chosen = notes[np.isin(notes["part"], own)]
        yield Played(player, chosen["start"], chosen["pitch"], chosen["velocity"])


def _find_first(said: FileSources, grid: Grid, ensemble: str, melody: str) -> Source:
    """Return the first source of a file that makes a song."""
    if len(said.sources) == 1:
        return said.sources[0]
    alone = (said._replace(sources=(source,)) for source in said.sources)
    return next(one.sources[0] for one in alone if lay_songs(Path(), one, grid, ensemble, melody).songs)
