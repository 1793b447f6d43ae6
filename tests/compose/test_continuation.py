from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

import musicvae.compose.continuation as module
from musicvae.compose.continuation import continue_song
from musicvae.compose.performance.script import Script
from musicvae.errors import ModelError, SongError
from musicvae.measures.data.batch import MAX_PLACE
from musicvae.measures.data.song_batch import outline_to_window
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

TWO, THREE = Meter(2, 4), Meter(3, 4)

SONG = Song(
    # A note over the first barline, rests, and a last note that rings until the end.
    make_notes([(2, 4, 67, 70, 0), (6, 4, 71, 90, 0), (12, 3, 69, 100, 0), (18, 10, 67, 110, 0)]),
    (TWO, TWO, THREE),
    (Part("fiddle", program=40),),
    tempi=(Tempo(0, 90.0), Tempo(6, 112.5), Tempo(20, 70.0)),
    markers=(Marker(0, "A"), Marker(16, "B")),
    title="O’Carolan",
)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def go_on(model: MeasureVAE, song: Song, *meters: Meter, count: int = 1, seed: int = 0) -> list[Song]:
    return continue_song(model, song, meters, count, 1.0, seeded(seed))


def test_the_song_comes_first_note_by_note(model: MeasureVAE) -> None:
    [piece] = go_on(model, SONG, TWO, THREE)
    assert piece.meters == (TWO, TWO, THREE, TWO, THREE)
    assert piece.cut(0, 3) == SONG
    assert len(piece.cut(3, 5).notes)


def test_all_of_the_song_but_a_last_note_held_on_is_there_again(model: MeasureVAE) -> None:
    for piece in go_on(model, SONG, TWO, count=8):
        *first, last = piece.notes[piece.notes["start"] < SONG.steps].tolist()
        *own, longest = SONG.notes.tolist()
        assert first == own
        assert (last[0], *last[2:]) == (longest[0], *longest[2:])
        assert last[1] >= longest[1]


def test_the_tempo_map_is_kept_and_the_last_tempo_goes_on(model: MeasureVAE) -> None:
    [piece] = go_on(model, SONG, TWO)
    assert (piece.tempi, piece.markers, piece.title, piece.parts) == (
        SONG.tempi,
        SONG.markers,
        SONG.title,
        SONG.parts,
    )
    assert go_on(model, replace(SONG, tempi=()), TWO)[0].tempi == ()


def test_new_notes_are_as_loud_as_is_usual_in_the_song(model: MeasureVAE) -> None:
    [piece] = go_on(model, SONG, TWO, THREE)
    assert set(piece.cut(3, 5).notes["velocity"]) == {95}


def test_there_are_as_many_ways_as_asked_for_and_they_differ(model: MeasureVAE) -> None:
    pieces = go_on(model, SONG, TWO, TWO, count=3)
    assert pieces[0] != pieces[1] != pieces[2] != pieces[0]
    assert [piece.cut(0, 3) for piece in pieces] == [SONG] * 3


def test_the_same_seed_goes_on_alike(model: MeasureVAE) -> None:
    first, again, other = (go_on(model, SONG, TWO, seed=seed) for seed in (0, 0, 1))
    assert first == again != other


def test_what_was_given_tells_on_what_follows(model: MeasureVAE) -> None:
    higher = replace(
        SONG, notes=make_notes([(*row[:2], row[2] + 5, *row[3:]) for row in SONG.notes.tolist()])
    )
    [one], [other] = (continue_song(model, song, (TWO,) * 4, 1, 0.0, seeded()) for song in (SONG, higher))
    assert one.cut(3, 7).notes.tolist() != other.cut(3, 7).notes.tolist()


def test_the_decoder_knows_the_key_and_that_the_song_ends_after_the_new_measures(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts: list[Script] = []

    def spy(model: MeasureVAE, asked: list[Script], *more: object) -> list[Song]:
        scripts.extend(asked)
        return [SONG]

    monkeypatch.setattr(module, "perform", spy)
    go_on(model, SONG, TWO, TWO)
    [script] = scripts
    window = outline_to_window(script.outline, model.config)
    assert window.place.tolist() == [0, 1, 2, 3, 4]
    assert window.left.tolist() == [4, 3, 2, 1, 0]
    assert set(window.key) == {find_key(SONG)}
    assert script.freedom.tolist() == [1] * 5
    assert len(script.given) == 3


def test_a_song_of_one_measure_goes_on(model: MeasureVAE) -> None:
    [piece] = go_on(model, SONG.cut(0, 1), TWO)
    assert piece.cut(0, 1) == SONG.cut(0, 1)
    assert piece.measures == 2


def test_a_song_longer_than_the_decoder_looks_back_goes_on(model: MeasureVAE) -> None:
    steps = np.arange(0, 8 * (MAX_PLACE + 10), 4)
    long = replace(
        SONG,
        notes=make_notes([(step, 3, 60 + step % 7, 80, 0) for step in steps.tolist()]),
        meters=(TWO,) * (MAX_PLACE + 10),
        markers=(),
    )
    [piece] = go_on(model, long, TWO)
    assert piece.cut(0, long.measures) == long


def test_a_silent_song_goes_on(model: MeasureVAE) -> None:
    silent = replace(SONG, notes=make_notes([]))
    assert go_on(model, silent, TWO)[0].cut(0, 3) == silent


def test_a_meter_too_long_for_the_model_is_refused(model: MeasureVAE) -> None:
    with pytest.raises(SongError, match="cannot read measures of 4/4"):
        go_on(model, SONG, Meter(4, 4))


def test_a_decoder_that_does_not_hear_the_song_is_refused(conv: MeasureVAE) -> None:
    with pytest.raises(ModelError, match="trained with a recurrent decoder"):
        go_on(conv, SONG, TWO)


def test_progress_is_told(model: MeasureVAE) -> None:
    told: list[tuple[int, int]] = []
    continue_song(model, SONG, (TWO,) * 2, 2, 1.0, seeded(), lambda measures, of: told.append((measures, of)))
    assert told[0][0] <= 3
    assert told[-1] == (5, 5)
