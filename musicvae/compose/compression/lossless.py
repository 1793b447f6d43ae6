"""Music <-> a small file with every note of it, whatever the model speaks.

What the model hears is coded by the decoder's own probabilities (`measures.writing.note_coding`), and what it
does not say, given that, by a plain model (`note_residue`): the tracks of all notes, velocities, by how many
ticks notes come early or late, and notes that it has no part, grid or meter for. All that a `Source` has
comes back; pedals, bends and other controllers it has not. Nothing is handed out that was not expanded and
compared before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.compose.compression.note_residue import (
    BESIDE,
    TOUCH,
    ExpectedNote,
    NoteBounds,
    sort_rows,
    tell_notes,
)
from musicvae.compose.compression.opening import UNKNOWN_OPENING, Opening, tell_opening
from musicvae.compose.compression.source_frame import require_keepable, tell_frame
from musicvae.compose.compression.whole_music import WholeMusic
from musicvae.core.compression.adaptive_coding import AdaptiveReader, AdaptiveWriter
from musicvae.core.compression.byte_fields import FieldReader, FieldWriter, damaged
from musicvae.core.compression.packet import Packet, make_check, packet_to_bytes
from musicvae.core.model_store.model_hash import identify
from musicvae.errors import PacketError, SongError
from musicvae.measures.data.config import MusicConfig
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.note_coding import bytes_to_notes, choose_outline, notes_to_bytes
from musicvae.midi.arranging.ensembles import arrange
from musicvae.midi.reading.quantise import LaidSong, quantise
from musicvae.midi.reading.tick_map import TickMap
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.song import Song
from musicvae.midi.songs.source import Source

MUSIC_FILE = 4  # a kind of packet: see `core.compression.packet`

Progress = Callable[[int, int], None]


class BitsSpent(NamedTuple):
    """What the notes of some music cost, in bits."""

    heard: float  # those that the model hears, on its grid
    touch: float  # how hard they are struck, and how early or late they come
    rest: float  # their tracks, and notes that the model does not hear


class CompressedFile(NamedTuple):
    """The bytes of a small file, or of what it holds, and what they are spent on."""

    data: bytes
    bits: BitsSpent


def compress_whole(
    model: MeasureVAE,
    given: WholeMusic,
    melody: int | None = None,
    model_name: str = "",
    on_progress: Progress = lambda measures, of: None,
) -> CompressedFile:
    """Return music as the bytes of a file that brings all its notes back.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    given : WholeMusic
    melody : int, optional
        The track that is known to be the melody.
    model_name : str
        What people call the model.
    on_progress : callable
        Told the measures done so far and in all; each counts twice, since it is expanded too.

    Raises
    ------
    ModelError
        If the model's decoder does not hear the song.
    SongError
        If there are no notes, or it says what no file can.
    PacketError
        If the music does not come back as it should.
    """
    require_hearing(model)
    require_keepable(given.source)
    source, config = given.source, model.config
    heard, unit = _hear(source, config, melody), _find_unit(source)
    bounds = NoteBounds(len(source.notes), len(source.tracks), source.ticks_per_beat // unit, unit)
    ways = [
        _pack(_Hearing(), given, bounds, config)
    ]  # the plain model alone, for music that is not the model's
    if heard is not None:
        song = heard.song
        outline = choose_outline(model, song, find_key(song))
        told = notes_to_bytes(model, song, outline, lambda done: on_progress(done, 2 * song.measures))
        hearing = _Hearing(told, outline, heard.place.begin, tuple(_expect(song, heard.place, unit)))
        ways.append(_pack(hearing, given, bounds, config))
    data, bits = min(ways, key=lambda way: len(way.data))
    packet = Packet(MUSIC_FILE, identify(model, MUSIC_MODELS), model_name, b"", b"", data)
    copy, content = _open(model, packet, lambda done, of: on_progress(done + of, 2 * of)), _content(given)
    if _content(copy) != content:
        raise PacketError("the music does not come back note for note: compress it without --lossless")
    packet = packet._replace(check=make_check(content))
    return CompressedFile(packet_to_bytes(packet), bits)


class _Hearing(NamedTuple):
    """What a model says of music: nothing, where it does not hear it."""

    told: bytes = b""  # the notes that it hears
    outline: SongOutline | None = None
    begin: int = 0
    expected: tuple[ExpectedNote, ...] = ()


def _pack(hearing: _Hearing, given: WholeMusic, bounds: NoteBounds, config: MusicConfig) -> CompressedFile:
    """Return a payload, given what the model says, and what its notes cost."""
    told, outline, begin, expected = hearing
    writer, payload = AdaptiveWriter(), FieldWriter()
    tell_opening(writer, Opening(given, bounds, outline, begin), config)
    tell_notes(writer, expected, bounds, given.source.notes)
    payload.block(told)
    touch, rest = (sum(writer.bits[name] for name in names) for names in (TOUCH, BESIDE))
    return CompressedFile(payload.data + writer.to_bytes(), BitsSpent(8 * len(told), touch, rest))


def expand_whole(
    model: MeasureVAE, packet: Packet, on_progress: Progress = lambda measures, of: None
) -> WholeMusic:
    """Return the music of a packet that `compress_whole` made.

    Parameters
    ----------
    model : MeasureVAE
        The one that it was compressed by (`Packet.require_model`).
    packet : Packet
    on_progress : callable
        Told the measures done so far and in all.

    Raises
    ------
    PacketError
        If it is damaged, or does not come out as it went in.
    """
    given = _open(model, packet, on_progress)
    packet.require_check(make_check(_content(given)))
    return given


def _hear(source: Source, config: MusicConfig, melody: int | None) -> LaidSong | None:
    """Return what a model hears of music, and where that lies in it; None where it cannot hear any."""
    try:
        laid = quantise(source, config.grid)
    except SongError:
        return None
    song = arrange(laid.song, config.arrangement, melody).song
    if not len(song.notes) or not all(map(config.can_read, set(song.meters))):
        return None
    return laid._replace(song=song)


def _find_unit(source: Source) -> int:
    """Return the ticks of which all times of the notes and the beat are multiples."""
    notes = source.notes
    return int(np.gcd.reduce(np.concatenate([notes["start"], notes["end"]]), initial=source.ticks_per_beat))


def _expect(song: Song, place: TickMap, unit: int) -> list[ExpectedNote]:
    """Return where the notes of a song would be in its file, in units of so many ticks."""
    place = place._replace(ticks_per_beat=place.ticks_per_beat // unit)
    return [
        ExpectedNote(place.to_tick(start), place.to_tick(start + length), pitch, part)
        for start, length, pitch, _, part in song.notes.tolist()
    ]


def _open(model: MeasureVAE, packet: Packet, on_progress: Progress) -> WholeMusic:
    """Return the music of a packet, whether it came out as it should or not."""
    fields, config = FieldReader(packet.payload), model.config
    told = fields.block()
    reader = AdaptiveReader(fields.rest())
    try:
        given, bounds, outline, begin = tell_opening(reader, UNKNOWN_OPENING, config)
    except ValueError as error:  # such as a grid of no steps
        raise damaged() from error
    expected: list[ExpectedNote] = []
    if outline is None:
        on_progress(1, 1)
    else:
        of = len(outline.meters)
        song = bytes_to_notes(model, told, outline, lambda done: on_progress(done, of))
        expected = _expect(song, TickMap(given.source.ticks_per_beat, config.grid, begin), bounds.unit)
    notes = tell_notes(reader, expected, bounds)
    return given._replace(source=replace(given.source, notes=notes))


def _content(given: WholeMusic) -> bytes:
    """Return what must come out."""
    frame = AdaptiveWriter()
    tell_frame(frame, given.source, ())
    frame.number(("grid",), given.grid.steps_per_beat)
    frame.number(("end",), given.end)
    return frame.to_bytes() + sort_rows(given.source.notes).tobytes()
