from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

import musicvae.compose.performance.script as module
from musicvae.compose.performance.reconstruct import reconstruct
from musicvae.compose.performance.script import LOOSE, Script, perform, warm
from musicvae.core.categorical import GREEDY, Draw
from musicvae.errors import ModelError, SongError
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing import song_writing
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.side_by_side import HeardSongs, Writing
from musicvae.measures.writing.song_writing import decode_songs
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae.midi.form.plans import Plan
from musicvae.midi.songs.measure_notes import measure_key, split_measures
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Song

TWO, THREE = Meter(2, 4), Meter(3, 4)


def tune(*pitches: int, meters: tuple[Meter, ...]) -> Song:
    """Return a song of a note each beat, all but the last held a little into the next beat's rest."""
    rows = [(4 * beat, 3, pitch, 80, 0) for beat, pitch in enumerate(pitches)]
    return Song(make_notes(rows), meters, ENSEMBLES["melody"])


# Four measures in two meters; the third note is held over the first barline.
GIVEN = Song(
    make_notes(
        [(0, 4, 60, 80, 0), (4, 6, 64, 80, 0), (10, 2, 62, 80, 0), (16, 8, 65, 80, 0), (28, 8, 67, 80, 0)]
    ),
    (TWO, TWO, THREE, TWO),
    ENSEMBLES["melody"],
)
OTHER = tune(72, 71, 69, 67, 69, meters=(THREE, TWO))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def free(*meters: Meter, **more: object) -> Script:
    return Script(SongOutline(meters), np.ones(len(meters)), **more)  # type: ignore[arg-type]


def keys(song: Song) -> list[bytes]:
    return [measure_key(measure) for measure in split_measures(song)]


def test_given_measures_are_taken_as_they_are(model: MeasureVAE) -> None:
    script = free(*GIVEN.meters, TWO, THREE, given=split_measures(GIVEN))
    [piece] = perform(model, [script], 1.0, seeded())
    assert piece.meters == (*GIVEN.meters, TWO, THREE)
    first = piece.cut(0, 4)
    assert (
        first.notes[["start", "length", "pitch"]].tolist()
        == GIVEN.notes[["start", "length", "pitch"]].tolist()
    )


def test_pieces_with_more_and_with_less_given_are_written_side_by_side(model: MeasureVAE) -> None:
    by_measure = split_measures(GIVEN)
    scripts = [
        free(*GIVEN.meters, THREE, given=by_measure),
        free(THREE, THREE),
        free(TWO, TWO, THREE, given=by_measure[:1]),
        free(*OTHER.meters, TWO, given=split_measures(OTHER)),
    ]
    pieces = perform(model, scripts, 1.0, seeded())
    assert [piece.meters for piece in pieces] == [script.outline.meters for script in scripts]
    assert keys(pieces[0])[:4] == keys(GIVEN)
    assert keys(pieces[2])[0] == keys(GIVEN)[0]
    assert keys(pieces[3])[:2] == keys(OTHER)


def test_a_piece_does_not_depend_on_those_beside_it(model: MeasureVAE) -> None:
    by_measure = split_measures(GIVEN)
    scripts = [
        free(TWO),
        free(*GIVEN.meters, THREE, given=by_measure[:3]),
        free(THREE, TWO, THREE),
        Script(SongOutline(OTHER.meters, 1, 2), np.zeros(2), encode_songs(model, [OTHER])[0]),
    ]
    assert perform(model, scripts) == [perform(model, [script])[0] for script in scripts]


