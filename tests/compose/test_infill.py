from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from musicvae.compose import infill as module
from musicvae.compose.infill import FOLLOWING, Gap, infill
from musicvae.compose.options import InfillOptions
from musicvae.compose.performance.particles import Particles
from musicvae.errors import ModelError, SongError
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.side_by_side import Writing, begin_writing
from musicvae.midi.songs.key import find_key, key_name, parse_key
from musicvae.midi.songs.measure_notes import measure_key, split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

TWO, THREE = Meter(2, 4), Meter(3, 4)
FEW = InfillOptions(candidates=6, temperature=1.0)

SONG = Song(
    # Notes over the barlines at 8 and 16, and over the last one at 28.
    make_notes(
        [(0, 3, 67, 70, 0), (4, 6, 71, 90, 0), (12, 8, 69, 100, 0), (21, 3, 67, 110, 0), (26, 6, 74, 64, 0)]
    ),
    (TWO, TWO, THREE, TWO),
    (Part("fiddle", program=40),),
    tempi=(Tempo(0, 90.0), Tempo(6, 112.5), Tempo(20, 70.0), Tempo(30, 50.0)),
    markers=(Marker(0, "A"), Marker(16, "B")),
    title="O’Carolan",
)


def filled(
    model: MeasureVAE, gap: Gap, options: InfillOptions = FEW, song: Song = SONG, seed: int = 0
) -> Song:
    return infill(model, song, gap, options, torch.Generator().manual_seed(seed))


def keys(song: Song) -> list[bytes]:
    return [measure_key(measure) for measure in split_measures(song)]


GAPS = [Gap(0, 1), Gap(0, 2), Gap(1, 2), Gap(1, 3), Gap(2, 4), Gap(3, 4), Gap(0, 4)]


@pytest.mark.parametrize("gap", GAPS)
def test_only_the_gap_changes(model: MeasureVAE, gap: Gap) -> None:
    song = filled(model, gap)
    changed = [number for number in range(4) if keys(song)[number] != keys(SONG)[number]]
    assert changed == list(range(*gap))
    assert replace(song, notes=SONG.notes) == SONG


@pytest.mark.parametrize("gap", GAPS)
def test_given_notes_are_as_loud_as_they_were_and_new_ones_as_is_usual(model: MeasureVAE, gap: Gap) -> None:
    song = filled(model, gap)
    starts = SONG.measure_starts
    given = {(row[0], row[2]): row[3] for row in SONG.notes.tolist()}
    for start, _, pitch, velocity, _ in song.notes.tolist():
        is_new = starts[gap.first] <= start < starts[gap.after]
        expected = 90 if is_new else given.get((start, pitch))
        if expected is None:  # struck at the seam, since what it hung on is gone
            assert start == starts[gap.after]
            assert velocity in {70, 90, 100, 110, 64}
        else:
            assert velocity == expected


