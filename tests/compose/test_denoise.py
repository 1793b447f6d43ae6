from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from musicvae.compose.denoise import SongPass, denoise
from musicvae.compose.repair.passage import NEW, trace
from musicvae.core.model_store.model_folder import load_model
from musicvae.errors import ModelError, SongError
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.shipped import find_model
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.likeness.agreement import compare
from musicvae.midi.songs.notes import make_notes, sort_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

SCALE = (67, 69, 71, 72, 74, 72, 71, 69)


@pytest.fixture(scope="module")
def folk() -> MeasureVAE:
    """Return the model of folk tunes that comes with musicvae."""
    return load_model(find_model("folk"), MUSIC_MODELS)


@pytest.fixture(scope="module")
def tune() -> Song:
    """Return a tune in eighths that says one measure four times, loudly at first."""
    rows = [(2 * n, 2, SCALE[n % 8], 100 if n < 16 else 60, 0) for n in range(32)]
    return Song(
        make_notes(rows),
        (Meter(4, 4),) * 4,
        (Part("fiddle", program=40),),
        tempi=(Tempo(0, 90.0), Tempo(32, 100.0)),
        markers=(Marker(16, "here"),),
        title="up and down",
    )


def with_notes(song: Song, keep: list[int], **changes: int) -> Song:
    notes = song.notes[keep].copy()
    for name, value in changes.items():
        notes[name][-1] = value
    return replace(song, notes=notes)


def all_but(number: int) -> list[int]:
    return [n for n in range(32) if n != number]


def test_a_hole_is_filled_and_all_else_is_as_it_was(folk: MeasureVAE, tune: Song) -> None:
    steps: list[tuple[int, int]] = []
    clean, changes = denoise(
        folk, with_notes(tune, all_but(19)), on_progress=lambda *done: steps.append(done)
    )
    assert compare(tune, clean).note_f1 == 1
    [change] = changes
    assert (change.what, change.at.measure, change.at.beat, change.at.part) == ("added", 3, 2.5, "fiddle")
    for name in ("meters", "tempi", "parts", "markers", "title", "grid"):
        assert getattr(clean, name) == getattr(tune, name)
    expected = tune.notes["velocity"].copy()
    expected[19] = 60 if np.median(tune.notes["velocity"][all_but(19)]) == 60 else 100
    assert clean.notes["velocity"].tolist() == expected.tolist()
    assert steps == [(n, 8) for n in range(1, 9)]


def test_a_wrong_note_is_put_right(folk: MeasureVAE, tune: Song) -> None:
    notes = tune.notes.copy()
    notes["pitch"][21] += 6
    clean, changes = denoise(folk, replace(tune, notes=notes))
    assert compare(tune, clean).note_f1 == 1
    assert [change.what for change in changes] == ["repitched"]
    assert clean.notes["velocity"].tolist() == tune.notes["velocity"].tolist()


def test_a_clean_tune_stays_as_it_is(folk: MeasureVAE, tune: Song) -> None:
    clean, changes = denoise(folk, tune)
    assert clean == tune
    assert changes == ()


def test_where_nothing_is_wrong_nothing_is_looked_at(folk: MeasureVAE, tune: Song) -> None:
    holed = with_notes(tune, all_but(19))
    assert denoise(folk, holed, amount=0).song is holed


def test_the_more_is_wrong_the_more_is_changed(folk: MeasureVAE, tune: Song) -> None:
    odd = replace(tune, notes=tune.notes[np.arange(32) % 5 > 0]).opening(1)
    few, many = (len(denoise(folk, odd, amount).changes) for amount in (1e-9, 0.3))
    assert few < many


@pytest.mark.parametrize("amount", [-0.1, 1.1, float("nan")])
def test_an_amount_is_a_share(folk: MeasureVAE, tune: Song, amount: float) -> None:
    with pytest.raises(ValueError, match="must lie between 0"):
        denoise(folk, tune, amount)


def test_a_song_of_one_measure_can_be_put_right(folk: MeasureVAE, tune: Song) -> None:
    clean = denoise(folk, tune.opening(1)).song
    assert clean.measures == 1


def test_a_song_without_notes_stays_so(folk: MeasureVAE) -> None:
    silent = Song(make_notes([]), (Meter(4, 4),) * 2, ENSEMBLES["melody"])
    assert denoise(folk, silent).song is silent


def test_notes_across_barlines_and_any_meters_are_put_right_too(model: MeasureVAE) -> None:
    meters = (Meter(2, 4), Meter(3, 4))
    rows = [(0, 3, 67, 80, 0), (3, 1, 58, 80, 0), (6, 5, 71, 80, 0), (11, 2, 76, 80, 0), (14, 6, 64, 80, 0)]
    song = Song(make_notes(rows), meters, ENSEMBLES["melody"])
    clean, changes = denoise(model, song, amount=0.3)
    assert clean.meters == song.meters
    assert changes
    ends = clean.notes["start"] + clean.notes["length"]
    assert np.all(ends[:-1] <= clean.notes["start"][1:])  # it is a line still


def test_a_decoder_that_does_not_hear_the_song_is_refused(conv: MeasureVAE, tune: Song) -> None:
    with pytest.raises(ModelError, match="one that hears the song"):
        denoise(conv, tune)


def test_a_line_of_two_notes_at_once_is_refused(folk: MeasureVAE, tune: Song) -> None:
    rows = [*tune.notes.tolist(), (38, 2, 50, 80, 0)]
    with pytest.raises(SongError, match="begin together"):
        denoise(folk, replace(tune, notes=sort_notes(make_notes(rows))))


def test_measures_too_long_for_the_model_are_refused(model: MeasureVAE, tune: Song) -> None:
    with pytest.raises(SongError, match="cannot read measures of 4/4"):
        denoise(model, tune)


def test_what_was_given_stands_once_or_not_at_all_and_comes_back_in_a_later_pass(model: MeasureVAE) -> None:
    # Notes lie across barlines and beside them, so that they are moved from measure to measure.
    rows = [(0, 2, 67), (3, 1, 69), (7, 3, 71), (10, 2, 64), (15, 1, 60), (16, 6, 62)]
    song = Song(make_notes((*row, 80, 0) for row in rows), (Meter(2, 4),) * 3, ENSEMBLES["melody"])
    notes, there = trace(song.notes), [set(range(len(rows)))]
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
