from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from musicvae.compose.repair.given_notes import GivenNotes
from musicvae.compose.repair.noise_channel import NoiseChannel
from musicvae.compose.repair.passage import NEW, TRACED, trace
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

CHANNEL = NoiseChannel(0.1)
ALL = np.arange(3)


def given_notes(*lines: int, lengths: Sequence[int] = (2, 2, 4)) -> GivenNotes:
    rows = [(2 * n, length, 60 + n, 80, 0) for n, length in enumerate(lengths)]
    return GivenNotes(Song(make_notes(rows), (Meter(2, 4),), ENSEMBLES["melody"]), lines, CHANNEL)


def changed(given: GivenNotes, note: int, **fields: int) -> np.ndarray:
    notes = given.notes.copy()
    for name, value in fields.items():
        notes[name][note] = value
    return notes


def test_a_song_as_it_was_given_costs_nothing() -> None:
    given = given_notes(0)
    assert given.log_prob(given.notes, ALL) == 0
    assert trace(given.notes)["source"].tolist() == [0, 1, 2]


def test_every_error_is_counted_once() -> None:
    given = given_notes()
    assert given.log_prob(changed(given, 1, pitch=65), ALL) == CHANNEL.repitched(4)
    assert given.log_prob(changed(given, 1, start=3), ALL) == CHANNEL.shifted(1)
    assert given.log_prob(changed(given, 1, length=1), ALL) == CHANNEL.stretched(-1)
    both = changed(given, 1, start=3, pitch=65)
    assert given.log_prob(both, ALL) == CHANNEL.shifted(1) + CHANNEL.repitched(4)
    new = np.array([(6, 2, 70, 0, 0, NEW)], TRACED)
    assert given.log_prob(np.append(given.notes, new), ALL) == CHANNEL.dropped
    assert given.log_prob(given.notes[1:], ALL) == CHANNEL.extra(3, 8)
    assert given.log_prob(given.notes[1:], ALL[1:]) == 0  # of these notes nothing is asked


def test_in_a_line_a_note_that_was_cut_by_the_next_may_have_been_longer() -> None:
    line = given_notes(0)
    assert line.log_prob(changed(line, 0, length=3), ALL) == 0
    assert line.log_prob(changed(line, 0, length=1), ALL) == CHANNEL.stretched(-1)
    apart = given_notes(0, lengths=(1, 2, 4))
    assert apart.log_prob(changed(apart, 0, length=2), ALL) == CHANNEL.stretched(1)
    chords = given_notes()
    assert chords.log_prob(changed(chords, 0, length=3), ALL) == CHANNEL.stretched(1)
