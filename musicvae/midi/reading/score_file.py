"""The bytes of MusicXML, ABC and Humdrum files as Sources.

Conventions
-----------
One track for each part of the score, 10080 ticks to the quarter note. Tied notes are one note; grace notes
end where they start; transposing instruments sound as they are heard. Chord symbols become a track
"chords", each lasting until the next.

Measures are those of the score, made whole by `score_measures`. Repeats are read once, as written:
first and second endings follow each other.

What it does not do: play ornaments, repeats, da capos, swing or tempo words without a number.
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from dataclasses import replace

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_file import walk_tune
from musicvae.midi.reading.scores.abc.abc_lines import is_abc, split_tunes
from musicvae.midi.reading.scores.humdrum.humdrum_file import walk_humdrum
from musicvae.midi.reading.scores.musicxml.musicxml_file import walk_musicxml
from musicvae.midi.reading.scores.score_source import walk_to_source
from musicvae.midi.songs.notices import Notice, name_some
from musicvae.midi.songs.source import Source

# What is written as text is many times larger when it is read, as 450 MB for a tune of this size.
MOST_LETTERS = 1_000_000  # of a piece; the largest score of 2,321 has 235,000
MOST_TUNES = 50_000
_NO_ABC = "cannot be read as ABC: it has neither an X: nor a K: line (check that it is what its name says)"


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
    if kind == "musicxml":
        return [walk_to_source(walk_musicxml(data))]  # bytes, since MusicXML tells its own encoding
    text = decode_score(data)
    if kind == "abc":
        return _parse_tunes(text)
    _require_bounded(text)
    return [walk_to_source(walk_humdrum(text))]


def parse_tune(text: str) -> Source:
    """Return the one tune in an ABC text.

    Raises
    ------
    SongError
        If it cannot be read.
    """
    return walk_to_source(walk_tune(text))


def decode_score(data: bytes) -> str:
    """Return the text of a file: in UTF-16 if it says so, in UTF-8, or as Windows writes it; never fails."""
    for encoding in ("utf-16",) if data[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return _end_lines(data.decode(encoding))
    return _end_lines(data.decode("latin-1"))


def _end_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parse_tunes(text: str) -> list[Source]:
    if not is_abc(text):
        raise SongError(_NO_ABC)
    tunes = split_tunes(text)
    if len(tunes) > MOST_TUNES:
        raise SongError(f"it has more than {MOST_TUNES:,} tunes: split it into smaller files")
    sources: list[Source] = []
    failures: list[SongError] = []
    for tune in tunes:
        try:
            _require_bounded(tune)
            sources.append(parse_tune(tune))
        except SongError as error:
            failures.append(error)
    if not sources:
        raise failures[0]
    if failures:
        notice = Notice("tunes left out", len(failures), name_some(map(str, failures)))
        sources[0] = replace(sources[0], notices=(notice, *sources[0].notices))
    return sources


def _require_bounded(text: str) -> None:
    if len(text) > MOST_LETTERS:
        raise SongError(f"a piece of it has more than {MOST_LETTERS:,} letters: give a shorter one")
