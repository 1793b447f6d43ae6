from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from musicvae.core.categorical import GREEDY, Draw
from musicvae.errors import ModelError
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.given_parts import write_around
from musicvae.measures.writing.side_by_side import HeardSongs, Writing, begin_writing
from musicvae.midi.songs.measure_notes import MeasureNotes, split_measures
from musicvae.midi.songs.song import Song


class Counting(NamedTuple):
    """Draws, and counts how likely what is drawn is among what it may be."""

    draw: Draw
    log_prob: Tensor
    songs: Tensor

    def of(self, rows: Tensor) -> Counting:
        return self._replace(songs=self.songs[rows])

    def pick(self, logits: Tensor) -> Tensor:
        picked = self.draw.pick(logits)
        chance = logits.log_softmax(-1).gather(1, picked.unsqueeze(1)).squeeze(1)
        self.log_prob.index_add_(0, self.songs, chance)
        return picked


def draw_by(seed: int) -> Draw:
    return Draw(1.0, torch.Generator().manual_seed(seed))


def keep(by_measure: Sequence[MeasureNotes], parts: Sequence[int]) -> list[MeasureNotes]:
    return [measure[[part in parts for part in measure["part"].tolist()]] for measure in by_measure]


def notes_of(measure: MeasureNotes) -> list[tuple[int, ...]]:
    """Return the notes of a measure in one order, but for their velocities, which are not said."""
    return sorted(measure[["step", "length", "pitch", "part", "held"]].tolist())


def write_all(
    model: MeasureVAE, songs: list[Song], given: Sequence[int], draw: Callable[[int], object]
) -> tuple[list[list[MeasureNotes]], list[HeardSongs]]:
    """Return what is given of songs, and the songs after each measure."""
    measures = min(song.measures for song in songs)
    kept = [keep(split_measures(song)[:measures], given) for song in songs]
    writing: Writing = begin_writing(model, [SongOutline(song.meters[:measures]) for song in songs])
    written = [part for part in range(2) if part not in given]
    steps = []
    for number in range(measures):
        heard = write_around(writing, [song[number] for song in kept], written, draw(number))  # type: ignore[arg-type]
        steps.append(heard)
        writing = heard.writing
    return kept, steps


@torch.inference_mode()
def test_where_all_is_given_it_is_as_likely_as_it_is_heard(model: MeasureVAE, songs: list[Song]) -> None:
    kept, steps = write_all(model, songs, (0, 1), draw_by)
    writing = begin_writing(model, [SongOutline(song.meters[: len(steps)]) for song in songs])
    heard = writing.hear(kept)
    torch.testing.assert_close(torch.cat([step.log_prob for step in steps], 1), heard.log_prob)
    for said, given in zip(steps[-1].writing.by_measure, kept, strict=True):
        assert [notes_of(measure) for measure in said] == [notes_of(measure) for measure in given]


@pytest.mark.parametrize("given", [(0,), (1,), ()])
@torch.inference_mode()
def test_what_is_drawn_times_what_is_given_is_as_likely_as_the_whole(
    model: MeasureVAE, songs: list[Song], given: tuple[int, ...]
) -> None:
    drawn = torch.zeros(len(songs))
    _, steps = write_all(
        model, songs, given, lambda number: Counting(draw_by(number), drawn, torch.arange(len(songs)))
    )
    weights = torch.cat([step.log_prob for step in steps], 1).sum(1)
    outlines = [SongOutline(song.meters[: len(steps)]) for song in songs]
    whole = begin_writing(model, outlines).hear(steps[-1].writing.by_measure).log_prob.sum(1)
    torch.testing.assert_close(drawn + weights, whole, atol=1e-3, rtol=1e-4)
    assert bool((weights < 0).all()) == bool(given)


@pytest.mark.parametrize("draw", [draw_by, lambda _: GREEDY], ids=["drawn", "greedy"])
@torch.inference_mode()
def test_given_notes_stay_and_their_parts_get_no_others(
    model: MeasureVAE, songs: list[Song], draw: Callable[[int], Draw]
) -> None:
    kept, steps = write_all(model, songs, (1,), draw)
    for said, given in zip(steps[-1].writing.by_measure, kept, strict=True):
        assert [notes_of(measure) for measure in keep(said, (1,))] == [notes_of(measure) for measure in given]
        if draw is draw_by:  # greedily nothing is written that is less likely than nothing
            assert any(len(measure) for measure in keep(said, (0,)))


@torch.inference_mode()
def test_a_decoder_that_does_not_hear_the_song_is_refused(
    make_model: Callable[..., MeasureVAE], songs: list[Song]
) -> None:
    with pytest.raises(ModelError, match="needs one that hears the song"):
        write_all(make_model(decoder="conv"), songs, (1,), draw_by)
