from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from musicvae.core.categorical import Draw
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.song_batch import SongOutline, songs_to_batch
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.noisy_codes import NoisyCodes, absent, exact
from musicvae.measures.writing.writing import DRAWN, REDRAWN, Way, Writing
from musicvae.midi.songs.measure_notes import MEASURE_NOTE, MeasureNotes, measure_key, split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

ModelMaker = Callable[..., MeasureVAE]
Accepts = Callable[[int, MeasureNotes], bool]
TWO, THREE, EIGHTH = Meter(2, 4), Meter(3, 4), Meter(1, 8)
REACHES = pytest.mark.parametrize("reach", [0, 2])


def tune(config: MeasureVAEConfig, meters: tuple[Meter, ...], seed: int) -> Song:
    """Return a song of a note of three steps on every second one, many of them across barlines."""
    steps = sum(meter.steps(config.grid) for meter in meters)
    pitches = np.random.default_rng(seed).permutation(np.arange(50, 80))
    rows = [
        (start, min(3, steps - start), pitches[index % 30], 80, index % 2)
        for index, start in enumerate(range(0, steps, 2))
    ]
    return Song(make_notes(rows), meters, config.parts, config.grid)


@pytest.fixture(scope="module")
def songs(config: MeasureVAEConfig) -> list[Song]:
    """Return songs of six, six and four measures, which side by side are of other lengths."""
    meters = [(TWO, THREE, EIGHTH) * 2, (EIGHTH,) * 6, (THREE, THREE, TWO, THREE)]
    return [tune(config, each, seed) for seed, each in enumerate(meters)]


def frames_of(songs: list[Song]) -> list[SongOutline]:
    return [SongOutline(song.meters) for song in songs]


def split_all(songs: list[Song], measures: int = 6) -> list[list[MeasureNotes]]:
    """Return the by_measure of songs, empty ones after the end."""
    nothing = np.empty(0, MEASURE_NOTE)
    return [split_measures(song) + [nothing] * (measures - song.measures) for song in songs]


def blank_code(songs: int) -> NoisyCodes:
    return absent(torch.zeros(songs, 6))


def seeded(temperature: float | Tensor = 1.0, seed: int = 0) -> Draw:
    return Draw(temperature, torch.Generator().manual_seed(seed))


def assert_same(one: Memory, other: Memory) -> None:
    """Check that two memories lead to the same: steps in between that nobody sees make no difference."""
    torch.testing.assert_close((one.recurrent, one.heard), (other.recurrent, other.heard))
    assert torch.equal(one.ringing, other.ringing)
    assert torch.equal(one.measures, other.measures)
    for ours, theirs in zip(one.pasts, other.pasts, strict=True):
        for song, after in enumerate(one.measures.tolist()):
            mine, yours = (past.measure[song] > after - 2 for past in (ours, theirs))  # at a reach of 2
            torch.testing.assert_close(ours.key[song, :, mine], theirs.key[song, :, yours])
            torch.testing.assert_close(ours.value[song, :, mine], theirs.value[song, :, yours])


def measure_of(*rows: tuple[int, int, int, bool]) -> MeasureNotes:
    """Return a cut of notes of the melody, by step, length, pitch and whether it is held."""
    cut = np.zeros(len(rows), MEASURE_NOTE)
    for name, column in zip(("step", "length", "pitch", "held"), zip(*rows, strict=True), strict=False):
        cut[name] = column
    return cut


# ---- hearing


@REACHES
def test_songs_that_are_heard_are_as_likely_as_the_decoder_says(
    make_model: ModelMaker, songs: list[Song], reach: int
) -> None:
    model = make_model(reach=reach)
    batch = songs_to_batch(songs, model.config)
    expected = model.decoder.log_prob(batch, absent(torch.zeros(18, 6))).view(3, 6)
    heard = Writing(model, frames_of(songs)).hear(split_all(songs))
    torch.testing.assert_close(heard[:2], expected[:2])
    torch.testing.assert_close(heard[2, :4], expected[2, :4])


@REACHES
def test_songs_that_are_heard_are_the_songs_written(
    make_model: ModelMaker, songs: list[Song], reach: int
) -> None:
    writing = Writing(make_model(reach=reach), frames_of(songs))
    writing.hear(split_all(songs))
    assert writing.at == 6
    assert writing.songs() == songs


