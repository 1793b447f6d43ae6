"""Who made a file: every file of music or sound that musicvae writes says how it came about.

Conventions
-----------
The first track of a MIDI file holds, at tick 0, one text event (meta event 1) such as::

    musicvae: {"digest": "5f1c9d20a8e4b737", "command": "musicvae generate --n 5 out.mid",
    "seed": 7, "model": "musicvae-model", "sources": ["a.mid"], "version": "0.1.0",
    "nearest": [["The Jolly Tar", 0.13], null]}

on one line; a file of sound has it for its comment. It is the word `musicvae: ` and a JSON object in
ASCII (anything else is escaped, since the encoding of MIDI texts is anybody's guess). Of its keys only
`digest` has a fixed place, the first. Readers ignore keys that they do not know and take missing ones as
empty, so more may come. The digest is the first 16 hexadecimal digits of the SHA-256 of the whole file in
which these digits are all zero: it tells a file as musicvae left it from one that somebody has worked on
since.

Reading looks for the text in the bytes, without parsing the file, so that it is quick and
safe on any file whatever. It proves nothing: anybody may write such a text.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import NamedTuple

EXPORT = "musicvae corpus export"
BY_A_PROGRAM = "musicvae.write_song"  # somebody's own program wrote the song, and said nothing of it
SOUND_BY_A_PROGRAM = "musicvae.write_audio"  # or the sound
_WORD = "musicvae: "
_NO_DIGEST = "0" * 16
_BEFORE_DIGEST = f'{_WORD}{{"digest": "'.encode()
_LARGEST_FILE = 1 << 26  # bytes; five million notes are 40 MB
_SOUND = (b"RIFF", b"fLaC")  # how a .wav begins, and a .flac
_LARGEST_SOUND = 1 << 30  # bytes; an hour is 0.7 GB
_LONGEST_TEXT = 1 << 23  # bytes
_LONGEST_TITLE = 80  # letters, of a song that a piece is near to


class Nearest(NamedTuple):
    """The title of the nearest song, and the share of n-grams in common, above 0 and up to 1."""

    title: str
    share: float


@dataclass(frozen=True)
class Provenance:
    """How a file came about.

    Parameters
    ----------
    command : str
        The command line that wrote it.
    seed : int or None
        None where chance had no part in it.
    model : str
        The model's folder or name.
    sources : tuple of str
        The songs that it was made from.
    version : str
        Of musicvae.
    nearest : tuple of Nearest or None
        For each piece of the file the song of the model's training that shares most with it, None if none
        shares anything; empty where there was nothing to compare with. Long titles are cut on writing.
    """

    command: str
    seed: int | None = None
    model: str = ""
    sources: tuple[str, ...] = ()
    version: str = ""
    nearest: tuple[Nearest | None, ...] = ()

    @property
    def is_own_work(self) -> bool:
        """Whether musicvae made up what is in the file: no song of a corpus or of somebody's program."""
        return not self.command.startswith((EXPORT, BY_A_PROGRAM))


def provenance_to_text(provenance: Provenance) -> str:
    """Return the text for a file, in ASCII, without its digest yet (see `seal`)."""
    said = {"digest": _NO_DIGEST, **asdict(provenance)}
    if nearest := said.pop("nearest"):
        said["nearest"] = [near and (near.title[:_LONGEST_TITLE], round(near.share, 3)) for near in nearest]
    return _WORD + json.dumps(said)


def text_to_provenance(text: str) -> Provenance | None:
    """Return what a text says, or None if it is not one of ours. Inverse of provenance_to_text.

    What follows the JSON object is ignored.
    """
    if not text.startswith(_WORD):
        return None
    try:
        said, _ = json.JSONDecoder().raw_decode(text, len(_WORD))
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    known = {field.name: said[field.name] for field in fields(Provenance) if field.name in said}
    return _checked(known)


def _checked(known: dict[str, object]) -> Provenance | None:
    """Return the provenance if every value is of its kind: the file may be anybody's."""
    sources = known.get("sources", [])
    seed = known.get("seed")
    texts = {name: known.get(name, "") for name in ("command", "model", "version")}
    if not isinstance(sources, list) or not isinstance(seed, int | None):
        return None
    if not all(isinstance(text, str) for text in (*texts.values(), *sources)):
        return None
    return Provenance(
        seed=seed,
        sources=tuple(sources),
        nearest=_nearest(known.get("nearest", [])),
        **{name: str(text) for name, text in texts.items()},
    )


