from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from musicvae.core.categorical import Draw
from musicvae.measures.data.noisy_codes import NoisyCodes, absent
from musicvae.measures.data.song_batch import SongOutline, songs_to_batch
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.side_by_side import Continuation, begin_writing
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes, measure_key, split_measures
from musicvae.midi.songs.song import Meter, Song

ModelMaker = Callable[..., MeasureVAE]
TWO, THREE, EIGHTH = Meter(2, 4), Meter(3, 4), Meter(1, 8)
REACHES = pytest.mark.parametrize("reach", [0, 2])


def outlines_of(songs: list[Song]) -> list[SongOutline]:
    return [SongOutline(song.meters) for song in songs]


def split_all(songs: list[Song], measures: int = 6) -> list[list[MeasureNotes]]:
    """Return the measures of songs, empty ones after the end."""
    nothing = np.empty(0, MEASURE_NOTE)
    return [split_measures(song) + [nothing] * (measures - song.measures) for song in songs]


def blank_code(songs: int) -> NoisyCodes:
    return absent(torch.zeros(songs, 6))


def seeded(temperature: float | Tensor = 1.0, seed: int = 0) -> Draw:
    return Draw(temperature, torch.Generator().manual_seed(seed))


def measure_of(*rows: tuple[int, int, int, bool]) -> MeasureNotes:
    """Return notes of the melody in a measure, by step, length, pitch and whether it is held."""
    measure = np.zeros(len(rows), MEASURE_NOTE)
    for name, column in zip(("step", "length", "pitch", "held"), zip(*rows, strict=True), strict=False):
        measure[name] = column
    return measure


# ---- hearing


@REACHES
def test_songs_that_are_heard_are_as_likely_as_the_decoder_says(
    make_model: ModelMaker, songs: list[Song], reach: int
) -> None:
    model = make_model(reach=reach)
    batch = songs_to_batch(songs, model.config)
    expected = model.decoder.log_prob(batch, absent(torch.zeros(18, 6))).view(3, 6)
    heard = begin_writing(model, outlines_of(songs)).hear(split_all(songs)).log_prob
    torch.testing.assert_close(heard[:2], expected[:2])
    torch.testing.assert_close(heard[2, :4], expected[2, :4])


@REACHES
def test_songs_that_are_heard_are_the_songs_written(
    make_model: ModelMaker, songs: list[Song], reach: int
) -> None:
    writing, _ = begin_writing(make_model(reach=reach), outlines_of(songs)).hear(split_all(songs))
    assert writing.at == 6
    assert writing.songs() == songs


def test_a_song_is_heard_alike_whatever_is_heard_beside_it(
    make_model: ModelMaker, make_tune: Callable[[tuple[Meter, ...], int], Song]
) -> None:
    model = make_model(reach=4)
    # At once they are heard in steps with padding between, one by one without.
    short, long = (make_tune((meter,) * 12, seed) for seed, meter in enumerate((EIGHTH, THREE)))
    by_measure = split_all([short, long], 12)
    together, parts = begin_writing(model, outlines_of([short, long])), []
    for first, after in [(0, 4), (4, 8), (8, 9), (9, 10), (10, 11), (11, 12)]:
        together, log_prob = together.hear([song[first:after] for song in by_measure])
        parts.append(log_prob)
    alone = begin_writing(model, outlines_of([short])).hear(by_measure[:1])
    torch.testing.assert_close(torch.cat(parts, dim=1)[:1], alone.log_prob)


def test_nothing_may_be_heard(make_model: ModelMaker, songs: list[Song]) -> None:
    writing, log_prob = begin_writing(make_model(), outlines_of(songs)).hear([[], [], []])
    assert log_prob.shape == (3, 0)
    assert writing.at == 0


def test_a_long_song_is_remembered_no_further_than_it_is_seen(
    make_model: ModelMaker, make_tune: Callable[[tuple[Meter, ...], int], Song]
) -> None:
    model = make_model(reach=3)
    songs = [make_tune(meters * 30, 0) for meters in ((TWO,), (THREE,))]
    by_measure = split_all(songs, 30)
    heard, _ = begin_writing(model, outlines_of(songs)).hear([song[:28] for song in by_measure])
    writing = heard.follow(
        [
            Continuation(heard.select([0]).write(blank_code(1), seeded()), 0),
            Continuation(heard.select([1]).hear([by_measure[1][28:29]]).writing, 0),
        ]
    )
    writing = writing.write(blank_code(2), seeded())
    assert writing.memory.measures.tolist() == [30, 30]
    (past,) = writing.memory.pasts
    assert past.measure.shape[1] <= 1 + 3 * model.config.steps


# ---- writing


def test_songs_end_where_their_meters_do(make_model: ModelMaker) -> None:
    writing = begin_writing(make_model(), [SongOutline((TWO,)), SongOutline((THREE, EIGHTH, TWO))])
    for _ in range(3):
        writing = writing.write(blank_code(2), seeded())
    short, long = writing.songs()
    assert (short.meters, long.meters) == ((TWO,), (THREE, EIGHTH, TWO))
    assert len(writing.by_measure[0][2])  # written on, and left out
    assert [len(measure) > 0 for measure in split_measures(long)] == [True] * 3