def test_one_script_for_many_pieces_is_heard_once(model: MeasureVAE, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = []
    hear = Writing.hear_in_parts

    def spy(self: Writing, by_measure: list[list[np.ndarray]]) -> Iterator[HeardSongs]:
        rows.append(len(by_measure))
        return hear(self, by_measure)

    monkeypatch.setattr(Writing, "hear_in_parts", spy)
    script = free(*GIVEN.meters, THREE, given=split_measures(GIVEN))
    pieces = perform(model, [script] * 3, 1.0, seeded())
    assert rows == [1]
    assert [keys(piece)[:4] for piece in pieces] == [keys(GIVEN)] * 3
    assert pieces[0] != pieces[1] != pieces[2]


def test_what_a_plan_repeats_is_said_note_for_note(model: MeasureVAE) -> None:
    plan = Plan(np.array([-1, -1, 0, 1, -1, 0]), np.zeros(6, bool))
    pieces = perform(model, [free(*[TWO] * 6, plan=plan), free(*[TWO] * 5)], 1.0, seeded())
    said = keys(pieces[0])
    assert (said[2], said[3], said[5]) == (said[0], said[1], said[0])
    assert len(set(said)) == 3  # and what it calls new is new


def test_where_nothing_is_left_to_chance_nothing_is_drawn_anew(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(module, "draw_until_accepted")
    script = free(*[TWO] * 3, plan=Plan(np.array([-1, -1, -1]), np.zeros(3, bool)))
    assert perform(model, [script], 0.0)[0].measures == 3


def test_a_held_note_is_struck_where_it_cannot_be_held(model: MeasureVAE) -> None:
    # The second measure begins with a held note; when it comes again, another one has gone before.
    plan = Plan(np.array([-1, -1, -1, 1]), np.zeros(4, bool))
    song = Song(make_notes([(4, 6, 64, 80, 0), (16, 4, 50, 80, 0)]), (TWO,) * 3, ENSEMBLES["melody"])
    script = free(*[TWO] * 4, plan=plan, given=split_measures(song))
    [piece] = perform(model, [script])
    assert piece.notes[["start", "length", "pitch"]].tolist() == [(4, 6, 64), (16, 4, 50), (24, 2, 64)]


def test_without_freedom_a_code_is_said_by_its_likeliest_notes(model: MeasureVAE) -> None:
    codes = list(torch.randn(2, 4, 6, generator=seeded()))
    scripts = [Script(SongOutline(GIVEN.meters), np.zeros(4), own) for own in codes]
    said = perform(model, scripts, 0.0)
    assert said == perform(model, scripts, 0.9, seeded())
    assert said == decode_songs(
        model, [script.outline for script in scripts], [exact(own) for own in codes], GREEDY
    )


def test_said_back_closely_it_is_the_reconstruction(model: MeasureVAE) -> None:
    songs = [GIVEN, OTHER]
    scripts = [
        Script(SongOutline(song.meters), np.zeros(song.measures), codes, closely=True)
        for song, codes in zip(songs, encode_songs(model, songs), strict=True)
    ]
    said = [keys(piece) for piece in perform(model, [*scripts, free(TWO)], 0.9, seeded())[:2]]
    assert said == [keys(piece) for piece in reconstruct(model, songs)]
    assert said == [keys(reconstruct(model, [song])[0]) for song in songs]


def test_freedom_is_noise_and_another_seed_other_noise(model: MeasureVAE) -> None:
    script = Script(SongOutline(GIVEN.meters), np.full(4, 0.5), encode_songs(model, [GIVEN])[0])
    first, again, other = (perform(model, [script], 0.0, seeded(seed)) for seed in (0, 0, 1))
    assert first == again != other


def test_where_no_noise_is_wanted_no_number_is_drawn(model: MeasureVAE) -> None:
    script = Script(SongOutline(GIVEN.meters), np.full(4, 0.5), encode_songs(model, [GIVEN])[0], noise=0.0)
    generator = seeded()
    before, everywhere = generator.get_state(), torch.get_rng_state()
    first = perform(model, [script], 0.0, generator)
    assert torch.equal(generator.get_state(), before)
    assert first == perform(model, [script])
    assert torch.equal(torch.get_rng_state(), everywhere)
    assert first != perform(model, [replace(script, freedom=np.zeros(4))])  # but the freedom is told


def test_each_measure_has_a_freedom_of_its_own(model: MeasureVAE) -> None:
    codes = encode_songs(model, [GIVEN])[0]
    exact = perform(model, [Script(SongOutline(GIVEN.meters), np.zeros(4), codes)])[0]
    end_free = Script(SongOutline(GIVEN.meters), np.array([0, 0, 0, 1.0]), codes)
    first, other = (perform(model, [end_free], 1.0, seeded(seed))[0] for seed in (0, 1))
    assert keys(first)[:3] == keys(other)[:3] == keys(exact)[:3]
    assert keys(first)[3] != keys(other)[3]


def test_the_less_free_a_measure_is_the_more_safely_it_is_drawn() -> None:
    freedom = torch.tensor([0.0, LOOSE / 2, LOOSE, 1.0])
    assert torch.equal(
        torch.as_tensor(warm(Draw(0.8), freedom).temperature), torch.tensor([0, 0.4, 0.8, 0.8])
    )


def test_progress_is_told_of_all_groups_as_one(model: MeasureVAE, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        song_writing, "MEASURES_AT_ONCE", 6
    )  # two pieces of 3 are one group, one of 4 another
    told: list[tuple[int, int]] = []
    scripts = [free(*[TWO] * 4), free(*[TWO] * 3), free(*[TWO] * 2)]
    perform(model, scripts, on_progress=lambda measures, of: told.append((measures, of)))
    assert [of for _, of in told] == [7] * len(told)
    assert sorted({measures for measures, _ in told} - {0}) == [1, 2, 3, 4, 5, 6, 7]
    assert told == sorted(told)


def test_no_scripts_give_no_pieces(model: MeasureVAE) -> None:
    assert perform(model, []) == []


def test_a_measure_longer_than_the_models_longest_is_refused(model: MeasureVAE) -> None:
    with pytest.raises(SongError, match="cannot read measures of 4/4"):
        perform(model, [free(Meter(4, 4))])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"freedom": np.ones(3)}, "of 2 measures needs as many of everything"),
        ({"codes": torch.zeros(1, 6)}, "of 2 measures needs as many of everything"),
        ({"plan": Plan(np.array([-1]), np.array([False]))}, "of 2 measures needs as many of everything"),
        ({"given": split_measures(GIVEN)}, "of 2 measures needs as many of everything"),
        ({"freedom": np.array([0.5, 1.5])}, "between 0"),
        ({"freedom": np.array([np.nan, 1])}, "between 0"),
        ({"freedom": np.array([0.5, 1])}, "below 1 need codes"),
    ],
)
def test_a_script_that_does_not_add_up_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(free(TWO, TWO), **changes)  # type: ignore[arg-type]


