from __future__ import annotations

import numpy as np

from musicvae.compose.repair.passage import NEW, trace
from musicvae.compose.repair.song_pass import SongPass
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.ensembles import ENSEMBLES
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

ROWS = [(0, 2, 67), (3, 1, 69), (7, 3, 71), (10, 2, 64), (15, 1, 60), (16, 6, 62)]


def test_what_was_given_stands_once_or_not_at_all_and_comes_back_in_a_later_pass(model: MeasureVAE) -> None:
    # Notes lie across barlines and beside them, so that they are moved from measure to measure.
    song = Song(make_notes((*row, 80, 0) for row in ROWS), (Meter(2, 4),) * 3, ENSEMBLES["melody"])
    notes, there = trace(song.notes), [set(range(len(ROWS)))]
    for amount in (0.9, 1e-9):
        song_pass = SongPass(model, song, notes, amount, better_by=0.0)
        for measure in range(song.measures):
            song_pass.put_right(measure)
            notes = song_pass.notes
            assert np.all(np.diff(notes["start"]) > 0)  # in order, and a line still
            sources = notes["source"][notes["source"] != NEW].tolist()
            there.append(set(sources))
            assert len(sources) == len(there[-1])
    assert there[3] < there[0] == there[-1]
