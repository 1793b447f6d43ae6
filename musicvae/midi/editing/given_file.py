"""A song that somebody gave: the file that it is, and the song that a model hears."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from musicvae.midi.arranging.ensembles import Ensemble, find_parts
from musicvae.midi.editing.file_notes import TrackChannel
from musicvae.midi.editing.midi_chunks import MidiFile
from musicvae.midi.editing.players import Played, find_players
from musicvae.midi.editing.whole_midi import source_to_whole
from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.reading.laid_songs import find_known_melody, lay_sources
from musicvae.midi.reading.reader import bytes_to_sources, take_first
from musicvae.midi.reading.song_report import FREE, report_songs, tell_first, tell_refused
from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Grid, Song
from musicvae.midi.songs.source import Source

_ONLY_HEARD = "for the model, not in the file"


@dataclass(frozen=True, eq=False)
class GivenFile:
    """A song as the MIDI file that it is, or that its score became, and as a model hears it.

    Parameters
    ----------
    file : MidiFile
    source : Source
        What it says, or its score said, in the ticks of `file`.
    song : Song
        In the model's grid and parts.
    place : TickMap
        Where the song's steps lie in the file.
    played : tuple of tuple of Played
        Who gave each part its notes.
    notices : tuple of Notice
        What was guessed, moved or left out; what only the model's song lacks is told as such.
    """

    file: MidiFile
    source: Source
    song: Song
    place: TickMap
    played: tuple[tuple[Played, ...], ...]
    notices: tuple[Notice, ...]


def open_given(path: Path, data: bytes, grid: Grid, ensemble: Ensemble | str, melody: str = "") -> GivenFile:
    """Return the first song of a file, to be edited.

    Parameters
    ----------
    path : Path
        What the file is called: its suffix tells how a score is written.
    data : bytes
        What is in it.
    grid : Grid
    ensemble : Ensemble or str
        The parts of the model, or their name.
    melody : str
        See `reader.read_with_report`.

    Raises
    ------
    SongError
        If no song can be read, or it has no notes for the ensemble.
    """
    said = bytes_to_sources(data, path.suffix)
    laid = lay_sources(said.sources, grid, ensemble, melody)
    report = take_first(report_songs(FileReport(path, said.status, said.reason), laid, grid)).report
    source, on_grid, song, lost = laid.songs[0]
    whole = source_to_whole(source, path, data)
    ticks_per_beat = whole.file.header.ticks_per_beat
    counted = source.divide_ticks(source.ticks_per_beat // ticks_per_beat)  # a score counts finer ones
    part_of_note = find_parts(on_grid.song, ensemble, find_known_melody(source, melody))
    players = find_players(counted, whole.file.notes)
    notes = on_grid.song.notes
    played = (_who_played(notes[part_of_note == part], players) for part in range(len(song.parts)))
    return GivenFile(
        file=whole.file,
        source=counted,
        song=song,
        place=on_grid.place._replace(ticks_per_beat=ticks_per_beat),
        played=tuple(map(tuple, played)),
        notices=(
            *tell_first(report),
            *tell_refused(laid),
            *(whole.notices or _only_heard(source.notices)),
            *_only_heard(lost),
            *(FREE,) * report.free,
        ),
    )


def _only_heard(notices: Sequence[Notice]) -> Iterator[Notice]:
    """Yield notices of what only the model's song lacks, while the file keeps it, as such."""
    for notice in notices:
        yield replace(notice, what=f"{_ONLY_HEARD}: {notice.what}")


def _who_played(notes: np.ndarray, players: Sequence[TrackChannel | None]) -> Iterator[Played]:
    """Yield who played notes of a song in the tracks of its file, and which."""
    tracks: defaultdict[TrackChannel, list[int]] = defaultdict(list)
    for track in np.unique(notes["part"]).tolist():
        if (player := players[track]) is not None:
            tracks[player].append(track)
    for player, own in tracks.items():
        chosen = notes[np.isin(notes["part"], own)]
        yield Played(player, chosen["start"], chosen["pitch"], chosen["velocity"])
