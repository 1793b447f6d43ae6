"""Prepared measures: the notes of songs, cut at the barlines, in flat columns.

Notes are kept and rolls are drawn in the batch: a dense roll of a measure is 99 % zeros. A note is
six int16 numbers; offsets say which notes belong to a measure and which measures to a song. On disk
a store is a `safetensors` file, memory-mapped when opened, so that a corpus may be larger than memory.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from musicvae.errors import TrainingError
from musicvae.midi.arranging.seats import list_programs, take_seats
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, measure_notes_to_song, song_to_measure_notes
from musicvae.midi.songs.pianoroll import PITCHES
from musicvae.midi.songs.ranges import concat_ranges
from musicvae.midi.songs.song import Grid, Meter, Part, Song
from musicvae.outputs import new_file

COLUMNS = ("step", "length", "pitch", "part", "velocity", "held")


@dataclass(frozen=True, eq=False)
class MeasureStore:
    """Songs of one grid and ensemble, in measures.

    Parameters
    ----------
    columns : np.ndarray of int16, shape (6, notes)
        step, length, pitch, part, velocity, held: see `midi.songs.measure_notes`.
    note_offsets : np.ndarray of int64, shape (measures + 1,)
        Where the notes of each measure begin.
    song_offsets : np.ndarray of int64, shape (songs + 1,)
        Where the measures of each song begin.
    meter : np.ndarray of int16, shape (measures, 2)
        Numerator and denominator of each measure.
    key : np.ndarray of int16, shape (songs,)
        The key of each song, as its notes suggest it (see `midi.songs.key`): 0 unknown, 1..24. What files say
        is not asked: many say C major and mean nothing by it.
    style : np.ndarray of int16, shape (songs,)
        The style of each song: 0 unknown, s for `styles[s - 1]`.
    titles : tuple of str
        One for each song.
    program : np.ndarray of int16, shape (songs, parts)
        The General MIDI program of each part; NO_PROGRAM at a vacant seat.
    styles : tuple of str
        The names of the styles.
    """

    columns: np.ndarray
    note_offsets: np.ndarray
    song_offsets: np.ndarray
    meter: np.ndarray
    key: np.ndarray
    style: np.ndarray
    program: np.ndarray
    titles: tuple[str, ...]
    styles: tuple[str, ...] = ()

    @property
    def songs(self) -> int:
        """Number of songs."""
        return len(self.song_offsets) - 1

    @property
    def measures(self) -> int:
        """Number of measures."""
        return len(self.note_offsets) - 1

    @property
    def notes(self) -> int:
        """Number of notes, those cut at a barline counted once a measure."""
        return self.columns.shape[1]

    def measure_steps(self, grid: Grid) -> np.ndarray:
        """Return the length of each measure in steps, shape (measures,)."""
        return 4 * grid.steps_per_beat * self.meter[:, 0].astype(np.int64) // self.meter[:, 1]

    def meters(self) -> dict[str, float]:
        """Return the meters there are and the share of the measures that each has, commonest first."""
        pairs, counts = np.unique(self.meter, axis=0, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return {str(Meter(*pairs[index].tolist())): float(counts[index] / self.measures) for index in order}

    def style_shares(self) -> dict[str, float]:
        """Return the styles and the share of the songs that each has, commonest first."""
        counts = np.bincount(self.style, minlength=len(self.styles) + 1)[1:]
        order = np.argsort(-counts, kind="stable")
        return {self.styles[index]: float(counts[index] / self.songs) for index in order}

    def different_songs(self) -> int:
        """Return how many songs there are, not counting copies: the same notes in any key, with any touch."""
        return len({self._notes_apart_from_key(song) for song in range(self.songs)})

    def _notes_apart_from_key(self, song: int) -> bytes:
        measures = np.arange(self.song_offsets[song], self.song_offsets[song + 1])
        columns, owner = self.notes_of(measures)
        step, length, pitch, part, _, held = columns
        relative = pitch - pitch.min(initial=PITCHES)
        return np.stack([owner, step, length, relative, part, held]).tobytes()

    def notes_of(self, measures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the notes of some measures.

        Parameters
        ----------
        measures : np.ndarray of int, shape (m,)

        Returns
        -------
        columns : np.ndarray of int16, shape (6, notes)
        owner : np.ndarray of int, shape (notes,)
            The index into `measures` of each note.
        """
        first, after = self.note_offsets[measures], self.note_offsets[measures + 1]
        owner, note = concat_ranges(first, after - first)
        return self.columns[:, note], owner


