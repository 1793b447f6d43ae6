from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from musicvae.compose import accompany as module
from musicvae.compose.accompany import accompany, choose_new_parts, find_parts
from musicvae.compose.infill import Gap, weigh_fillings
from musicvae.compose.options import InfillOptions
from musicvae.compose.performance.particles import Particles
from musicvae.errors import ModelError, SongError
from musicvae.measures.data.config import MusicConfig
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.side_by_side import Writing
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.songs.measure_notes import MeasureNotes, split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

SOPRANO, ALTO, TENOR, BASS = range(4)
CONFIG = MusicConfig("voices", ENSEMBLES["voices"], 4, ("2/4", "3/4"), (0.5, 0.5), 12)
TWO, THREE = Meter(2, 4), Meter(3, 4)
FEW = InfillOptions(candidates=6, temperature=1.0)
TUNE = Song(
    # Notes over the barlines at 8 and 20.
    make_notes(
        [(0, 3, 67, 70, 0), (4, 6, 71, 90, 0), (12, 4, 69, 100, 0), (17, 5, 67, 110, 0), (24, 4, 74, 64, 0)]
    ),
    (TWO, THREE, TWO),
    ENSEMBLES["voices"],
    tempi=(Tempo(0, 90.0),),
    markers=(Marker(8, "B"),),
    title="A tune",
)
CHORALE = replace(
    TUNE,
    notes=np.concatenate(
        [
            TUNE.notes,
            *(make_notes((4 * n, 4, 64 - 7 * part, 80, part) for n in range(7)) for part in (1, 2, 3)),
        ]
    ),
)


@pytest.fixture(scope="module")
def voices(make_small_model: Callable[..., MeasureVAE]) -> MeasureVAE:
    """Return an untrained model of four voices."""
    return make_small_model(ensemble="voices", parts=ENSEMBLES["voices"])


def written(
    model: MeasureVAE,
    song: Song,
    parts: tuple[int, ...],
    gap: Gap = Gap(0, 3),  # noqa: B008
    options: InfillOptions = FEW,
    seed: int = 0,
) -> Song:
    return accompany(model, song, parts, gap, options, torch.Generator().manual_seed(seed))


def notes_of(song: Song, *parts: int) -> list[tuple[int, ...]]:
    return song.notes[np.isin(song.notes["part"], parts)].tolist()


@pytest.mark.parametrize("parts", [(ALTO, TENOR, BASS), (BASS,), (ALTO, BASS)])
def test_a_tune_gets_the_parts_named_and_stays_as_it_is(voices: MeasureVAE, parts: tuple[int, ...]) -> None:
    song = written(voices, TUNE, parts)
    assert notes_of(song, SOPRANO) == TUNE.notes.tolist()
    assert set(song.notes["part"].tolist()) == {SOPRANO, *parts}
    assert replace(song, notes=TUNE.notes) == TUNE


@pytest.mark.parametrize("gap", [Gap(0, 1), Gap(1, 2), Gap(1, 3)])
def test_only_the_parts_named_change_and_only_in_the_gap(voices: MeasureVAE, gap: Gap) -> None:
    song = written(voices, CHORALE, (TENOR, BASS), gap)
    assert notes_of(song, SOPRANO, ALTO) == notes_of(CHORALE, SOPRANO, ALTO)
    begin, end = (int(CHORALE.measure_starts[measure]) for measure in gap)

    def outside(song: Song) -> list[tuple[int, ...]]:
        return [note for note in notes_of(song, TENOR, BASS) if not begin <= note[0] < end]

    assert outside(song) == outside(CHORALE)
    assert notes_of(song, TENOR, BASS) != notes_of(CHORALE, TENOR, BASS)


@pytest.mark.parametrize("options", [FEW, replace(FEW, weigh=False), replace(FEW, temperature=0.0)])
def test_the_same_seed_writes_alike(voices: MeasureVAE, options: InfillOptions) -> None:
    first, again = (written(voices, TUNE, (BASS,), options=options, seed=3) for _ in range(2))
    assert first == again


def test_new_notes_are_as_loud_as_the_song(voices: MeasureVAE) -> None:
    song = written(voices, TUNE, (BASS,))
    assert {note[3] for note in notes_of(song, BASS)} == {90}