def test_songs_may_be_asked_for_before_they_are_done(make_model: ModelMaker) -> None:
    begun = begin_writing(make_model(), [SongOutline((TWO, THREE)), SongOutline((EIGHTH,))])
    writing = begun.write(blank_code(2), seeded())
    assert [song.meters for song in writing.songs()] == [(TWO,), (EIGHTH,)]


def test_what_was_written_is_a_song_like_any_other(make_model: ModelMaker, songs: list[Song]) -> None:
    writing = begin_writing(model := make_model(), outlines_of(songs))
    for _ in range(6):
        writing = writing.write(blank_code(3), seeded())
    written = writing.songs()
    assert [song.meters for song in written] == [song.meters for song in songs]
    again, _ = begin_writing(model, outlines_of(songs)).hear(split_all(written))
    assert again.songs() == written


# ---- copies


def test_a_writing_stays_as_it_is_when_it_is_gone_on_from(make_model: ModelMaker, songs: list[Song]) -> None:
    by_measure = split_all(songs)
    begun = begin_writing(make_model(), outlines_of(songs))
    writing, _ = begun.hear([song[:2] for song in by_measure])
    longer = writing.select([2, 0, 2]).write(blank_code(3), seeded())
    assert (longer.at, writing.at, begun.at) == (3, 2, 0)
    assert longer.outlines == tuple(SongOutline(songs[song].meters) for song in (2, 0, 2))
    first = writing.hear([song[2:3] for song in by_measure]).log_prob
    fresh = begun.hear([song[:3] for song in by_measure]).log_prob
    torch.testing.assert_close(first, fresh[:, 2:])


def test_what_is_selected_hears_what_its_song_would_hear(make_model: ModelMaker, songs: list[Song]) -> None:
    by_measure = split_all(songs)
    writing, _ = begin_writing(make_model(), outlines_of(songs)).hear([song[:2] for song in by_measure])
    heard = writing.select([1, 2, 1]).hear([by_measure[song][2:4] for song in (1, 2, 1)]).log_prob
    expected = writing.hear([song[2:4] for song in by_measure]).log_prob
    torch.testing.assert_close(heard, expected[[1, 2, 1]])


def test_songs_follow_the_ways_that_others_went(
    make_model: ModelMaker, songs: list[Song], assert_same_memory: Callable[[Memory, Memory], None]
) -> None:
    by_measure = split_all(songs)
    begun = begin_writing(make_model(), outlines_of(songs))
    writing, _ = begun.hear([song[:1] for song in by_measure])
    one, other = writing.select([1]).hear([by_measure[1][1:3]]).writing, writing.select([2, 0, 2])
    for _ in range(2):
        other = other.write(blank_code(3), seeded())
    writing = writing.follow([Continuation(other, 1), Continuation(one, 0), Continuation(other, 2)])
    assert writing.at == 3
    for song, (copy, row) in enumerate([(other, 1), (one, 0), (other, 2)]):
        assert [measure_key(measure) for measure in writing.by_measure[song]] == [
            measure_key(measure) for measure in copy.by_measure[row]
        ]
    assert_same_memory(writing.memory, begun.hear(writing.by_measure).writing.memory)


# ---- measures that are taken up


def test_what_does_not_ring_is_struck_anew(make_model: ModelMaker) -> None:
    begun = begin_writing(make_model(), [SongOutline((TWO, TWO))])
    # Of these 60 sounds until the barline.
    writing, _ = begun.hear([[measure_of((4, 4, 60, False), (4, 2, 62, False))]])
    measure = measure_of((0, 2, 60, True), (0, 3, 62, True), (4, 4, 64, False))
    fitting = writing.fit(0, measure)
    assert dict(zip(fitting["pitch"].tolist(), fitting["held"].tolist(), strict=True)) == {
        60: True, 62: False, 64: False,
    }  # fmt: skip
    assert measure["held"].tolist() == [True, True, False]
    assert measure_key(fitting) == measure_key(measure)
    assert writing.hear([[fitting]]).log_prob.isfinite().all()


def test_a_measure_that_fits_stays_as_it_is(make_model: ModelMaker, songs: list[Song]) -> None:
    by_measure = split_all(songs)
    writing, _ = begin_writing(make_model(), outlines_of(songs)).hear([song[:1] for song in by_measure])
    for song in range(3):
        assert (writing.fit(song, by_measure[song][1]) == by_measure[song][1]).all()
    assert len(writing.fit(0, measure_of())) == 0


@pytest.mark.parametrize(("held", "struck"), [(2, 5), (5, 2)])
def test_a_note_that_is_both_held_and_struck_is_not_struck_twice(
    make_model: ModelMaker, held: int, struck: int
) -> None:
    writing = begin_writing(make_model(), [SongOutline((TWO,))])
    fitting = writing.fit(0, measure_of((0, held, 60, True), (0, struck, 60, False), (6, 2, 60, False)))
    assert fitting[["step", "length", "held"]].tolist() == [(0, 5, False), (6, 2, False)]
    assert writing.hear([[fitting]]).log_prob.isfinite().all()