def songs_to_store(songs: Sequence[Song]) -> MeasureStore:
    """Return songs of one grid and ensemble as a store, each with the key that its notes suggest."""
    programs = [list_programs(song.parts) for song in songs]
    by_song = [song_to_measure_notes(song) for song in songs]
    counts = [
        np.bincount(notes["measure"], minlength=song.measures)
        for notes, song in zip(by_song, songs, strict=True)
    ]
    every = np.concatenate([np.empty(0, MEASURE_NOTE), *by_song])
    meters = [(meter.numerator, meter.denominator) for song in songs for meter in song.meters]
    return MeasureStore(
        columns=np.stack([every[name].astype(np.int16) for name in COLUMNS]),
        note_offsets=_offsets(np.concatenate([np.empty(0, np.int64), *counts])),
        song_offsets=_offsets(np.array([song.measures for song in songs], np.int64)),
        meter=np.array(meters, np.int16).reshape(-1, 2),
        key=np.array([find_key(song) for song in songs], np.int16),
        style=np.zeros(len(songs), np.int16),
        program=np.array(programs, np.int16).reshape(len(songs), -1 if songs else 0),
        titles=tuple(song.title for song in songs),
    )


def merge_stores(stores: Sequence[MeasureStore]) -> MeasureStore:
    """Return the songs of several stores that name no styles, in order, as one store."""
    stores = [store for store in stores if store.songs]
    if not stores:
        return songs_to_store([])
    return MeasureStore(
        columns=np.concatenate([store.columns for store in stores], axis=1),
        note_offsets=_offsets(np.concatenate([np.diff(store.note_offsets) for store in stores])),
        song_offsets=_offsets(np.concatenate([np.diff(store.song_offsets) for store in stores])),
        meter=np.concatenate([store.meter for store in stores]),
        key=np.concatenate([store.key for store in stores]),
        style=np.concatenate([store.style for store in stores]),
        program=np.concatenate([store.program for store in stores]),
        titles=tuple(title for store in stores for title in store.titles),
    )


def _offsets(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


_ARRAYS = {
    **dict.fromkeys(("columns", "meter", "key", "style", "program"), np.int16),
    **dict.fromkeys(("note_offsets", "song_offsets"), np.int64),
}
_TEXTS = ("titles", "styles")


def save_store(store: MeasureStore, path: Path) -> None:
    """Write a store to one file."""
    arrays = {name: np.ascontiguousarray(getattr(store, name)) for name in _ARRAYS}
    texts = {name: json.dumps(getattr(store, name)) for name in _TEXTS}
    with new_file(path) as temporary:
        temporary.write_bytes(save(arrays, metadata=texts))


def open_store(path: Path) -> MeasureStore:
    """Return the store that a file holds, its arrays mapped into memory and not read.

    Raises
    ------
    TrainingError
        If the file is not such a store.
    """
    try:
        with path.open("rb") as file:
            size = int.from_bytes(file.read(8), "little")
            if size > path.stat().st_size:
                raise ValueError("the header is longer than the file")
            header = json.loads(file.read(size))
        texts = {name: tuple(json.loads(header["__metadata__"][name])) for name in _TEXTS}
        arrays = {name: _map(path, 8 + size, header[name], dtype) for name, dtype in _ARRAYS.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"the prepared measures in {path} are damaged: delete that file and train again"
        ) from error
    return MeasureStore(**arrays, titles=texts["titles"], styles=texts["styles"])


def _map(path: Path, begin: int, entry: dict[str, Any], dtype: type) -> np.ndarray:
    """Map one array of a safetensors file (`safe_open` would copy it)."""
    shape = tuple(entry["shape"])
    if 0 in shape:
        return np.empty(shape, dtype)
    return np.memmap(path, dtype, "r", begin + entry["data_offsets"][0], shape)


def store_to_song(store: MeasureStore, index: int, parts: Sequence[Part], grid: Grid) -> Song:
    """Return one song of a store. Inverse of `songs_to_store`, but for tempi, markers and names of parts.

    Parameters
    ----------
    store : MeasureStore
    index : int
    parts : sequence of Part
        Of the ensemble; who sat at its seats sits there.
    grid : Grid
    """
    parts = take_seats(parts, store.program[index].tolist())
    first, after = store.song_offsets[index], store.song_offsets[index + 1]
    columns, owner = store.notes_of(np.arange(first, after))
    notes = np.empty(len(owner), MEASURE_NOTE)
    notes["measure"] = owner
    for name, column in zip(COLUMNS, columns, strict=True):
        notes[name] = column
    meters = [Meter(*pair) for pair in store.meter[first:after].tolist()]
    return replace(measure_notes_to_song(notes, meters, parts, grid), title=store.titles[index])