def test_a_song_is_heard_alike_whatever_is_heard_beside_it(make_model: ModelMaker) -> None:
    model = make_model(reach=4)
    # At once they are heard in steps with padding between, one by one without.
    short, long = (tune(model.config, (meter,) * 12, seed) for seed, meter in enumerate((EIGHTH, THREE)))
    by_measure = split_all([short, long], 12)
    together = Writing(model, frames_of([short, long]))
    parts = [together.hear([song[first : first + 4] for song in by_measure]) for first in (0, 4)]
    parts += [together.hear([[song[measure]] for song in by_measure]) for measure in range(8, 12)]
    alone = Writing(model, frames_of([short])).hear(by_measure[:1])
    torch.testing.assert_close(torch.cat(parts, dim=1)[:1], alone)


def test_nothing_may_be_heard(make_model: ModelMaker, songs: list[Song]) -> None:
    writing = Writing(make_model(), frames_of(songs))
    assert writing.hear([[], [], []]).shape == (3, 0)
    assert writing.at == 0


def test_a_long_song_is_remembered_no_further_than_it_is_seen(make_model: ModelMaker) -> None:
    model = make_model(reach=3)
    songs = [tune(model.config, meters * 30, 0) for meters in ((TWO,), (THREE,))]
    writing, by_measure = Writing(model, frames_of(songs)), split_all(songs, 30)
    writing.hear([song[:28] for song in by_measure])
    writing.go_on([None, by_measure[1][28]], blank_code(2), seeded())
    writing.write(blank_code(2), seeded())
    assert writing.memory.measures.tolist() == [30, 30]
    (past,) = writing.memory.pasts
    assert past.measure.shape[1] <= 1 + 3 * model.config.steps


# ---- writing


@REACHES
def test_writing_some_measures_and_hearing_others_is_remembered_as_hearing_them_all(
    make_model: ModelMaker, songs: list[Song], reach: int
) -> None:
    model, by_measure = make_model(reach=reach), split_all(songs)
    writing = Writing(model, frames_of(songs))
    writing.hear([song[:1] for song in by_measure])
    knows: list[list[int]] = [[0], [1, 2], [], [0, 1, 2], [2]]  # which songs know the next measure
    for measure, known in enumerate(knows, 1):
        told = [writing.fit(song, by_measure[song][measure]) if song in known else None for song in range(3)]
        writing.go_on(told, blank_code(3), seeded(seed=measure))
        for song in known:
            assert writing.by_measure[song][measure] is told[song]
    assert writing.at == 6
    again = Writing(model, frames_of(songs))
    assert again.hear(writing.by_measure).isfinite().all()
    assert_same(writing.memory, again.memory)


def test_drawn_measures_follow_the_hints_and_temperature_of_their_song(
    make_model: ModelMaker, songs: list[Song]
) -> None:
    model = make_model()
    codes = torch.randn(3, 6, generator=torch.Generator().manual_seed(1))
    noisy, draw = NoisyCodes(codes, torch.tensor([0.0, 1.0, 0.0])), seeded(torch.tensor([0.0, 1.0, 0.0]))
    writing = Writing(model, frames_of(songs))
    writing.go_on([None, split_all(songs)[1][0], None], noisy, draw)
    for song in (0, 2):
        alone = Writing(model, frames_of(songs[song : song + 1]))
        alone.write(exact(codes[song : song + 1]), seeded(0.0))
        assert measure_key(writing.by_measure[song][0]) == measure_key(alone.by_measure[0][0])
    assert len(writing.by_measure[0][0])


def test_songs_end_where_their_meters_do(make_model: ModelMaker) -> None:
    writing = Writing(make_model(), [SongOutline((TWO,)), SongOutline((THREE, EIGHTH, TWO))])
    for _ in range(3):
        writing.write(blank_code(2), seeded())
    short, long = writing.songs()
    assert (short.meters, long.meters) == ((TWO,), (THREE, EIGHTH, TWO))
    assert len(writing.by_measure[0][2])  # written on, and left out
    assert [len(cut) > 0 for cut in split_measures(long)] == [True] * 3


def test_songs_may_be_asked_for_before_they_are_done(make_model: ModelMaker) -> None:
    writing = Writing(make_model(), [SongOutline((TWO, THREE)), SongOutline((EIGHTH,))])
    writing.write(blank_code(2), seeded())
    assert [song.meters for song in writing.songs()] == [(TWO,), (EIGHTH,)]


