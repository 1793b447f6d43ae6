from __future__ import annotations

import torch
from torch import Tensor

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.batch import MeasureBatch
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import songs_to_batch
from musicvae.measures.network.rows import find_onsets, find_rows, lay_rows
from musicvae.measures.network.teacher_forcing import (
    Sounding,
    find_free,
    find_sounding,
    forbidden,
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


def test_a_row_has_a_turn_for_each_note_and_one_for_no_more(config: MeasureVAEConfig) -> None:
    # A chord of three on the first step, a note on the fourth.
    batch = batch_of(config, (EIGHTH, EIGHTH), (0, 1, 60), (0, 2, 64), (0, 1, 67), (3, 1, 62))
    onset, end = config.alphabet.lanes, config.alphabet.end
    predictions = list_predictions(batch.notes, find_rows(batch), config.alphabet)
    assert predictions.row.tolist() == [0, 0, 0, 2, 0, 1, 2]
    assert predictions.target.tolist() == [onset + 60, onset + 64, onset + 67, onset + 62, end, end, end]
    assert predictions.last.tolist() == [-1, onset + 60, onset + 64, -1, onset + 67, -1, onset + 62]


def test_a_turn_has_heard_the_notes_said_before_it_in_its_row(config: MeasureVAEConfig) -> None:
    batch = batch_of(config, (EIGHTH, EIGHTH), (0, 1, 60), (0, 2, 64), (0, 1, 67), (3, 1, 62))
    predictions = list_predictions(batch.notes, find_rows(batch), config.alphabet)
    pairs = sorted(zip(predictions.pair_prediction.tolist(), predictions.pair_note.tolist(), strict=True))
    said_before = [(1, 0), (2, 0), (2, 1)]
    at_the_end = [(4, 0), (4, 1), (4, 2), (6, 3)]
    assert pairs == said_before + at_the_end


def test_windows_side_by_side_have_turns_of_their_own(config: MeasureVAEConfig) -> None:
    rows = [[(0, 1, 60), (1, 1, 62)], [(0, 1, 64), (0, 1, 65)]]
    songs = [
        Song(make_notes((*row, 80, 0) for row in each), (EIGHTH,), config.parts, config.grid) for each in rows
    ]
    batch = songs_to_batch(songs, config)
    predictions = list_predictions(batch.notes, find_rows(batch), config.alphabet)
    onset = config.alphabet.lanes
    assert predictions.row.tolist() == [0, 2, 1, 1, 0, 1, 2]
    assert predictions.last.tolist() == [-1, -1, -1, onset + 64, onset + 60, onset + 65, onset + 62]


def test_silence_has_a_turn_for_each_barline(config: MeasureVAEConfig) -> None:
    silent = [Song(make_notes([]), meters, config.parts, config.grid) for meters in ((EIGHTH,), (SHORT,) * 3)]
    batch = songs_to_batch(silent, config)
    predictions = list_predictions(batch.notes, find_rows(batch), config.alphabet)
    assert len(predictions.row) == 1 + 3
    assert (predictions.target == config.alphabet.end).all()
    assert (predictions.last == -1).all()
    assert len(predictions.pair_prediction) == 0


def sounding(batch: MeasureBatch, config: MeasureVAEConfig) -> Sounding:
    """Return what sounds at every step, each of them being a row."""
    rows = lay_rows(batch.layout, torch.ones_like(find_onsets(batch)) & _inside(batch))
    before = torch.zeros(batch.layout.windows, config.alphabet.lanes, dtype=torch.bool)
    return find_sounding(batch, rows, before, config.alphabet)


def _inside(batch: MeasureBatch) -> Tensor:
    steps = batch.layout.measure_steps
    return torch.arange(int(steps.max())) < steps.unsqueeze(1)


def ringing_steps(batch: MeasureBatch, config: MeasureVAEConfig, pitch: int = 60) -> list[bool]:
    return sounding(batch, config).ringing[:, pitch].tolist()


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
    )
    assert ringing_steps(MeasureBatch(whole.layout, opening), config) == [True, True, True, False]


