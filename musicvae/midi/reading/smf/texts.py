"""The texts of a MIDI file: what they say, in which encoding, and which of them are names, markers and words.

Conventions
-----------
- A file has one encoding, found from all its texts together: one name is too little to tell by. UTF-8 if
  it is that, Latin-1 if a text says so, as files of ours do, Shift-JIS if there are kana, Windows-1252
  (Latin-1 and typographic quotes) where letters beyond ASCII stand among others, alone or as few as in
  "Coração" and "Jääkäri"; else what `charset-normalizer` finds most plausible.
- A text "Composer: ..." names the composer, since MIDI files have no place for one.
- A *karaoke* file says its words as plain texts, and about the song in texts that begin with "@": "@T" is
  its title. The words stand in the track that has most of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from musicvae.midi.reading.smf.midi_bytes import make_meta
from musicvae.midi.reading.smf.midi_numbers import LYRIC, MARKER, NAME, TEXT
from musicvae.midi.reading.smf.track_bytes import EMPTY_TEXT, Track

_LETTERS = 200  # of a text that are kept
SAYS_LATIN = b"musicvae: texts are in Latin-1"  # edits keep it, and another program's file lacks it

_SIDE_BY_SIDE = re.compile(rb"[\x80-\xff]{2,}")
# Letters that stand side by side in Western languages; e, i, o, u grave and o stroke do in Czech, as cp1250.
_BESIDE = rb"[\xc0-\xc7\xc9-\xcb\xcd-\xd1\xd3-\xd6\xda-\xe7\xe9-\xeb\xed-\xf1\xf3-\xf6\xfa-\xff]{2,3}"
_IN_A_WORD = re.compile(
    rb"(?<=[A-Za-z])%b(?![\x80-\xff])|(?<![\x80-\xff])%b(?=[A-Za-z])" % (_BESIDE, _BESIDE)
)
_SELDOM = 0.3  # of the bytes beyond ASCII, where a text is in a Western language
_EAST_AND_NORTH = ["gb18030", "big5", "euc_kr", "cp932", "cp1251", "cp1253", "cp1250"]
_COMPOSER = re.compile(r"Composer:(.+)", re.IGNORECASE)
_KANA = re.compile("[\u3040-\u30ff]")


class FileTexts(NamedTuple):
    """Names of a file's tracks, "" where there is none, the title that a karaoke file gives, the composer."""

    names: tuple[str, ...]
    title: str
    composer: str


def settle_texts(tracks: Sequence[Track]) -> FileTexts:
    """Return the names in a file, and write its markers and words anew into its tracks, in UTF-8."""
    encoding = find_encoding([text.code for track in tracks for text in track.texts])
    said = [[(text, decode_text(text.code, encoding)) for text in track.texts] for track in tracks]
    about = [
        words for texts in said for event, words in texts if event.kind == TEXT and words.startswith("@")
    ]
    plain = [sum(e.kind == TEXT and not words.startswith("@") for e, words in texts) for texts in said]
    for index, (track, texts) in enumerate(zip(tracks, said, strict=True)):
        sings = bool(about) and plain[index] == max(plain)
        for event, words in texts:
            if event.kind == MARKER and words.strip():
                _say(track, event.piece, MARKER, words.strip())
            elif event.kind == LYRIC or (event.kind == TEXT and sings and not words.startswith("@")):
                _say(track, event.piece, LYRIC, words)
    names = (
        next((words.strip() for event, words in texts if event.kind == NAME and words.strip()), "")
        for texts in said
    )
    title = next((words[2:].strip() for words in about if words[1:2] == "T" and words[2:].strip()), "")
    composers = (_COMPOSER.match(words) for texts in said for event, words in texts if event.kind == TEXT)
    return FileTexts(tuple(names), title, next((named[1].strip() for named in composers if named), ""))


def find_encoding(codes: Sequence[bytes]) -> str:
    """Return the encoding of texts that come from one file."""
    code = b"\n".join(dict.fromkeys(code for code in codes if not code.isascii()))
    if not code or _can_decode(code, "utf-8"):
        return "utf-8"
    if SAYS_LATIN in codes:
        return "latin-1"
    if _can_decode(code, "cp932") and _KANA.search(code.decode("cp932")):
        return "cp932"  # there is no Japanese without kana
    beyond = sum(byte >= 0x80 for byte in code)
    foreign = sum(map(len, _SIDE_BY_SIDE.findall(code))) - sum(map(len, _IN_A_WORD.findall(code)))
    if foreign < _SELDOM * beyond:
        return "cp1252"
    from charset_normalizer import from_bytes  # few files need it

    found = from_bytes(code, cp_isolation=_EAST_AND_NORTH, threshold=0.5).best()
    return found.encoding if found else "cp1252"


def decode_text(code: bytes, encoding: str) -> str:
    """Return a text without control characters; what the encoding does not know is left out."""
    text = code.decode(encoding, "ignore").replace("\r", "/").replace("\n", "/")
    return "".join(letter for letter in text[:_LETTERS] if letter.isprintable())


def _say(track: Track, piece: int, kind: int, words: str) -> None:
    """Write a text in place of an empty one, after the same delta."""
    delta = track.pieces[piece].removesuffix(EMPTY_TEXT)
    track.pieces[piece] = delta + make_meta(0, kind, words.encode())[1:]


def _can_decode(code: bytes, encoding: str) -> bool:
    try:
        code.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