# ---- a decoder that says each measure by itself


def test_a_conv_decoder_says_its_codes(conv: MeasureVAE) -> None:
    codes = torch.randn(2, 6, generator=seeded())
    script = Script(SongOutline(OTHER.meters), np.zeros(2), codes)
    said = decode_songs(conv, [script.outline], [exact(codes)], GREEDY)
    assert perform(conv, [script], 0.9, seeded()) == said


def test_a_conv_decoder_has_codes_from_the_prior_where_there_are_none(conv: MeasureVAE) -> None:
    script = free(TWO, THREE)
    first, again, other = (perform(conv, [script], 0.0, seeded(seed)) for seed in (0, 0, 1))
    assert first == again
    for pieces, seed in ((first, 0), (other, 1)):
        codes = torch.randn(1, 2, 6, generator=seeded(seed))[0]
        assert pieces == decode_songs(conv, [script.outline], [exact(codes)], GREEDY)


def test_a_conv_decoder_draws_the_measures_that_are_free(conv: MeasureVAE) -> None:
    script = Script(SongOutline((TWO, TWO)), np.array([0, 1.0]), torch.randn(2, 6, generator=seeded()))
    first, other = (perform(conv, [script], 1.0, seeded(seed))[0] for seed in (0, 1))
    assert keys(first)[0] == keys(other)[0]
    assert keys(first)[1] != keys(other)[1]


@pytest.mark.parametrize(
    "script",
    [
        free(*GIVEN.meters, TWO, given=split_measures(GIVEN)),
        free(TWO, TWO, plan=Plan(np.array([-1, 0]), np.zeros(2, bool))),
    ],
    ids=["given", "plan"],
)
def test_a_conv_decoder_cannot_follow_a_song(conv: MeasureVAE, script: Script) -> None:
    with pytest.raises(ModelError, match="trained with a recurrent decoder"):
        perform(conv, [script])
