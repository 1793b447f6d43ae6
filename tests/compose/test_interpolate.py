from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from musicvae.compose import interpolate as module
from musicvae.compose.interpolate import interpolate, morph
from musicvae.compose.options import PathOptions
from musicvae.compose.performance.reconstruct import reconstruct
from musicvae.compose.performance.script import Script, perform
from musicvae.core.categorical import GREEDY
from musicvae.core.paths import slerp
from musicvae.measures.data.noisy_codes import exact, noise_to_freedom
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.song_writing import decode_songs
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song, Tempo

TWO, THREE = Meter(2, 4), Meter(3, 4)


def tune(*pitches: int, meters: tuple[Meter, ...], name: str, bpm: float) -> Song:
    """Return a song of one note on each beat."""
    rows = [(4 * beat, 4, pitch, 80, 0) for beat, pitch in enumerate(pitches)]
    return Song(make_notes(rows), meters, (Part(name),), tempi=(Tempo(0, bpm),))


A = tune(60, 64, 67, 72, 71, 67, meters=(TWO,) * 3, name="flute", bpm=80.0)
B = tune(72, 71, 69, meters=(THREE,), name="fiddle", bpm=125.0)


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> list[Script]:
    """Return a list that will hold the scripts of the songs that are written."""
    written: list[Script] = []

    def spy(model: MeasureVAE, asked: Sequence[Script], **more: Any) -> list[Song]:
        written.extend(asked)
        return perform(model, asked, **more)

    monkeypatch.setattr(module, "perform", spy)
    return written


def codes_of(script: Script) -> Tensor:
    assert script.codes is not None
    return script.codes


def notes_of(song: Song) -> list[tuple[int, ...]]:
    return [tuple(note) for note in song.notes.tolist()]


def test_there_are_as_many_steps_as_asked_for_between_the_two_ends(model: MeasureVAE) -> None:
    songs, titles, _ = interpolate(model, A, B, PathOptions(3))
    assert len(songs) == 5
    assert titles == ("A", "25% B", "50% B", "75% B", "B")


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_the_ends_are_the_reconstructions_of_both(model: MeasureVAE, steps: int) -> None:
    songs = interpolate(model, A, A_LONGER, PathOptions(steps)).songs
    assert len(songs) == steps + 2
    first, last = reconstruct(model, [A, A_LONGER])
    assert notes_of(songs[0]) == notes_of(first)
    assert notes_of(songs[-1]) == notes_of(last)


A_LONGER = tune(50, 52, 54, 55, 57, 59, meters=(TWO,) * 3, name="viola", bpm=100.0)


def test_the_shorter_song_is_repeated_over_the_longer(model: MeasureVAE, scripts: list[Script]) -> None:
    songs, _, notices = interpolate(model, A, B, PathOptions(1))
    a_codes, b_codes = encode_songs(model, [A, B])
    assert [song.measures for song in songs] == [3, 3, 3]
    assert torch.equal(codes_of(scripts[0]), a_codes)
    assert torch.equal(codes_of(scripts[2]), b_codes.repeat(3, 1))
    assert notices[0] == "B is repeated over the 3 measures of A (it has 1)"


def test_the_codes_between_lie_on_the_path(model: MeasureVAE, scripts: list[Script]) -> None:
    interpolate(model, A, A_LONGER, PathOptions(3))
    a_codes, b_codes = encode_songs(model, [A, A_LONGER])
    for index, weight in enumerate([0.0, 0.25, 0.5, 0.75, 1.0]):
        expected = slerp(a_codes, b_codes, torch.full((3,), weight))
        torch.testing.assert_close(codes_of(scripts[index]), expected)


def test_meters_and_parts_are_of_a_until_the_middle_then_of_b(model: MeasureVAE) -> None:
    songs, _, notices = interpolate(model, A, B, PathOptions(3))
    assert [song.meters for song in songs] == [(TWO,) * 3] * 2 + [(THREE,) * 3] * 3
    assert [song.parts for song in songs] == [A.parts] * 2 + [B.parts] * 3
    assert notices[1] == "meters: of A (2/4) until the middle, then of B (3/4)"


def test_songs_of_one_shape_need_no_word(model: MeasureVAE) -> None:
    assert interpolate(model, A, A_LONGER).notices == ()


def test_the_tempo_goes_from_one_to_the_other(model: MeasureVAE) -> None:
    songs = interpolate(model, A, B, PathOptions(1)).songs
    assert [song.bpm for song in songs] == pytest.approx([80, 100, 125])


def test_from_a_song_to_itself_there_is_one_way(model: MeasureVAE) -> None:
    first, *between, last = map(notes_of, interpolate(model, A, A, PathOptions(3, natural=0.0)).songs)
    assert first == last
    assert between[0] == between[1] == between[2]


