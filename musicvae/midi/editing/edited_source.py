"""What an edited file says, for its score: what MIDI cannot say comes from the file that was given.

A score that was given became MIDI before it was edited, and lost letters and church modes on the way.
"""

from __future__ import annotations

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
    names = {_as_midi_has_it(part.name): part.name for part in given.tracks}
    words = {(lyric.tick, _as_midi_has_it(lyric.text)): lyric.text for lyric in given.lyrics}
    return replace(
        edited,
        title=given.title,
        keys=given.keys,
        tracks=tuple(replace(part, name=names.get(part.name, part.name)) for part in edited.tracks),
        lyrics=tuple(sung._replace(text=words.get(sung[:2], sung.text)) for sung in edited.lyrics),
    )


def _as_midi_has_it(text: str) -> str:
    return text_to_bytes(text).decode("latin-1")