def test_notes_ring_in_their_own_part_and_window(config: MeasureVAEConfig) -> None:
    songs = [
        Song(make_notes([(0, 2, 60, 80, part)]), (EIGHTH,), config.parts, config.grid) for part in range(2)
    ]
    ringing = sounding(songs_to_batch(songs, config), config).ringing  # rows: step 0, 0, 1, 1
    assert ringing.nonzero().tolist() == [[2, 60], [3, 128 + 60]]


def test_it_is_known_until_when_a_note_sounds_from_its_own_row_on(config: MeasureVAEConfig) -> None:
    batch = batch_of(config, (Meter(1, 4), EIGHTH), (1, 2, 60), (3, 2, 60))
    rows = find_rows(batch)  # at steps 0, 1 and 3 of the first measure, and the second one's barline
    before = torch.zeros(1, config.alphabet.lanes, dtype=torch.bool)
    found = find_sounding(batch, rows, before, config.alphabet)
    assert found.until[:, 60].tolist() == [0, 3, 4, 1]
    assert found.ringing[:, 60].tolist() == [False, False, False, True]


def test_what_sounded_before_rings_at_the_first_barline(config: MeasureVAEConfig) -> None:
    batch = batch_of(config, (EIGHTH, EIGHTH), (1, 1, 62))
    before = torch.zeros(1, config.alphabet.lanes, dtype=torch.bool)
    before[0, 60] = True
    ringing = find_sounding(batch, find_rows(batch), before, config.alphabet).ringing
    assert ringing.nonzero().tolist() == [[0, 60], [2, 62]]


NO_SEATS = torch.zeros(1, 0, dtype=torch.bool)


def test_a_step_is_free_once_the_first_lane_stops() -> None:
    until = torch.tensor([[3, 2, 4], [3, 0, 4]])
    assert find_free(until, NO_SEATS.expand(2, 0), Alphabet(1)).tolist() == [2, 0]


def test_the_lanes_of_a_vacant_seat_are_never_free() -> None:
    alphabet = Alphabet(2, has_bands=True)
    until = torch.zeros(1, alphabet.lanes, dtype=torch.long)
    until[0, 128:] = 3
    for vacant, free in ((torch.tensor([[False, False]]), 0), (torch.tensor([[True, False]]), 3)):
        assert find_free(until, vacant, alphabet).tolist() == [free]


def test_nothing_is_said_at_a_vacant_seat() -> None:
    alphabet, rings = Alphabet(2, has_bands=True), torch.ones(1, 256, dtype=torch.bool)
    said = (torch.tensor([True]), torch.tensor([-1]), torch.tensor([[True, False]]))
    may = (~forbidden(rings, *said, alphabet)[0]).nonzero().squeeze(1).tolist()
    assert may == [*range(128, 256), *range(384, 513)]


def may_say(last: int, ringing: list[int], opens: bool) -> list[int]:
    """Return which symbols of a small alphabet may be said."""
    alphabet = Alphabet(1)
    rings = torch.zeros(1, alphabet.lanes, dtype=torch.bool)
    rings[0, ringing] = True
    no = forbidden(rings, torch.tensor([opens]), torch.tensor([last]), NO_SEATS, alphabet)
    return (~no[0]).nonzero().squeeze(1).tolist()


def test_within_a_measure_any_pitch_may_be_struck_that_does_not_ring() -> None:
    assert may_say(-1, [], opens=False) == list(range(128, 256))
    assert may_say(-1, [3], opens=False) == [symbol for symbol in range(128, 256) if symbol != 128 + 3]


def test_at_a_barline_what_rings_may_be_held_or_struck_anew() -> None:
    assert may_say(-1, [3, 5], opens=True) == [3, 5, *range(128, 257)]


def test_symbols_rise_within_a_row_and_after_one_no_more_may_always_be_said() -> None:
    assert may_say(3, [3, 5], opens=True) == [5, *range(128, 257)]
    assert may_say(250, [], opens=False) == [251, 252, 253, 254, 255, 256]
    assert may_say(255, [], opens=False) == [256]