def test_only_so_many_measures_of_each_are_taken(model: MeasureVAE) -> None:
    songs, _, notices = interpolate(model, A, B, PathOptions(1, measures=1))
    assert [song.meters for song in songs] == [(TWO,), (THREE,), (THREE,)]
    assert not any("repeated" in notice for notice in notices)
    assert [song.measures for song in interpolate(model, A, B, PathOptions(0, measures=2)).songs] == [2, 2]


def test_the_same_songs_give_the_same_music(model: MeasureVAE) -> None:
    assert interpolate(model, A, B) == interpolate(model, A, B)


def test_the_middle_is_the_freest_and_the_ends_are_not_free(model: MeasureVAE, scripts: list[Script]) -> None:
    interpolate(model, A, A_LONGER, PathOptions(3, natural=0.4))
    freedom = [script.freedom.tolist() for script in scripts]
    middle = noise_to_freedom(0.4)
    side = middle * 0.5**0.5
    assert freedom == [pytest.approx([level] * 3) for level in (0, side, middle, side, 0)]
    assert freedom[0] == freedom[-1] == [0] * 3


def test_a_way_that_is_not_natural_is_that_of_the_codes_alone(model: MeasureVAE) -> None:
    songs = interpolate(model, A, A_LONGER, PathOptions(3, natural=0.0)).songs
    a_codes, b_codes = encode_songs(model, [A, A_LONGER])
    weights = [0.0, 0.25, 0.5, 0.75, 1.0]
    codes = [slerp(a_codes, b_codes, torch.full((3,), weight)) for weight in weights]
    plain = decode_songs(model, [SongOutline(A.meters)] * 5, [exact(own) for own in codes], GREEDY)
    assert [notes_of(song) for song in songs[1:-1]] == [notes_of(song) for song in plain[1:-1]]


def test_a_natural_way_is_another_way_between_the_same_ends(model: MeasureVAE) -> None:
    plain, natural = (
        interpolate(model, A, A_LONGER, PathOptions(3, natural=level)).songs for level in (0, 1)
    )
    assert [ours == theirs for ours, theirs in zip(plain, natural, strict=True)] == [
        True,
        False,
        False,
        False,
        True,
    ]


def test_no_number_is_drawn(model: MeasureVAE) -> None:
    before = torch.get_rng_state()
    interpolate(model, A, B, PathOptions(natural=0.7))
    morph(model, A, B, PathOptions(natural=0.7))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_decoder_that_has_but_the_code_is_always_told_it(conv: MeasureVAE, scripts: list[Script]) -> None:
    interpolate(conv, A, B, PathOptions(1, natural=0.5))
    morph(conv, A, B, PathOptions(natural=0.5))
    assert not any(script.freedom.any() for script in scripts)


@pytest.mark.parametrize("natural", [-0.1, 1.1])
def test_a_freedom_that_is_none_is_refused(natural: float) -> None:
    with pytest.raises(ValueError, match="natural must lie between 0 and 1"):
        PathOptions(natural=natural)


def test_progress_is_told(model: MeasureVAE) -> None:
    told: list[tuple[int, int]] = []
    interpolate(model, A, B, PathOptions(2), lambda measures, of: told.append((measures, of)))
    assert told[-1] == (3, 3)


# ---- morph


def test_a_morph_is_freest_in_its_middle(model: MeasureVAE, scripts: list[Script]) -> None:
    morph(model, A, B, PathOptions(natural=0.4))
    assert scripts[0].freedom.tolist() == pytest.approx([0, noise_to_freedom(0.4), 0])
    assert scripts[0].freedom[[0, 2]].tolist() == [0, 0]


def test_a_morph_is_one_song_that_turns_from_a_into_b(model: MeasureVAE, scripts: list[Script]) -> None:
    songs, titles, notices = morph(model, A, B)
    assert (len(songs), titles) == (1, ("A to B",))
    assert songs[0].meters == (TWO, THREE, THREE)
    assert songs[0].bpm == pytest.approx(100)
    assert len(notices) == 2
    a_codes, b_codes = encode_songs(model, [A, B])
    codes = codes_of(scripts[0])
    assert torch.equal(codes[0], a_codes[0])
    torch.testing.assert_close(codes[1], slerp(a_codes[1], b_codes[0], torch.tensor(0.5)))
    assert torch.equal(codes[2], b_codes[0])


def test_a_morph_of_a_single_measure_is_half_way(model: MeasureVAE, scripts: list[Script]) -> None:
    song = morph(model, A, B, PathOptions(measures=1)).songs[0]
    assert song.meters == (THREE,)
    a_codes, b_codes = encode_songs(model, [A, B])
    torch.testing.assert_close(codes_of(scripts[0])[0], slerp(a_codes[0], b_codes[0], torch.tensor(0.5)))


def test_songs_without_a_tempo_are_played_at_120(model: MeasureVAE) -> None:
    assert morph(model, replace(A, tempi=()), replace(B, tempi=())).songs[0].bpm == pytest.approx(120)
