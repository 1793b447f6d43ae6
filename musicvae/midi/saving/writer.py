"""Songs -> MIDI files.

Conventions
-----------
A file has 480 ticks to the beat, or the next number above that the grid divides, so that every step falls on
a tick, says its tempo from the start, and ends where the song does. `source_midi` says how it is laid out.

Kept: everything in the `Song`, tempi to the microsecond per beat. Texts are written in
Latin-1, the encoding that readers expect; what it lacks becomes the nearest letter or `?`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from musicvae.midi.arranging.seats import leave_vacant_seats
from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.saving.source_midi import source_to_midi
from musicvae.midi.songs.song import DEFAULT_BPM, Song, Tempo
from musicvae.midi.songs.source import SOURCE_NOTE, MeterChange, Source, TempoChange, TextAt
from musicvae.outputs import new_file, require_free
from musicvae.provenance import (
    BY_A_PROGRAM,
    Provenance,
    reason_to_keep_from_program,
    reason_to_keep_song,
)

_LEAST_TICKS = 480  # to the beat


def write_song(
    song: Song, path: Path | str, provenance: Provenance | None = None, overwrite: bool = False
) -> None:
    """Write a song as a MIDI file.

    Parameters
    ----------
    song : Song
    path : Path or str
    provenance : Provenance, optional
        How the song came about; without it the file says that a program wrote it, which may write it again.
    overwrite : bool
        Whether to replace somebody's work.

    Raises
    ------
    OutputError
        If the file exists and is not as musicvae wrote it or a song exported from a corpus, or cannot be
        written.
    SongError
        If its grid is finer than MIDI can count, and so are its notes.
    """
    reason = reason_to_keep_song if provenance else reason_to_keep_from_program
    data = song_to_bytes(song, provenance or Provenance(BY_A_PROGRAM))
    write_midi_bytes(data, path, overwrite, reason)


def write_midi_bytes(
    data: bytes,
    path: Path | str,
    overwrite: bool = False,
    reason_to_keep: Callable[[Path], str | None] = reason_to_keep_song,
) -> None:
    """Write the bytes of a MIDI file; it raises what `write_song` does."""
    path = Path(path)
    require_free(path, overwrite, reason_to_keep)
    with new_file(path) as temporary:
        temporary.write_bytes(data)


def song_to_bytes(song: Song, provenance: Provenance | None = None) -> bytes:
    """Return the MIDI file of a song; the same song gives the same bytes."""
    source = song_to_source(song)
    return source_to_midi(source, provenance, find_end(song, source))


def find_end(song: Song, source: Source) -> int:
    """Return the tick of its source at which a song ends."""
    return TickMap(source.ticks_per_beat, song.grid).to_tick(song.steps)


def song_to_source(song: Song) -> Source:
    """Return what a song says in ticks, with a tempo from the start and every change of meter.

    Seats where nobody sits are no tracks.
    """
    song = leave_vacant_seats(song)
    ticks_per_step = -(-_LEAST_TICKS // song.grid.steps_per_beat)
    notes = np.empty(len(song.notes), SOURCE_NOTE)
    notes["start"] = song.notes["start"] * np.int64(ticks_per_step)
    notes["end"] = notes["start"] + song.notes["length"] * np.int64(ticks_per_step)
    notes["pitch"], notes["velocity"] = song.notes["pitch"], song.notes["velocity"]
    notes["track"] = song.notes["part"]
    first = [] if song.tempi and song.tempi[0].step == 0 else [Tempo(0, DEFAULT_BPM)]
    measures = zip(song.measure_starts.tolist(), song.meters, [None, *song.meters], strict=False)
    return Source(
        notes=notes,
        tracks=song.parts,
        ticks_per_beat=ticks_per_step * song.grid.steps_per_beat,
        meters=tuple(
            MeterChange(step * ticks_per_step, now) for step, now, before in measures if now != before
        ),
        tempi=tuple(TempoChange(step * ticks_per_step, bpm) for step, bpm in (*first, *song.tempi)),
        markers=tuple(TextAt(step * ticks_per_step, text) for step, text in song.markers),
        title=song.title,
        is_barred=True,
    )