def _nearest(said: object) -> tuple[Nearest | None, ...]:
    """Return the songs that pieces are near to; none at all if any of it is not of its kind."""
    found: list[Nearest | None] = []
    for near in said if isinstance(said, list) else []:
        match near:
            case None:
                found.append(None)
            case [str(title), float(share) | int(share)]:
                found.append(Nearest(title, float(share)))
            case _:
                return ()
    return tuple(found)


def seal(file: bytes) -> bytes:
    """Return the bytes of a file with the digest of its provenance filled in."""
    at = file.find(_BEFORE_DIGEST + _NO_DIGEST.encode())
    if at < 0:
        return file
    digits = at + len(_BEFORE_DIGEST)
    return b"".join([file[:digits], _digest(file, digits), file[digits + len(_NO_DIGEST) :]])


def _digest(file: bytes | mmap, digits: int) -> bytes:
    """Return the digest of a file whose digest stands at `digits`."""
    with memoryview(file) as view:
        digest = hashlib.sha256(view[:digits])
        digest.update(_NO_DIGEST.encode())
        digest.update(view[digits + len(_NO_DIGEST) :])
    return digest.hexdigest()[: len(_NO_DIGEST)].encode()


def read_midi_bytes(path: Path) -> bytes:
    """Return the bytes of a MIDI file of sane size; of anything else none."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_FILE:
            return b""
        with path.open("rb") as file:
            start = file.read(4)
            return start + file.read() if start == b"MThd" else b""
    except OSError:
        return b""


def read_provenance(path: Path) -> Provenance | None:
    """Return how a file came about, or None if it is not a MIDI file that musicvae wrote."""
    return bytes_to_provenance(read_midi_bytes(path))


def bytes_to_provenance(file: bytes | mmap) -> Provenance | None:
    """Return what the bytes of a file say of how it came about, or None if they do not."""
    at = file.find(_WORD.encode() + b"{")
    if at < 0:
        return None
    return text_to_provenance(file[at : at + _LONGEST_TEXT].decode("latin-1"))


def reason_to_keep(path: Path) -> str | None:
    """Return why a MIDI file must not be replaced: somebody wrote or changed it (`outputs.require_free`)."""
    return _reason(read_midi_bytes(path))


def reason_to_keep_song(path: Path) -> str | None:
    """Return why a MIDI file must not be replaced: it is somebody's work, be it an export from a corpus."""
    midi = read_midi_bytes(path)
    found = bytes_to_provenance(midi)
    is_song = found is not None and not found.is_own_work
    return _reason(midi) or ("is somebody's song, though musicvae wrote the file" if is_song else None)


def reason_to_keep_from_program(path: Path) -> str | None:
    """Return why a program that calls `write_song` must not replace a MIDI file: it did not write it."""
    midi = read_midi_bytes(path)
    found = bytes_to_provenance(midi)
    if found is not None and found.command == BY_A_PROGRAM and is_untouched(midi):
        return None
    return reason_to_keep_song(path)


def reason_to_keep_sound(path: Path, from_program: bool = False) -> str | None:
    """Return why a file of sound must not be replaced: somebody made or changed it. It may be a large one.

    What a program that calls `write_audio` wrote, it may write again, but no command.
    """
    try:
        with path.open("rb") as file:
            is_sound = file.read(4) in _SOUND and path.stat().st_size <= _LARGEST_SOUND
            if not is_sound:
                return _reason(b"")
            with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
                found = bytes_to_provenance(data)
                is_programs = found is not None and found.command == SOUND_BY_A_PROGRAM and not from_program
                return _reason(data) or ("is a program's, though musicvae wrote it" if is_programs else None)
    except OSError:
        return _reason(b"")


def _reason(file: bytes | mmap) -> str | None:
    if bytes_to_provenance(file) is None:
        return "exists and was not written by musicvae"
    return None if is_untouched(file) else "was changed after musicvae wrote it"


def is_untouched(file: bytes | mmap) -> bool:
    """Say whether the bytes of a file are as musicvae wrote them."""
    at = file.find(_BEFORE_DIGEST)
    if at < 0:
        return False
    digits = at + len(_BEFORE_DIGEST)
    return file[digits : digits + len(_NO_DIGEST)] == _digest(file, digits)
