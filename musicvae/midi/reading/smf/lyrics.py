"""The words of a MIDI file: its syllables, and the track that sings them.

Conventions
-----------
- A syllable that its word goes on after ends in "-". Files mark this by a hyphen, or by leaving out the
  space that ends a word; strokes at the beginning of a line are left out.
- Words stand in any track. The singer is the track in whose rhythm they are sung, whatever it is called; of
  several in one rhythm, as in a chorale, the one that they stand in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from symusic.core import ScoreTick

from musicvae.midi.songs.source import Lyric

_WITH_THE_NOTE = 8  # to the beat: how near to a note a word is sung
_LEAST_SUNG = 0.4  # F1 of the words and a track's onsets, from which on the track is the singer


def find_lyrics(score: ScoreTick, notes: np.ndarray) -> tuple[Lyric, ...]:
    """Return the words, each singer's with the track that plays their rhythm."""
    lyrics: list[Lyric] = []
    names: list[str] = []  # of the tracks with notes so far
    for track in score.tracks:
        if len(track.notes):
            names.append(track.name)
        if not (words := [(lyric.time, lyric.text) for lyric in track.lyrics]):
            continue
        words.sort(key=lambda word: word[0])
        ticks = np.array([tick for tick, _ in words], np.int64)
        # symusic puts the words of a track into one without notes that follows it, of the same name.
        own = len(names) - 1 if names and names[-1] == track.name else -1
        singer = find_singer(ticks, notes, score.tpq, own)
        syllables = tidy_syllables([text for _, text in words])
        sung = zip(ticks.tolist(), syllables, strict=True)
        lyrics += [Lyric(tick, syllable, singer) for tick, syllable in sung if syllable]
    return tuple(sorted(lyrics, key=lambda lyric: lyric.tick))


def find_singer(ticks: np.ndarray, notes: np.ndarray, ticks_per_beat: int, own: int = -1) -> int:
    """Return the track in whose onsets words are sung, -1 if there is none: most words by most of its notes.

    Parameters
    ----------
    ticks : np.ndarray of int, shape (words,)
    notes : np.ndarray of SOURCE_NOTE, shape (notes,)
    ticks_per_beat : int
    own : int
        The track that the words stand in, which is taken if no other is better; -1 if it plays no notes.
    """
    unit = max(1, ticks_per_beat // _WITH_THE_NOTE)
    sung = np.unique((ticks + unit // 2) // unit)
    best, singer = _LEAST_SUNG, -1
    for track in sorted(set(notes["track"].tolist()), key=lambda track: (track != own, track)):
        begun = np.unique((notes["start"][notes["track"] == track] + unit // 2) // unit)
        f1 = 2 * np.isin(sung, begun).sum() / (len(sung) + len(begun))
        if f1 > best:
            best, singer = f1, track
    return singer


def tidy_syllables(texts: Sequence[str]) -> list[str]:
    """Return the syllables of one singer as they stand in a score; "" where nothing is sung."""
    spaced = any(text[:1].isspace() or text[-1:].isspace() for text in texts)
    following = [*texts[1:], " "]
    tidy = []
    for text, after in zip(texts, following, strict=True):
        syllable = text.strip("\\/ \t")
        goes_on = spaced and not text[-1:].isspace() and after[:1] not in (" ", "\\", "/", "")
        joined = syllable and goes_on and not syllable.endswith(("-", ".", ",", "!", "?", ";", ":"))
        tidy.append(f"{syllable}-" if joined else syllable)
    return tidy
