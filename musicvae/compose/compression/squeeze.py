"""Songs <-> compressed files: the codes of their measures, or their very notes.

================  ==========================================  ====================================
kind              what the payload tells                      what comes back
================  ==========================================  ====================================
MUSIC_CODES       the code of each measure, rounded           as `reconstruct` would say it
MUSIC_NOTES       the notes, by the decoder's probabilities   note for note the same
================  ==========================================  ====================================

Both keep meters, tempi, parts, markers and title, and neither keeps velocities. Nothing is handed out that
was not expanded and compared before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from musicvae.compose.compression.defaults import STEP
from musicvae.compose.compression.song_head import bytes_to_head, head_to_bytes
from musicvae.compose.performance.reconstruct import say_back
from musicvae.core.compression.code_quantiser import bytes_to_codes, codes_to_bytes
from musicvae.core.compression.packet import Packet, bytes_to_packet, make_check, packet_to_bytes
from musicvae.core.model_store.model_hash import identify
from musicvae.errors import PacketError
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.note_coding import bytes_to_notes, choose_outline, notes_to_bytes
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.song import Song

MUSIC_CODES, MUSIC_NOTES = 1, 2  # kinds of packets
_NOTE_FIELDS = ("start", "length", "pitch", "part")

Progress = Callable[[int, int], None]


class Compressed(NamedTuple):
    """The bytes of a song's file, and the song that they expand to."""

    data: bytes
    copy: Song


def compress(
    model: MeasureVAE,
    song: Song,
    lossless: bool = False,
    step: float = STEP,
    model_name: str = "",
    on_progress: Progress = lambda measures, of: None,
) -> Compressed:
    """Return a song as the bytes of a file.

    Parameters
    ----------
    model : MeasureVAE
    song : Song
        In the model's grid and parts.
    lossless : bool
        Whether it has to come back note for note.
    step : float
        To whose multiples codes are rounded, where it need not.
    model_name : str
        What people call the model.
    on_progress : callable
        Told the measures done so far and in all; each counts twice, since it is expanded too.

    Raises
    ------
    ModelError
        If it is to be lossless and the model's decoder does not hear the song.
    SongError
        If a measure is longer than the model's longest.
    PacketError
        If the song does not come back as it should.
    """
    total = 2 * song.measures
    if lossless:
        require_hearing(model)
        kind, outline = MUSIC_NOTES, choose_outline(model, song, find_key(song))
        payload = notes_to_bytes(model, song, outline, lambda done: on_progress(done, total))
    else:
        [codes] = encode_songs(model, [song])
        kind, outline, payload = MUSIC_CODES, SongOutline(song.meters), codes_to_bytes(codes, step)
    head = head_to_bytes(song, outline, model.config)
    packet = Packet(kind, identify(model, MUSIC_MODELS), model_name, b"", head, payload)
    copy = _open(model, packet, lambda done, of: on_progress(done + song.measures, total))
    if lossless and _content(packet, copy) != _content(packet, song):
        raise PacketError("the song does not come back note for note: compress it without --lossless")
    packet = packet._replace(check=make_check(_content(packet, copy)))
    return Compressed(packet_to_bytes(packet), copy)


def expand(model: MeasureVAE, data: bytes, on_progress: Progress = lambda measures, of: None) -> Song:
    """Return the song of a file that `compress` made.

    Parameters
    ----------
    model : MeasureVAE
        The one that it was compressed by.
    data : bytes
    on_progress : callable
        Told the measures done so far and in all.

    Raises
    ------
    PacketError
        If it is no such file, is damaged, needs another model, or does not come out as it went in.
    """
    packet = bytes_to_packet(data)
    require_music(packet)
    packet.require_model(identify(model, MUSIC_MODELS))
    song = _open(model, packet, on_progress)
    packet.require_check(make_check(_content(packet, song)))
    return song


def require_music(packet: Packet) -> None:
    """Check that a packet holds a song.

    Raises
    ------
    PacketError
        If it holds something else.
    """
    if packet.kind not in (MUSIC_CODES, MUSIC_NOTES):
        raise PacketError("it holds pictures: expand it by `musicvae images expand`")


def _open(model: MeasureVAE, packet: Packet, on_progress: Progress) -> Song:
    """Return the song of a packet, whether it came out as it should or not."""
    song, outline = bytes_to_head(packet.head, model.config)
    if packet.kind == MUSIC_NOTES:
        require_hearing(model)
        measures = song.measures
        copy = bytes_to_notes(model, packet.payload, outline, lambda done: on_progress(done, measures))
        return replace(song, notes=copy.notes)
    codes = bytes_to_codes(packet.payload, song.measures, model.config.latent)
    return say_back(model, [song], [codes], on_progress)[0]


def _content(packet: Packet, song: Song) -> bytes:
    """Return what must come out: all of the song but its velocities."""
    notes = [song.notes[field].astype("<i4") for field in _NOTE_FIELDS]
    return packet.head + np.concatenate(notes).tobytes()
