"""Songs of which a model says little back: what is made of them may be far from them, and that is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from musicvae_cli.inputs.songs import name_of
from musicvae_cli.shell.console import say

SAID_BACK = 0.8  # note F1 of a song that comes back from its codes, from which on there is no doubt


def say_doubts(said_back: Mapping[Path, float]) -> tuple[str, ...]:
    """Say of which songs little comes back, and return what was said.

    Parameters
    ----------
    said_back : mapping of Path to float
        The note F1 of each song that was given, said back from its codes.
    """
    notices = tuple(_doubt(song, note_f1) for song, note_f1 in said_back.items() if note_f1 < SAID_BACK)
    for notice in notices:
        say(notice)
    return notices


def _doubt(song: Path, note_f1: float) -> str:
    return (
        f"{name_of(song)}: the model says only part of this song back from its codes (note F1 {note_f1:.3f}),"
        " and may not keep to it: train it longer, or on songs like this one"
    )
