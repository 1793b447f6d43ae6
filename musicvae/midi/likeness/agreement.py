"""How well one song says what another says, note by note and step by step.

Conventions
-----------
Both songs have one shape: the same grid, the same meters and as many parts. The results are
counts, so that those of many songs add up (`sum(agreements, Agreement())`) and every ratio is
taken over all notes or steps together (micro-averaged). Velocities are not compared.

A *step* is right when the set of (part, pitch) that begin there and the set of those that sound
there are both right. An *onset* is right when a note of that pitch and part begins at that step;
a *note* is right when its length is right too.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from musicvae.midi.songs.song import Song


@dataclass(frozen=True)
class Agreement:
    """Counts from comparing copies with originals; adding two agreements adds the counts.

    A ratio of nothing to nothing is 1: two empty songs agree.

    Parameters
    ----------
    steps, right_steps : int
        Steps in all, and those that are right.
    original_notes, copied_notes : int
        Notes of the originals and of the copies.
    same_onsets, same_notes : int
        Notes that both have: by onset, pitch and part; and those whose length is the same too.
    """

    steps: int = 0
    right_steps: int = 0
    original_notes: int = 0
    copied_notes: int = 0
    same_onsets: int = 0
    same_notes: int = 0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(*(mine + yours for mine, yours in zip(astuple(self), astuple(other), strict=True)))

    @property
    def step_accuracy(self) -> float:
        """Share of the steps that are right."""
        return _ratio(self.right_steps, self.steps)

    @property
    def onset_recall(self) -> float:
        """Share of the originals' notes whose onset the copies have."""
        return _ratio(self.same_onsets, self.original_notes)

    @property
    def onset_f1(self) -> float:
        """Share of the notes of both that begin where, and as high as, one of the other's (F1)."""
        return _ratio(2 * self.same_onsets, self.original_notes + self.copied_notes)

    @property
    def note_f1(self) -> float:
        """Share of the notes of both that the other has, length included (F1)."""
        return _ratio(2 * self.same_notes, self.original_notes + self.copied_notes)


def compare(original: Song, copy: Song) -> Agreement:
    """Return how well a song says what another one says.

    Raises
    ------
    ValueError
        If grids, meters or the number of parts differ.
    """
    return Agreement(
        steps=original.steps,
        right_steps=int(np.count_nonzero(~wrong_steps(original, copy))),
        original_notes=len(original.notes),
        copied_notes=len(copy.notes),
        same_onsets=_in_both(encode_onsets(original), encode_onsets(copy)),
        same_notes=_in_both(encode_notes(original), encode_notes(copy)),
    )


def wrong_steps(original: Song, copy: Song) -> np.ndarray:
    """Return at which steps the notes that begin, or those that sound, differ; bool, shape (steps,).

    Raises
    ------
    ValueError
        If grids, meters or the number of parts differ.
    """
    _require_one_shape(original, copy)
    odd_onsets = np.setxor1d(encode_onsets(original), encode_onsets(copy), assume_unique=True)
    wrong = _differently_sounding(original, copy)
    wrong[odd_onsets // (128 * max(1, len(original.parts)))] = True
    return wrong


def encode_onsets(song: Song) -> np.ndarray:
    """Return each note's start, part and pitch as one number, int64, shape (notes,); no two are the same."""
    notes = song.notes
    return (notes["start"].astype(np.int64) * len(song.parts) + notes["part"]) * 128 + notes["pitch"]


def encode_notes(song: Song) -> np.ndarray:
    """Return each note's onset and length as one number, int64, shape (notes,): unique within a shape."""
    return encode_onsets(song) * (song.steps + 1) + song.notes["length"]


def _in_both(these: np.ndarray, those: np.ndarray) -> int:
    return len(np.intersect1d(these, those, assume_unique=True))


def _differently_sounding(original: Song, copy: Song) -> np.ndarray:
    """Return at which steps another set of notes sounds, bool, shape (steps,)."""
    # A note adds its sign from its start to its end. Along one (part, pitch) after another the running sum
    # tells who sounds: 0 when both songs or neither, and 0 again at the end of each.
    lanes, times, signs = [], [], []
    for song, sign in ((original, 1), (copy, -1)):
        notes = song.notes
        lane = notes["part"].astype(np.int64) * 128 + notes["pitch"]
        lanes += [lane, lane]
        times += [notes["start"], notes["start"] + notes["length"]]
        signs += [np.full(len(notes), sign), np.full(len(notes), -sign)]
    time, lane = np.concatenate(times), np.concatenate(lanes)
    order = np.lexsort((time, lane))
    odd = np.flatnonzero(np.cumsum(np.concatenate(signs)[order]))
    begin, end = time[order][odd], time[order][odd + 1]
    changes = np.zeros(original.steps + 1, dtype=np.int64)
    np.add.at(changes, begin, 1)
    np.add.at(changes, end, -1)
    return np.cumsum(changes[:-1]) > 0


def _require_one_shape(original: Song, copy: Song) -> None:
    if (original.grid, original.meters, len(original.parts)) != (copy.grid, copy.meters, len(copy.parts)):
        raise ValueError("only songs of the same grid, meters and number of parts can be compared")


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
