from __future__ import annotations

import torch

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.teacher_forcing import (
    find_ringing,
    find_ringing_after,
    forbidden_after,
    forbidden_at_first,
    list_predictions,
)
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

EIGHTH, SHORT = Meter(1, 8), Meter(1, 16)  # 2 steps and 1


def batch_of(
    config: MeasureVAEConfig, meters: tuple[Meter, ...], *rows: tuple[int, int, int]
) -> MeasureBatch:
    """Return a batch of one song of notes given by start, length and pitch."""
    notes = make_notes((start, length, pitch, 80, 0) for start, length, pitch in rows)
    return songs_to_batch([Song(notes, meters, config.parts, config.grid)], config)


def test_a_step_has_a_turn_for_each_note_and_one_for_no_more(config: MeasureVAEConfig) -> None:
    # A chord of three on the first step, a note on the third.
    batch = batch_of(config, (EIGHTH, EIGHTH), (0, 1, 60), (0, 2, 64), (0, 1, 67), (2, 1, 62))
    onset, end = config.alphabet.lanes, config.alphabet.end
    predictions = list_predictions(batch, config.alphabet)
    assert predictions.row.tolist() == [0, 0, 0, 2, 0, 1, 2, 3]
    assert predictions.target.tolist() == [onset + 60, onset + 64, onset + 67, onset + 62, end, end, end, end]
    assert predictions.last.tolist() == [-1, onset + 60, onset + 64, -1, onset + 67, -1, onset + 62, -1]


def test_a_turn_has_heard_the_notes_said_before_it_in_its_step(config: MeasureVAEConfig) -> None:
    batch = batch_of(config, (EIGHTH, EIGHTH), (0, 1, 60), (0, 2, 64), (0, 1, 67), (2, 1, 62))
    predictions = list_predictions(batch, config.alphabet)
    pairs = sorted(zip(predictions.pair_prediction.tolist(), predictions.pair_note.tolist(), strict=True))
    said_before = [(1, 0), (2, 0), (2, 1)]
    at_the_end = [(4, 0), (4, 1), (4, 2), (6, 3)]
    assert pairs == said_before + at_the_end


def test_silence_has_a_turn_for_each_step_that_exists(config: MeasureVAEConfig) -> None:
    silent = [Song(make_notes([]), meters, config.parts, config.grid) for meters in ((EIGHTH,), (SHORT,) * 3)]
    predictions = list_predictions(songs_to_batch(silent, config), config.alphabet)
    assert len(predictions.row) == 2 + 3
    assert (predictions.target == config.alphabet.end).all()
    assert (predictions.last == -1).all()
    assert len(predictions.pair_prediction) == 0


def ringing_steps(batch: MeasureBatch, config: MeasureVAEConfig, pitch: int = 60) -> list[bool]:
    return find_ringing(batch, config.alphabet)[:, pitch].tolist()


def test_a_note_rings_on_the_steps_after_its_onset(config: MeasureVAEConfig) -> None:
    batch = batch_of(config, (Meter(1, 4),), (0, 3, 60))
    assert ringing_steps(batch, config) == [False, True, True, False]


def test_a_note_that_ends_at_a_barline_rings_there_since_it_might_be_held(config: MeasureVAEConfig) -> None:
    batch = batch_of(config, (EIGHTH, EIGHTH), (1, 1, 60))
    assert ringing_steps(batch, config) == [False, False, True, False]


def test_a_note_that_ends_within_a_measure_rings_no_longer(config: MeasureVAEConfig) -> None:
    batch = batch_of(config, (EIGHTH, EIGHTH), (0, 1, 60))
    assert ringing_steps(batch, config) == [False] * 4


def test_a_held_note_rings_across_every_barline(config: MeasureVAEConfig) -> None:
    batch = batch_of(config, (EIGHTH, SHORT, EIGHTH), (1, 3, 60))
    assert ringing_steps(batch, config) == [False, False, True, True, False]


def test_what_the_first_measure_holds_rings_though_its_onset_lies_before(config: MeasureVAEConfig) -> None:
    whole = batch_of(config, (EIGHTH, EIGHTH), (1, 3, 60))
    first, later = (1, 2)  # notes of the batch: the onset, and what is held of it
    notes = whole.notes
    opening = notes._replace(
        **{name: getattr(notes, name)[first:later] for name in ("length", "symbol", "step")},
        measure=torch.tensor([0]),
        row=torch.tensor([0]),
    )
    assert ringing_steps(MeasureBatch(whole.layout, opening), config) == [True, True, True, False]


def test_notes_ring_in_their_own_part_and_window(config: MeasureVAEConfig) -> None:
    songs = [
        Song(make_notes([(0, 2, 60, 80, part)]), (EIGHTH,), config.parts, config.grid) for part in range(2)
    ]
    ringing = find_ringing(songs_to_batch(songs, config), config.alphabet)  # rows: step 0, 0, 1, 1
    assert ringing.nonzero().tolist() == [[2, 60], [3, 128 + 60]]


def test_what_sounds_until_the_end_of_a_windows_last_measure_rings_after_it(config: MeasureVAEConfig) -> None:
    rows = [[(0, 1, 60), (1, 1, 61)], [(1, 1, 60), (2, 2, 61), (0, 4, 62)]]
    songs = [
        Song(make_notes((*row, 80, 0) for row in rows[n]), (EIGHTH,) * (n + 1), config.parts, config.grid)
        for n in range(2)
    ]
    ringing = find_ringing_after(songs_to_batch(songs, config), config.alphabet)
    assert ringing.nonzero().tolist() == [[0, 61], [1, 61], [1, 62]]


def may_say(last: int, ringing: list[int], opens: bool) -> list[int]:
    """Return which symbols of a small alphabet may be said."""
    alphabet = Alphabet(1)
    rings = torch.zeros(1, alphabet.lanes, dtype=torch.bool)
    rings[0, ringing] = True
    no = forbidden_at_first(rings, torch.tensor([opens])) | forbidden_after(torch.tensor([last]), alphabet)
    return (~no[0]).nonzero().squeeze(1).tolist()


def test_within_a_measure_any_pitch_may_be_struck_that_does_not_ring() -> None:
    assert may_say(-1, [], opens=False) == list(range(128, 257))
    assert may_say(-1, [3], opens=False) == [symbol for symbol in range(128, 257) if symbol != 128 + 3]


def test_at_a_barline_what_rings_may_be_held_or_struck_anew() -> None:
    assert may_say(-1, [3, 5], opens=True) == [3, 5, *range(128, 257)]


def test_symbols_rise_within_a_step_and_no_more_may_always_be_said() -> None:
    assert may_say(3, [3, 5], opens=True) == [5, *range(128, 257)]
    assert may_say(250, [], opens=False) == [251, 252, 253, 254, 255, 256]
    assert may_say(255, [], opens=False) == [256]