def test_songs_may_be_for_other_parts(make_model: ModelMaker, songs: list[Song]) -> None:
    writing = Writing(make_model(), frames_of(songs[:2]))
    writing.hear(split_all(songs[:2]))
    flute = (Part("flute", 73), Part("kit", is_drums=True))
    written = writing.songs([flute, songs[1].parts])
    assert [song.parts for song in written] == [flute, songs[1].parts]
    assert (written[0].notes == songs[0].notes).all()


def test_what_was_written_is_a_song_like_any_other(make_model: ModelMaker, songs: list[Song]) -> None:
    writing = Writing(model := make_model(), frames_of(songs))
    for _ in range(6):
        writing.write(blank_code(3), seeded())
    written = writing.songs()
    assert [song.meters for song in written] == [song.meters for song in songs]
    again = Writing(model, frames_of(songs))
    again.hear(split_all(written))
    assert again.songs() == written


# ---- measures drawn anew


def draw_after_one(writing: Writing, songs: list[Song], accepts: Accepts = lambda song, cut: True) -> None:
    """Hear the first measure of three songs, and go on: the second one knows its next measure."""
    by_measure = split_all(songs)
    writing.hear([song[:1] for song in by_measure])
    writing.go_on([None, by_measure[1][1], None], blank_code(3), seeded(), accepts)


def test_a_measure_that_is_refused_is_drawn_anew(make_model: ModelMaker, songs: list[Song]) -> None:
    first, writing, again = (Writing(make_model(), frames_of(songs)) for _ in range(3))
    draw_after_one(first, songs)
    unwanted = measure_key(first.by_measure[2][1])
    draw_after_one(writing, songs, lambda song, cut: song == 0 or measure_key(cut) != unwanted)
    unlike = [
        measure_key(cut[1]) != measure_key(other[1])
        for cut, other in zip(writing.by_measure, first.by_measure, strict=True)
    ]
    assert unlike == [False, False, True]
    again.hear(writing.by_measure)
    assert_same(writing.memory, again.memory)


def test_of_measures_that_are_all_refused_the_last_one_stays(
    make_model: ModelMaker, songs: list[Song]
) -> None:
    refused: list[tuple[int, bytes]] = []

    def accepts(song: int, cut: MeasureNotes) -> bool:
        refused.append((song, measure_key(cut)))
        return False

    writing = Writing(make_model(), frames_of(songs))
    draw_after_one(writing, songs, accepts)
    for song in (0, 2):
        drawn = [cut for number, cut in refused if number == song]
        assert len(drawn) == DRAWN + REDRAWN
        assert measure_key(writing.by_measure[song][1]) == drawn[-1]
    assert 1 not in {song for song, _ in refused}  # its measure was known


def test_where_nothing_is_left_to_chance_nothing_is_drawn_anew(make_model: ModelMaker) -> None:
    refused: list[int] = []

    def accepts(song: int, cut: MeasureNotes) -> bool:
        refused.append(song)
        return False

    writing = Writing(make_model(), [SongOutline((THREE,))] * 2)
    writing.go_on([None] * 2, blank_code(2), seeded(torch.zeros(2)), accepts)
    assert refused == []
    assert writing.at == 1


# ---- copies


def test_a_copy_goes_on_by_itself(make_model: ModelMaker, songs: list[Song]) -> None:
    by_measure = split_all(songs)
    writing = Writing(make_model(), frames_of(songs))
    writing.hear([song[:2] for song in by_measure])
    before, memory = [list(song) for song in writing.by_measure], writing.memory
    copy = writing.select([2, 0, 2])
    copy.write(blank_code(3), seeded())
    assert (copy.at, writing.at) == (3, 2)
    assert copy.outlines == [SongOutline(songs[song].meters) for song in (2, 0, 2)]
    assert [cut is other for cut, other in zip(writing.by_measure[0], before[0], strict=True)] == [True, True]
    assert_same(writing.memory, memory)
    first = writing.hear([song[2:3] for song in by_measure])
    fresh = Writing(writing.model, frames_of(songs)).hear([song[:3] for song in by_measure])
    torch.testing.assert_close(first, fresh[:, 2:])