@pytest.mark.parametrize("options", [FEW, replace(FEW, weigh=False), replace(FEW, candidates=1)])
def test_the_same_seed_fills_alike(model: MeasureVAE, options: InfillOptions) -> None:
    first, again, other = (filled(model, Gap(1, 3), options, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


def test_without_weighing_what_follows_has_no_part_in_it(model: MeasureVAE) -> None:
    # The last measure an octave higher, in the same key.
    rows = [(*row[:2], row[2] + 12 * (row[0] >= 16), *row[3:]) for row in SONG.notes.tolist()]
    other = replace(SONG, notes=make_notes(rows))
    blind = replace(FEW, weigh=False)
    assert keys(filled(model, Gap(1, 2), blind))[1] == keys(filled(model, Gap(1, 2), blind, other))[1]


def test_the_filling_is_taken_that_is_likeliest_with_what_follows(model: MeasureVAE) -> None:
    def nats(song: Song) -> float:
        writing = begin_writing(model, [SongOutline(song.meters, find_key(SONG.cut(0, 1)))])
        return -float(writing.hear([split_measures(song)]).log_prob[0, 1:].sum())

    many = InfillOptions(candidates=16, temperature=1.0)
    song = replace(SONG, meters=(TWO, TWO, TWO, TWO), notes=SONG.cut(0, 2).notes)
    weighed = [nats(filled(model, Gap(1, 2), many, song, seed)) for seed in range(2)]
    drawn = [nats(filled(model, Gap(1, 2), replace(many, weigh=False), song, seed)) for seed in range(8)]
    assert max(weighed) < min(drawn)


def test_what_the_song_has_elsewhere_may_come_again(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[list[tuple[bytes, ...]]] = []
    weigh = module.weigh_fillings

    def spy(alone: Writing, fillings: list[list[np.ndarray]], following: list[np.ndarray]) -> Writing:
        weighed.append([tuple(map(measure_key, filling)) for filling in fillings])
        return weigh(alone, fillings, following)

    monkeypatch.setattr(module, "weigh_fillings", spy)
    monkeypatch.setattr(module, "RUNS", 2)
    rows = [(8 * measure, 4, 60 + measure, 80, 0) for measure in range(9)]
    song = Song(make_notes(rows), (TWO,) * 5 + (THREE,) + (TWO,) * 4, SONG.parts)
    filled(model, Gap(2, 4), song=song)
    own = keys(song)
    # The two runs of two measures in 2/4 that are nearest; measures 5 and 6 are not of one meter.
    assert {(own[0], own[1]), (own[6], own[7])} <= set(weighed[0])
    assert len(weighed[0]) == len(set(weighed[0])) <= FEW.candidates + 2


def test_measures_are_borrowed_of_the_same_meter_only_and_never_from_the_gap(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent: list[list[bytes]] = []
    draw_measure = Particles.draw_measure

    def spy(self: Particles, lendable: list[np.ndarray]) -> None:
        lent.append([measure_key(measure) for measure in lendable])
        draw_measure(self, lendable)

    monkeypatch.setattr(Particles, "draw_measure", spy)
    filled(model, Gap(1, 3))
    assert lent == [[keys(SONG)[0], keys(SONG)[3]], []]


def test_the_decoder_is_told_the_key_of_what_is_given(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In C, but for a gap in F sharp.
    in_c, in_f_sharp = [60, 64, 67, 72, 65, 69, 72, 60], [66, 70, 73, 78, 66, 70, 73, 66]
    pitches = in_c + 3 * in_f_sharp
    rows = [(step, 1, pitch, 80, 0) for step, pitch in enumerate(pitches)]
    song = Song(make_notes(rows), (TWO,) * 4, SONG.parts)
    outlines: list[SongOutline] = []
    fill = module._fill

    def spy(alone: Writing, *more: object) -> Writing:
        outlines.extend(alone.outlines)
        return fill(alone, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_fill", spy)
    filled(model, Gap(1, 4), song=song)
    assert outlines == [SongOutline((TWO,) * 4, parse_key("C major"), parts=SONG.parts)]
    assert key_name(find_key(song)) == "F# major"


def test_a_song_of_one_measure_can_be_a_gap(model: MeasureVAE) -> None:
    short = SONG.cut(0, 1)
    assert filled(model, Gap(0, 1), song=short).measures == 1


def test_in_a_silent_song_measures_are_filled(model: MeasureVAE) -> None:
    silent = replace(SONG, notes=make_notes([]))
    song = filled(model, Gap(1, 2), replace(FEW, weigh=False), silent)
    assert len(song.notes)
    assert [len(measure) > 0 for measure in split_measures(song)] == [False, True, False, False]


def test_at_a_temperature_of_zero_the_likeliest_notes_are_taken(model: MeasureVAE) -> None:
    sure = InfillOptions(candidates=4, weigh=False, temperature=0.0)
    assert filled(model, Gap(1, 3), sure, seed=0) == filled(model, Gap(1, 3), sure, seed=1)


@pytest.mark.parametrize("gap", [Gap(2, 2), Gap(3, 2), Gap(-1, 2), Gap(2, 5), Gap(4, 5)])
def test_a_gap_that_is_none_is_refused(model: MeasureVAE, gap: Gap) -> None:
    with pytest.raises(SongError, match="in a song of 4: choose others"):
        filled(model, gap)


def test_measures_are_counted_from_1_for_people(model: MeasureVAE) -> None:
    with pytest.raises(SongError, match="no measures 3 to 5 in a song of 4"):
        filled(model, Gap(2, 5))


def test_a_decoder_that_does_not_hear_the_song_is_refused(conv: MeasureVAE) -> None:
    with pytest.raises(ModelError, match="trained with a recurrent decoder"):
        filled(conv, Gap(1, 2))


@pytest.mark.parametrize("nonsense", [{"candidates": 0}, {"temperature": -0.1}])
def test_nonsense_is_refused(nonsense: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least one candidate|cannot be negative"):
        InfillOptions(**nonsense)  # type: ignore[arg-type]


def test_progress_ends_with_the_last_measure_that_is_weighed_by(model: MeasureVAE) -> None:
    told: list[tuple[int, int]] = []
    long = replace(SONG, meters=SONG.meters + (TWO,) * (FOLLOWING + 4))
    generator = torch.Generator().manual_seed(0)
    infill(model, long, Gap(1, 2), FEW, generator, lambda measures, of: told.append((measures, of)))
    assert told[-1] == (2 + FOLLOWING, 2 + FOLLOWING)


def test_a_filling_is_none_of_those_that_are_not_wanted(model: MeasureVAE) -> None:
    gap, known = Gap(1, 2), list[Song]()
    for seed in range(4):
        generator = torch.Generator().manual_seed(seed // 2)  # which would fill it alike, two and two
        known.append(infill(model, SONG, gap, FEW, generator, unlike=(SONG, *known)))
    assert len({keys(song)[1] for song in (SONG, *known)}) == 5


def test_who_plays_before_and_after_plays_in_the_gap(make_small_model: Callable[..., MeasureVAE]) -> None:
    parts = (Part("melody"), Part("bass", 33))
    duet = make_small_model(ensemble="band", parts=parts)
    notes = [(4 * beat, 4, 72 - 24 * part, 80, part) for part in (0, 1) for beat in range(12)]
    song = Song(make_notes(notes), (TWO,) * 6, parts)
    for seed in range(6):
        gap = filled(duet, Gap(2, 3), FEW, song, seed).cut(2, 3)
        assert set(gap.notes["part"].tolist()) == {0, 1}
