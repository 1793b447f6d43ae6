"""Measures of which some parts are given and the others are written around them."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from musicvae.core.categorical import Chooser, Draw
from musicvae.measures.data.song_batch import measures_to_batch
from musicvae.measures.network.model import require_hearing
from musicvae.measures.network.rules import FixedNotes
from musicvae.measures.writing.side_by_side import HeardSongs, Writing
from musicvae.midi.songs.measure_notes import MeasureNotes


def write_around(
    writing: Writing, given: Sequence[MeasureNotes], written: Sequence[int], draw: Chooser
) -> HeardSongs:
    """Return songs with their next measures, of which some parts are given and the others are drawn.

    Parameters
    ----------
    writing : Writing
    given : sequence of MeasureNotes
        For each song, the notes of the parts that are given.
    written : sequence of int
        The parts that are drawn.
    draw : Chooser

    Returns
    -------
    HeardSongs
        With how likely what is given was, as it was written around (`network.rules`).

    Raises
    ------
    ModelError
        If the decoder does not hear the song.
    """
    config, decoder = writing.model.config, require_hearing(writing.model)
    fitting = [[writing.fit(song, measure)] for song, measure in enumerate(given)]
    layout, notes = measures_to_batch(writing.next_windows(1), fitting, config, writing.device)
    is_written = torch.zeros(len(config.parts), dtype=torch.bool, device=writing.device)
    is_written[list(written)] = True
    warm = draw.temperature if isinstance(draw, Draw) else 1.0
    rule = FixedNotes(notes, len(given), is_written, config.alphabet, warm)
    drawn = decoder.write(layout, writing.no_codes(len(given)), draw, writing.memory, rule)
    return HeardSongs(writing.add(drawn, layout), rule.log_prob.unsqueeze(1))