def test_a_copy_hears_what_its_song_would_hear(make_model: ModelMaker, songs: list[Song]) -> None:
    by_measure = split_all(songs)
    writing = Writing(make_model(), frames_of(songs))
    writing.hear([song[:2] for song in by_measure])
    copy = writing.select([1, 2, 1])
    heard = copy.hear([by_measure[song][2:4] for song in (1, 2, 1)])
    expected = writing.hear([song[2:4] for song in by_measure])
    torch.testing.assert_close(heard, expected[[1, 2, 1]])


def test_songs_follow_the_ways_that_copies_went(make_model: ModelMaker, songs: list[Song]) -> None:
    by_measure = split_all(songs)
    writing = Writing(model := make_model(), frames_of(songs))
    writing.hear([song[:1] for song in by_measure])
    one, other = writing.select([1]), writing.select([2, 0, 2])
    one.hear([by_measure[1][1:3]])
    for _ in range(2):
        other.write(blank_code(3), seeded())
    writing.follow([Way(other, 1), Way(one, 0), Way(other, 2)])
    assert writing.at == 3
    for song, (copy, row) in enumerate([(other, 1), (one, 0), (other, 2)]):
        assert [measure_key(cut) for cut in writing.by_measure[song]] == [
            measure_key(cut) for cut in copy.by_measure[row]
        ]
    again = Writing(model, frames_of(songs))
    again.hear(writing.by_measure)
    assert_same(writing.memory, again.memory)


# ---- measures that are taken up


def test_what_does_not_ring_is_struck_anew(make_model: ModelMaker) -> None:
    writing = Writing(make_model(), [SongOutline((TWO, TWO))])
    writing.hear([[measure_of((4, 4, 60, False), (4, 2, 62, False))]])  # of these 60 sounds until the barline
    cut = measure_of((0, 2, 60, True), (0, 3, 62, True), (4, 4, 64, False))
    fitting = writing.fit(0, cut)
    assert dict(zip(fitting["pitch"].tolist(), fitting["held"].tolist(), strict=True)) == {
        60: True, 62: False, 64: False,
    }  # fmt: skip
    assert cut["held"].tolist() == [True, True, False]
    assert measure_key(fitting) == measure_key(cut)
    assert writing.hear([[fitting]]).isfinite().all()


def test_a_page_that_fits_stays_as_it_is(make_model: ModelMaker, songs: list[Song]) -> None:
    by_measure = split_all(songs)
    writing = Writing(make_model(), frames_of(songs))
    writing.hear([song[:1] for song in by_measure])
    for song in range(3):
        assert (writing.fit(song, by_measure[song][1]) == by_measure[song][1]).all()
    assert len(writing.fit(0, measure_of())) == 0


@pytest.mark.parametrize(("held", "struck"), [(2, 5), (5, 2)])
def test_a_note_that_is_both_held_and_struck_is_not_struck_twice(
    make_model: ModelMaker, held: int, struck: int
) -> None:
    writing = Writing(make_model(), [SongOutline((TWO,))])
    fitting = writing.fit(0, measure_of((0, held, 60, True), (0, struck, 60, False), (6, 2, 60, False)))
    assert fitting[["step", "length", "held"]].tolist() == [(0, 5, False), (6, 2, False)]
    assert writing.hear([[fitting]]).isfinite().all()


def test_a_written_measure_has_the_code_of_the_song(make_model: ModelMaker, songs: list[Song]) -> None:
    model = make_model()
    writing = Writing(model, frames_of(songs))
    writing.hear(split_all(songs))
    codes = model.encode(songs_to_batch(songs, model.config)).view(3, 6, -1)
    some, measures = [2, 0, 0, 1], [3, 4, 0, 5]
    torch.testing.assert_close(writing.encode(some, measures), codes[some, measures])


def test_who_waits_is_told_how_many_measures_there_are(make_model: ModelMaker, songs: list[Song]) -> None:
    told: list[int] = []
    writing = Writing(make_model(reach=2), frames_of(songs), told.append)
    writing.hear([song[:3] for song in split_all(songs)])
    writing.write(blank_code(3), seeded())
    writing.go_on([split_all(songs)[0][4], None, None], blank_code(3), seeded())
    assert sorted(set(told)) == [2, 3, 4, 5]
    assert told == sorted(told)
