from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from musicvae.core.categorical import Draw
from musicvae.measures.data.noisy_codes import NoisyCodes, absent, exact
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.continuing import (
    DRAWN,
    REDRAWN,
    draw_measures,
    draw_until_accepted,
    hear_known,
)
from musicvae.measures.writing.side_by_side import Writing, begin_writing
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes, measure_key, split_measures
from musicvae.midi.songs.song import Meter, Song

ModelMaker = Callable[..., MeasureVAE]
Accepts = Callable[[int, MeasureNotes], bool]
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


def go_on(writing: Writing, known: dict[int, MeasureNotes], noisy: NoisyCodes, draw: Draw) -> Writing:
    """Return the songs with their known measures, and a drawn one for each of the others."""
    ways, free = hear_known(writing, known), [song for song in range(3) if song not in known]
    ways |= zip(free, draw_measures(writing, free, noisy.of(free), draw), strict=True)
    return writing.follow([ways[song] for song in range(3)])


# ---- known and drawn


@REACHES
def test_writing_some_measures_and_hearing_others_is_remembered_as_hearing_them_all(
    make_model: ModelMaker,
    songs: list[Song],
    reach: int,
    assert_same_memory: Callable[[Memory, Memory], None],
) -> None:
    by_measure, begun = split_all(songs), begin_writing(make_model(reach=reach), outlines_of(songs))
    writing, _ = begun.hear([song[:1] for song in by_measure])
    knows: list[list[int]] = [[0], [1, 2], [], [0, 1, 2], [2]]  # which songs know the next measure
    for measure, known in enumerate(knows, 1):
        told = {song: writing.fit(song, by_measure[song][measure]) for song in known}
        writing = go_on(writing, told, blank_code(3), seeded(seed=measure))
        for song in known:
            assert writing.by_measure[song][measure] is told[song]
    assert writing.at == 6
    again = begun.hear(writing.by_measure)
    assert again.log_prob.isfinite().all()
    assert_same_memory(writing.memory, again.writing.memory)


def test_drawn_measures_follow_the_hints_and_temperature_of_their_song(
    make_model: ModelMaker, songs: list[Song]
) -> None:
    model = make_model()
    codes = torch.randn(3, 6, generator=torch.Generator().manual_seed(1))
    noisy, draw = NoisyCodes(codes, torch.tensor([0.0, 1.0, 0.0])), seeded(torch.tensor([0.0, 1.0, 0.0]))
    writing = go_on(begin_writing(model, outlines_of(songs)), {1: split_all(songs)[1][0]}, noisy, draw)
    for song in (0, 2):
        begun = begin_writing(model, outlines_of(songs[song : song + 1]))
        alone = begun.write(exact(codes[song : song + 1]), seeded(0.0))
        assert measure_key(writing.by_measure[song][0]) == measure_key(alone.by_measure[0][0])
    assert len(writing.by_measure[0][0])


# ---- measures drawn anew


def tell_nothing(songs: Sequence[int], gone: Sequence[float]) -> NoisyCodes:
    return blank_code(len(songs))


def draw_after_one(begun: Writing, songs: list[Song], accepts: Accepts = lambda *_: True) -> Writing:
    """Hear the first measure of three songs, and go on: the second one knows its next measure."""
    by_measure = split_all(songs)
    writing, _ = begun.hear([song[:1] for song in by_measure])
    ways = hear_known(writing, {1: by_measure[1][1]})
    ways |= draw_until_accepted(
        writing, [0, 2], seeded(), accepts, lambda songs, gone: blank_code(len(songs))
    )
    return writing.follow([ways[song] for song in range(3)])


def test_a_measure_that_is_refused_is_drawn_anew(
    make_model: ModelMaker, songs: list[Song], assert_same_memory: Callable[[Memory, Memory], None]
) -> None:
    begun = begin_writing(make_model(), outlines_of(songs))
    first = draw_after_one(begun, songs)
    unwanted = measure_key(first.by_measure[2][1])
    writing = draw_after_one(
        begun, songs, lambda song, measure: song == 0 or measure_key(measure) != unwanted
    )
    unlike = [
        measure_key(one[1]) != measure_key(other[1])
        for one, other in zip(writing.by_measure, first.by_measure, strict=True)
    ]
    assert unlike == [False, False, True]
    assert_same_memory(writing.memory, begun.hear(writing.by_measure).writing.memory)


def test_of_measures_that_are_all_refused_the_last_one_stays(
    make_model: ModelMaker, songs: list[Song]
) -> None:
    refused: list[tuple[int, bytes]] = []

    def accepts(song: int, measure: MeasureNotes) -> bool:
        refused.append((song, measure_key(measure)))
        return False

    writing = draw_after_one(begin_writing(make_model(), outlines_of(songs)), songs, accepts)
    for song in (0, 2):
        drawn = [measure for number, measure in refused if number == song]
        assert len(drawn) == DRAWN + REDRAWN
        assert measure_key(writing.by_measure[song][1]) == drawn[-1]
    assert 1 not in {song for song, _ in refused}  # its measure was known


def test_of_each_try_it_is_told_how_many_are_gone(make_model: ModelMaker) -> None:
    told: list[tuple[list[int], list[float]]] = []

    def tell(songs: list[int], gone: list[float]) -> NoisyCodes:
        told.append((songs, [round(share * (DRAWN + REDRAWN)) for share in gone]))
        return blank_code(len(songs))

    writing = begin_writing(make_model(), [SongOutline((TWO,))] * 2)
    draw_until_accepted(writing, [0, 1], seeded(), lambda song, measure: song == 0, tell)  # type: ignore[arg-type]
    tries = list(range(DRAWN + REDRAWN))
    assert told == [([0] * DRAWN + [1] * DRAWN, tries[:DRAWN] * 2), ([1] * REDRAWN, tries[DRAWN:])]


def test_no_songs_go_on_nowhere(make_model: ModelMaker) -> None:
    writing = begin_writing(make_model(), [SongOutline((TWO,))])
    assert hear_known(writing, {}) == {}
    assert draw_measures(writing, [], blank_code(0), seeded()) == []
