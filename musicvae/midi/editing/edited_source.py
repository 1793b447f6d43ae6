"""What an edited file says, for its score: what MIDI cannot say comes from the file that was given.

A score that was given became MIDI before it was edited, and lost letters and church modes on the way.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace

from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.saving.meta_values import text_to_bytes
from musicvae.midi.songs.source import Source


def read_edited(data: bytes, given: Source) -> Source:
    """Return what an edited file says, with its texts and keys as they were given.

    Parameters
    ----------
    data : bytes
        The file that `edit_midi` made.
    given : Source
        What the given file says, in the same ticks.
    """
    edited = parse_midi(data)
    names = _by_midi_text((part.name, part.name) for part in given.tracks)
    in_order = sorted(given.lyrics, key=lambda lyric: (lyric.tick, lyric.track))
    words = _by_midi_text(((lyric.tick, lyric.text), lyric.text) for lyric in in_order)
    lyrics = (sung._replace(text=_take(words, (sung.tick, sung.text))) for sung in edited.lyrics)
    return replace(
        edited,
        title=given.title,
        composer=given.composer,
        keys=given.keys,
        tracks=tuple(replace(part, name=_take(names, part.name)) for part in edited.tracks),
        lyrics=tuple(lyrics),
        is_barred=given.is_barred,
    )


_Key = str | tuple[int, str]  # a text as MIDI has it, perhaps with its tick


def _by_midi_text(given: Iterable[tuple[_Key, str]]) -> dict[_Key, deque[str]]:
    """Return texts by what MIDI makes of them, which may be the same for several: those in their order."""
    texts: defaultdict[_Key, deque[str]] = defaultdict(deque)
    for key, text in given:
        poor = text_to_bytes(text).decode("latin-1")
        texts[poor if isinstance(key, str) else (key[0], poor)].append(text)
    return texts


def _take(texts: Mapping[_Key, deque[str]], key: _Key) -> str:
    """Return the next text that MIDI has so, or what it has if none was given."""
    if left := texts.get(key):
        return left.popleft()
    return key if isinstance(key, str) else key[1]
