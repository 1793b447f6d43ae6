"""MIDI files to be heard."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import mido
import pytest

from musicvae.sound.soundfont import VARIABLE

Messages = Sequence[mido.Message | mido.MetaMessage]


@pytest.fixture
def make_midi() -> Callable[..., bytes]:
    """Return what makes files of tracks, with 480 ticks to the beat."""

    def make(*tracks: Messages) -> bytes:
        file = mido.MidiFile(type=min(1, len(tracks) - 1), ticks_per_beat=480)
        file.tracks += [mido.MidiTrack(track) for track in tracks]
        data = io.BytesIO()
        file.save(file=data)
        return data.getvalue()

    return make


@pytest.fixture
def one_note(make_midi: Callable[..., bytes]) -> bytes:
    """Return the file of a single note of half a second."""
    note = {"note": 60, "velocity": 80}
    return make_midi([mido.Message("note_on", **note), mido.Message("note_off", **note, time=480)])


@pytest.fixture(autouse=True)
def the_soundfont_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test depend on what this machine plays by."""
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what puts a library that cannot be loaded, for want of another in C, in the place of one."""

    def put(library: str, why: str) -> None:
        (tmp_path / f"{library}.py").write_text(f"raise OSError({why!r})")
        monkeypatch.delitem(sys.modules, library, raising=False)
        monkeypatch.syspath_prepend(tmp_path)

    return put
