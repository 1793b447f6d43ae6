"""Kinds of files that commands write, and as which one music is written under a name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from musicvae.provenance import reason_to_keep_song, reason_to_keep_sound
from musicvae.sound.extras import SUFFIXES


class FileKind(NamedTuple):
    """A kind of file, in the words of what is said where one cannot be written.

    Parameters
    ----------
    suffixes : tuple of str
        The usual one first; no suffix is always right.
    contents, name, shown : str
        What is in it, what it is called, what a terminal cannot do with it.
    reason_to_keep : callable
        See `musicvae.outputs.require_free`.
    source : str
        What it must not be written over, and what to do.
    """

    suffixes: tuple[str, ...]
    contents: str
    name: str
    shown: str
    reason_to_keep: Callable[[Path], str | None]
    source: str = "the song to be read: name another file to write"


def _reason_to_keep(path: Path) -> str | None:
    from musicvae.core.compression.packet import reason_to_keep_packet

    return reason_to_keep_packet(path)


MIDI = FileKind(
    suffixes=(".mid", ".midi"),
    contents="MIDI",
    name="the MIDI file",
    shown="play MIDI",
    reason_to_keep=reason_to_keep_song,
)
SCORE = FileKind(
    suffixes=(".musicxml", ".mxl", ".xml"),
    contents="MusicXML",
    name="the score",
    shown="show a score",
    reason_to_keep=lambda path: "exists, and a score may be anybody's work",
)
SOUND = FileKind(
    suffixes=SUFFIXES,
    contents="sound",
    name="the sound",
    shown="play it",
    reason_to_keep=reason_to_keep_sound,
)
PACKED = FileKind(
    suffixes=(".mvz",),
    contents="a compressed file",
    name="the file",
    shown="show it",
    reason_to_keep=_reason_to_keep,
    source="the file to be read: name another one to write",
)


def kind_of(path: Path) -> FileKind:
    """Return as what music is written under a name: as MIDI, unless it asks for a score or for sound."""
    return next((kind for kind in (SCORE, SOUND) if path.suffix.lower() in kind.suffixes), MIDI)
