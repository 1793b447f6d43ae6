"""Songs <-> `pretty_midi.PrettyMIDI`, the object that people in the field hold in their hands.

Conventions
-----------
PrettyMIDI counts time in seconds; what is exchanged here are ticks, through its own tempo map,
so that a song comes back on the same steps whatever its tempi. Every part is one instrument.

Not kept by PrettyMIDI: title and markers, and measures of silence after the last note. Not
kept by songs: pitch bends, control changes, lyrics and whatever falls between two steps.
"""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pretty_midi

from musicvae.errors import SongError
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.saving.writer import song_to_bytes
from musicvae.midi.songs.song import FINE_GRID, Grid, Meter, Part, Song
from musicvae.midi.songs.source import SOURCE_NOTE, MeterChange, Source, TempoChange


def song_to_pretty_midi(song: Song) -> pretty_midi.PrettyMIDI:
    """Return the song as a PrettyMIDI, with its tempi, its meters and an instrument for each part.

    Raises
    ------
    SongError
        If the song is longer than PrettyMIDI allows (about 20,000 beats).
    """
    only_the_time = replace(song, notes=song.notes[:0], parts=(), markers=(), title="")
    try:
        midi = pretty_midi.PrettyMIDI(io.BytesIO(song_to_bytes(only_the_time)))
    except ValueError as error:  # the one thing wrong with a file of ours: too many ticks
        raise SongError(f"{song.measures} measures are too many for pretty_midi: cut the song") from error
    ticks_per_step = midi.resolution // song.grid.steps_per_beat
    midi.instruments = [pretty_midi.Instrument(p.program, p.is_drums, p.name) for p in song.parts]
    for start, length, pitch, velocity, part in song.notes.tolist():
        begin, end = (float(midi.tick_to_time(step * ticks_per_step)) for step in (start, start + length))
        midi.instruments[part].notes.append(pretty_midi.Note(velocity, pitch, begin, end))
    return midi


def pretty_midi_to_song(midi: pretty_midi.PrettyMIDI, grid: Grid | None = None) -> Song:
    """Return a PrettyMIDI as a song on a grid: on the fine one, unless another is given.

    Inverse of `song_to_pretty_midi` on the grid.

    Raises
    ------
    SongError
        If there are no notes, or more than 200,000 measures.
    """
    times, tempi = midi.get_tempo_changes()
    source = Source(
        notes=_source_notes(midi),
        tracks=tuple(Part(track.name, track.program, track.is_drum) for track in midi.instruments),
        ticks_per_beat=midi.resolution,
        meters=tuple(
            MeterChange(int(midi.time_to_tick(change.time)), Meter(change.numerator, change.denominator))
            for change in midi.time_signature_changes
            if change.denominator & (change.denominator - 1) == 0  # PrettyMIDI takes 4/3 as well
        ),
        tempi=tuple(
            TempoChange(int(midi.time_to_tick(t)), float(bpm)) for t, bpm in zip(times, tempi, strict=True)
        ),
    )
    return quantise(source, grid or FINE_GRID).song


def _source_notes(midi: pretty_midi.PrettyMIDI) -> np.ndarray:
    to_tick = midi.time_to_tick
    rows = [
        (int(to_tick(note.start)), int(to_tick(note.end)), note.pitch, note.velocity, track)
        for track, instrument in enumerate(midi.instruments)
        for note in instrument.notes
    ]
    return np.sort(np.array(rows, SOURCE_NOTE), order=["start", "track", "pitch"])
