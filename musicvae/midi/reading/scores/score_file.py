"""The bytes of MusicXML, ABC and Humdrum files as Sources, read by music21.

Conventions
-----------
One track for each part of the score, 10080 ticks to the quarter note (divisible by every common
tuplet). Tied notes are one note; grace notes end where they start; transposing instruments
sound as they are heard. Chord symbols become a track "chords", each lasting until the next.
A note without a dynamic mark has velocity 80.

Measures are those of the score, made whole by `score_measures`. Repeats are read once, as written:
first and second endings follow each other.

What it does not do: play ornaments, repeats, da capos, swing or tempo words without a number.
music21 takes a second or two to import, so import this module only where a score is to be read.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from contextlib import redirect_stderr
from dataclasses import replace
from typing import Any

from music21 import converter, stream
from music21.musicxml.xmlToM21 import MusicXMLImporter

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc_text import count_meters, mend_tune, split_tunes
from musicvae.midi.reading.scores.music21_score import score_to_source
from musicvae.midi.reading.scores.score_walk import Music21Stream
from musicvae.midi.songs.source import Source

_MUSICXML = (".musicxml", ".xml", ".mxl")  # suffixes
MAX_BYTES = 50_000_000  # uncompressed; a symphony in MusicXML is a fifth of that


def parse_score(data: bytes, kind: str) -> list[Source]:
    """Return the pieces in a score file: one, or as many tunes as an ABC file holds.

    Tunes that cannot be read are left out; the first Source's notices say how many.

    Parameters
    ----------
    data : bytes
    kind : {"musicxml", "abc", "humdrum"}
        MusicXML may be compressed.

    Raises
    ------
    SongError
        If nothing in the file can be read.
    """
    if kind == "abc":
        return _parse_tunes(decode_text(data))
    return [_parse(data if kind == "musicxml" else decode_text(data), kind)]


def parse_tune(text: str) -> Source:
    """Return the one tune in an ABC text.

    Raises
    ------
    SongError
        If it cannot be read.
    """
    return _parse(mend_tune(text), "abc", rejoin=count_meters(text) < 2)


def decode_text(data: bytes) -> str:
    """Return the text of a file in UTF-8 or, if it is not that, in Latin-1; never fails."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parse_tunes(text: str) -> list[Source]:
    sources: list[Source] = []
    failures: list[SongError] = []
    for tune in split_tunes(text):
        try:
            sources.append(parse_tune(tune))
        except SongError as error:
            failures.append(error)
    if not sources:
        raise failures[0]
    if failures:
        notice = f"{len(failures)} of {len(failures) + len(sources)} tunes were left out: {failures[0]}"
        sources[0] = replace(sources[0], notices=(notice, *sources[0].notices))
    return sources


def _parse(content: str | bytes, kind: str, rejoin: bool = False) -> Source:
    """Return the first piece in the text of a score, or in the bytes of MusicXML."""
    try:
        with warnings.catch_warnings(), redirect_stderr(io.StringIO()) as said:
            warnings.simplefilter("ignore")
            score = _to_stream(content, kind)
            source = score_to_source(score, _title(score), rejoin)
    except SongError:
        raise
    except Exception as error:  # music21 raises anything on a bad file: KeyError, IndexError, its own
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise SongError(f"it cannot be read as {kind}: {reason}") from error
    guesses = [line.rpartition("WARNING: ")[2].strip() for line in said.getvalue().splitlines()]
    return replace(source, notices=(*source.notices, *dict.fromkeys(guesses)))


def _to_stream(content: str | bytes, kind: str) -> Music21Stream:
    if isinstance(content, bytes):
        importer: Any = MusicXMLImporter()  # type: ignore[no-untyped-call]
        importer.readFile(io.BytesIO(_unpack(content)))  # bytes, since MusicXML tells its own encoding
        return importer.stream
    score = converter.parseData(content, format=kind)
    return score.scores[0] if isinstance(score, stream.Opus) else score


def _unpack(data: bytes) -> bytes:
    """Return MusicXML as it is, or the first score of an archive that will not fill the memory."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
            raise SongError(f"it unpacks to more than {MAX_BYTES // 1_000_000} MB: give a smaller score")
        for name in archive.namelist():
            if "META-INF" not in name and name.endswith(_MUSICXML):
                return archive.read(name)
    raise SongError("there is no score in the archive")


def _title(score: Music21Stream) -> str:
    """Return the title; one that is a file's name was made up by music21 where there was none."""
    about = score.metadata
    titles = [about.movementName, about.title] if about else []
    return next((" ".join(title.split()) for title in titles if title and not title.endswith(_MUSICXML)), "")
