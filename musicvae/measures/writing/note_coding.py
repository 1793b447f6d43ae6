"""A song's notes <-> bytes, under the decoder's own probabilities: note for note, the shorter the likelier.

The decoder without codes is a language model with an exact likelihood, and a range coder
(`core.compression.range_coding`) spends -log2 p bits on what has the probability p. Who reads must find the
very probabilities that were written under. So both go the same way, one song, row by row, in float64, and
probabilities are rounded to whole numbers (`core.compression.whole_probabilities`) so coarsely that the last
digits of the arithmetic do not show. Reading all rows of a song at once would be quicker, and round
otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.core.categorical import Chooser
from musicvae.core.compression.range_coding import RangeReader, RangeWriter
from musicvae.core.compression.whole_probabilities import to_whole
from musicvae.core.training.threads import one_thread
from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.data.song_batch import SongOutline, outline_song
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.side_by_side import begin_writing
from musicvae.midi.songs.measure_notes import MeasureNotes, split_measures
from musicvae.midi.songs.song import Song

ENOUGH = 32  # measures by which it is decided what the decoder is told of a song


class _Teller(NamedTuple):
    """Chooses what is known, and writes it down."""

    known: Iterator[int]
    writer: RangeWriter

    def of(self, songs: Tensor) -> Chooser:
        return self

    def pick(self, logits: Tensor) -> Tensor:
        [row] = logits
        symbol = next(self.known)
        self.writer.write(symbol, to_whole(row))
        return torch.tensor([symbol])


class _Listener(NamedTuple):
    """Chooses what was written down."""

    reader: RangeReader

    def of(self, songs: Tensor) -> Chooser:
        return self

    def pick(self, logits: Tensor) -> Tensor:
        [row] = logits
        return torch.tensor([self.reader.read(to_whole(row))])


def notes_to_bytes(
    model: MeasureVAE,
    song: Song,
    outline: SongOutline,
    on_measure: Callable[[int], None] = lambda measures: None,
) -> bytes:
    """Return the notes of a song in so many bytes as they are likely, after an outline that is known.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    song : Song
        In the model's grid and parts.
    outline : SongOutline
        With the song's meters; see `choose_outline`.
    on_measure : callable
        Told how many measures are coded.

    Raises
    ------
    SongError
        If a measure is longer than the model's longest.
    """
    writer = RangeWriter()
    steps = [meter.steps(song.grid) for meter in song.meters]
    by_measure = zip(split_measures(song), steps, strict=True)
    tellers = (_Teller(_say(measure, count, model.config.alphabet), writer) for measure, count in by_measure)
    with _exactly():
        _write(model, outline, tellers, on_measure)
    return writer.to_bytes()


def bytes_to_notes(
    model: MeasureVAE,
    data: bytes,
    outline: SongOutline,
    on_measure: Callable[[int], None] = lambda measures: None,
) -> Song:
    """Return the song of an outline whose notes are these. Inverse of `notes_to_bytes`, but for velocities.

    Raises
    ------
    PacketError
        If no notes can be these.
    SongError
        If a measure is longer than the model's longest.
    """
    listener = _Listener(RangeReader(data))
    with _exactly():
        return _write(model, outline, (listener for _ in outline.meters), on_measure)


def choose_outline(model: MeasureVAE, song: Song, key: int) -> SongOutline:
    """Return what to tell the decoder of a song: the key or none, and the style under which it is likeliest.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    song : Song
        In the model's grid and parts.
    key : int
        See `midi.songs.key`.
    """
    styles = range(len(model.config.styles) + 1)
    outlines = [outline_song(song, told, style) for told in {0, key} for style in styles]
    by_measure = split_measures(song)[:ENOUGH]
    with torch.inference_mode(), one_thread():
        likely = begin_writing(model, outlines).hear([by_measure] * len(outlines)).log_prob.sum(1)
    return outlines[int(likely.argmax())]


@contextmanager
def _exactly() -> Iterator[None]:
    """Let nothing but the song decide how numbers are rounded."""
    with torch.inference_mode(), torch.autocast("cpu", enabled=False), one_thread():
        yield


def _write(
    model: MeasureVAE, outline: SongOutline, choosers: Iterator[Chooser], on_measure: Callable[[int], None]
) -> Song:
    """Return the song that is written if each measure is chosen in its own way, without codes."""
    exact = deepcopy(model).to("cpu", torch.float64)
    nothing = torch.zeros(1, model.config.code_size, dtype=torch.float64)
    decoder, writing = require_hearing(exact), begin_writing(exact, [outline])
    for chooser in choosers:
        layout, told = writing.lay_out_next(), NoisyCodes(nothing, nothing.new_ones(1))
        writing = writing.add(decoder.write(layout, told, chooser, writing.memory), layout)
        on_measure(writing.at)
    return writing.songs()[0]


def _say(measure: MeasureNotes, steps: int, alphabet: Alphabet) -> Iterator[int]:
    """Yield what the decoder says to write a measure.

    At the barline, and at each later step where notes begin: its symbols and lengths, the end, and the step
    where something begins next; after the last one the number of steps.
    """
    symbols = alphabet.symbols(*(measure[name].astype(np.int64) for name in ("part", "pitch", "held")))
    order = np.lexsort((symbols, measure["step"]))
    at = measure["step"][order]
    rows = np.union1d(0, at).astype(np.int64)
    for row, following in pairwise([*rows.tolist(), steps]):
        for note in order[at == row]:
            yield int(symbols[note])
            yield int(measure["length"][note]) - 1
        yield alphabet.end
        yield following
