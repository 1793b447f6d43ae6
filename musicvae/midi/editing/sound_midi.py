"""Any file of music -> a sound MIDI file of it, which can be edited.

A MIDI file stays as it is, without RIFF or MacBinary around it. A damaged one, and one of type 2, is taken
as `smf.guard` writes it anew: of its texts names, markers and lyrics are kept; SysEx and other texts
are not. A score becomes a MIDI file of its own tracks (`saving.source_file`).
"""

from __future__ import annotations

from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.editing.midi_chunks import MidiFile, put_together, take_apart
from musicvae.midi.editing.track_events import Rank, TrackChanges
from musicvae.midi.reading.reader import bytes_to_sources, score_format
from musicvae.midi.reading.smf.guard import check_midi
from musicvae.midi.reading.smf.midi_bytes import find_header
from musicvae.midi.saving.source_file import source_to_midi
from musicvae.midi.songs.notices import Notice, tell_damage
from musicvae.midi.songs.source import Source

MENDED = Notice("its MIDI had to be written anew: texts are not kept but for names, markers and lyrics")


class SoundMidi(NamedTuple):
    """A sound MIDI file, and what was lost on the way to it."""

    file: MidiFile
    notices: tuple[Notice, ...] = ()


def make_all_sound(data: bytes, suffix: str = "") -> list[SoundMidi]:
    """Return all pieces of a file as MIDI files: one, but of ABC as many as there are tunes.

    Parameters
    ----------
    data : bytes
    suffix : str
        Of the file's name: it tells how a score is written.

    Raises
    ------
    SongError
        If it cannot be read, or has no notes.
    """
    said = bytes_to_sources(data, suffix)
    if not said.sources:
        raise SongError(said.reason)
    damage = tell_damage(said.reason)
    if not score_format(data, suffix):
        sound = make_sound(data)
        return [sound._replace(notices=damage + sound.notices)]
    return [score_to_sound(source)._replace(notices=damage + source.notices) for source in said.sources]


def make_sound(data: bytes) -> SoundMidi:
    """Return a MIDI file whole, or what can be read of it.

    Raises
    ------
    SongError
        If it is no MIDI file, or one that cannot be used.
    """
    checked = check_midi(data)
    own = _unwrap(data)
    if not checked.damage:
        try:
            file = take_apart(own)
        except (ValueError, SongError):
            pass
        else:
            if file.header.kind < 2:
                return SoundMidi(file)
    return SoundMidi(_end_notes(take_apart(checked.data), checked.ticks), (MENDED,))


def _end_notes(file: MidiFile, ticks: int) -> MidiFile:
    """Let notes that were ended after all others, since nothing ended them, last a beat as when read."""
    changes = [TrackChanges() for _ in file.tracks]
    for note in file.notes:
        if note.off is not None and note.end is not None and note.end > ticks:
            event = file.tracks[note.player.track].events[note.off]
            end = note.start + file.header.ticks_per_beat
            changes[note.player.track].move(note.off, event, Rank.END, end)
    return take_apart(put_together(file, changes))


def score_to_sound(source: Source) -> SoundMidi:
    """Return what a score says as a MIDI file."""
    return SoundMidi(take_apart(source_to_midi(source)))


def _unwrap(data: bytes) -> bytes:
    """Return the MIDI file inside a RIFF or MacBinary file; any other as it is."""
    begin = find_header(data)
    if not data.startswith(b"RIFF"):
        return data[begin:]
    size = int.from_bytes(data[begin - 4 : begin], "little")
    return data[begin : begin + size]
