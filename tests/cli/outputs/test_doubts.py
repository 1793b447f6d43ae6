from __future__ import annotations

from pathlib import Path

import pytest

from musicvae_cli.outputs.doubts import SAID_BACK, say_doubts

DOUBT = (
    "b.mid: the model says only part of this song back from its codes (note F1 0.410),"
    " and may not keep to it: train it longer, or on songs like this one"
)


def test_of_a_song_that_comes_back_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert say_doubts({Path("a.mid"): SAID_BACK}) == ()
    assert capsys.readouterr().err == ""


def test_of_several_songs_those_that_do_not_come_back_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert say_doubts({Path("a.mid"): 0.9, Path("b.mid"): 0.41}) == (DOUBT,)
    assert capsys.readouterr().err == f"{DOUBT}\n"


def test_standard_input_is_called_so() -> None:
    [doubt] = say_doubts({Path("-"): 0.0})
    assert doubt.startswith("standard input: the model says only part")
