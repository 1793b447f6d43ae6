from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from musicvae.midi.likeness.tune_index import Repeat, TuneIndex, index_tunes
from musicvae.midi.songs.joining import join_songs
from musicvae.midi.songs.song import Song
from musicvae.provenance import Nearest
from musicvae_cli.outputs.likeness import Likeness, NewMeasures, compare, say_likeness


@pytest.fixture
def tunes(tune: Callable[..., Song]) -> TuneIndex:
    return index_tunes([tune(number) for number in range(6)])


def test_only_new_measures_are_compared_and_they_keep_their_numbers(
    tunes: TuneIndex, tune: Callable[..., Song]
) -> None:
    song = join_songs([tune(1), tune(3)])
    assert compare(tunes, song, NewMeasures(8, 16)) == (Nearest("Tune 3", 1.0), Repeat("Tune 3", 8, 8))
    assert compare(tunes, song, NewMeasures(0, 8)).repeats == Repeat("Tune 1", 0, 8)
    assert compare(None, song, NewMeasures(0, 8)) == (None, None)


def test_a_silence_is_like_no_song(tunes: TuneIndex, tune: Callable[..., Song]) -> None:
    silence = replace(tune(1), notes=tune(1).notes[:0])
    assert compare(tunes, silence, NewMeasures(0, 8)) == (None, None)


def test_in_json_measures_are_counted_from_1() -> None:
    assert Likeness(Nearest("Air", 1 / 3), Repeat("Jig", 4, 9)).to_json() == {
        "nearest": {"title": "Air", "share": 0.333},
        "repeats": {"title": "Jig", "first": 5, "measures": 9},
    }
    assert Likeness().to_json() == {"nearest": None, "repeats": None}


def test_of_all_pieces_the_nearest_is_told_and_of_every_copy_is_warned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    likenesses = [
        Likeness(Nearest("Reel", 0.9)),
        Likeness(Nearest("Jig", 0.5), Repeat("Jig", 4, 8)),
        Likeness(None, Repeat("Reel", 0, 12)),
    ]
    say_likeness(["one", "two", "three"], likenesses, known={"Reel"})
    assert capsys.readouterr().err.splitlines() == [
        "nearest of the songs learned from: Jig (50%), to two",
        "warning: two repeats Jig in its measures 5 to 12",
    ]


def test_of_many_pieces_the_three_nearest_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    shares = [0.1, 0.4, 0.2, 0.3]
    likenesses = [Likeness(Nearest(f"Tune {number}", share)) for number, share in enumerate(shares)]
    say_likeness(["one", "two", "three", "four"], likenesses)
    assert capsys.readouterr().err == (
        "nearest of the songs learned from: Tune 1 (40%), to two; Tune 3 (30%), to four;"
        " Tune 2 (20%), to three\n"
    )


def test_where_nothing_is_shared_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    say_likeness(["one"], [Likeness()])
    assert capsys.readouterr().err == ""