def test_of_more_candidates_the_given_notes_are_likelier(voices: MeasureVAE) -> None:
    heaviest: list[float] = []

    class Watched(Particles):
        def heaviest(self) -> Writing:
            heaviest.append(float(self.log_weight.max()))
            return super().heaviest()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "Particles", Watched)
        patch.setattr(Watched, "resample", lambda self: None)
        for seed in range(5):
            for count in (1, 24):
                written(voices, TUNE, (BASS,), options=replace(FEW, candidates=count), seed=seed)
    one, many = heaviest[::2], heaviest[1::2]
    assert np.mean(many) > np.mean(one)


def test_a_song_of_which_nothing_is_given_is_refused(voices: MeasureVAE) -> None:
    with pytest.raises(SongError, match="nothing is given that new parts could suit"):
        written(voices, TUNE, (SOPRANO, BASS))


def test_a_gap_that_is_not_in_the_song_is_refused(voices: MeasureVAE) -> None:
    with pytest.raises(SongError, match="no measures 3 to 4 in a song of 3"):
        written(voices, TUNE, (BASS,), Gap(2, 4))


def test_a_decoder_that_does_not_hear_the_song_is_refused(
    make_small_model: Callable[..., MeasureVAE],
) -> None:
    conv = make_small_model(ensemble="voices", parts=ENSEMBLES["voices"], decoder="conv")
    with pytest.raises(ModelError, match="needs one that hears the song"):
        written(conv, TUNE, (BASS,))


def test_parts_are_found_by_their_names() -> None:
    voices = ENSEMBLES["voices"]
    assert find_parts(voices, "bass, Alto") == (ALTO, BASS)
    with pytest.raises(SongError, match="no part 'kazoo': it has soprano, alto, tenor, bass"):
        find_parts(voices, "bass,kazoo")
    with pytest.raises(SongError, match="no part is named"):
        find_parts(voices, " , ")


def test_the_nearest_way_to_call_a_part_is_taken() -> None:
    basses = (Part("soprano", 32), Part("alto", 32), Part("bass", 32))
    assert find_parts(basses, "bass") == (2,)
    assert find_parts((Part("ground", 32), Part("Piano", 0), Part("x", 33)), "bass") == (0, 2)
    assert find_parts((Part("ground", 32), Part("Piano", 33), Part("x", 0)), "piano, fingered bass") == (1,)
    assert find_parts((Part("kit", is_drums=True), Part("a", 40)), "drums") == (0,)


def test_new_parts_are_those_that_the_song_lacks() -> None:
    assert choose_new_parts(TUNE, "", CONFIG).new == (ALTO, TENOR, BASS)
    assert choose_new_parts(TUNE, "bass", CONFIG).new == (BASS,)
    with pytest.raises(SongError, match="has soprano already: .* by infill --parts soprano"):
        choose_new_parts(TUNE, "soprano,bass", CONFIG)
    with pytest.raises(SongError, match="has all parts of the model"):
        choose_new_parts(CHORALE, "", CONFIG)


def test_what_a_part_plays_elsewhere_may_come_again(
    voices: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = replace(CHORALE, meters=(TWO,) * 3, notes=CHORALE.notes[CHORALE.notes["start"] < 24])
    offered: list[list[list[tuple[int, ...]]]] = []
    weigh = weigh_fillings

    def spy(alone: Writing, fillings: Sequence[Sequence[MeasureNotes]], *more: object) -> Writing:
        offered.extend([measure[["step", "pitch", "part"]].tolist() for measure in own] for own in fillings)
        return weigh(alone, fillings, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "weigh_fillings", spy)
    new = written(voices, song, (BASS,), Gap(1, 2))
    by_measure = split_measures(song)
    for lent in offered[1:]:  # the first was drawn
        assert [note for note in lent[0] if note[2] != BASS] == [
            note for note in by_measure[1][["step", "pitch", "part"]].tolist() if note[2] != BASS
        ]
    basses = [[note for note in lent[0] if note[2] == BASS] for lent in offered[1:]]
    elsewhere = [by_measure[n][["step", "pitch", "part"]].tolist() for n in (0, 2)]
    assert basses == [[note for note in measure if note[2] == BASS] for measure in elsewhere]
    others = new.notes["part"] != BASS
    assert new.notes[others].tolist() == song.notes[song.notes["part"] != BASS].tolist()
    written(voices, TUNE, (BASS,), Gap(1, 2))  # it plays nowhere
    assert len(offered) == 3
