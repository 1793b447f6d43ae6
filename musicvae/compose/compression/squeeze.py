"""Songs <-> compressed files: the codes of their measures, or their very notes.

================  ==========================================  ====================================
kind              what the payload tells                      what comes back
================  ==========================================  ====================================
MUSIC_CODES       the code of each measure, rounded           as `reconstruct` would say it
MUSIC_FILE        every note of a file (`lossless`)           note for note the same
================  ==========================================  ====================================

Codes keep meters, tempi, parts, markers and title, and no velocities. Nothing is handed out that was not
expanded and compared before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from musicvae.compose.compression.defaults import STEP
from musicvae.compose.compression.lossless import MUSIC_FILE, Progress, expand_whole
from musicvae.compose.compression.song_head import bytes_to_head, head_to_bytes
from musicvae.compose.compression.whole_music import WholeMusic
from musicvae.compose.performance.reconstruct import say_back
from musicvae.core.compression.code_quantiser import bytes_to_codes, codes_to_bytes
from musicvae.core.compression.packet import Packet, bytes_to_packet, make_check, packet_to_bytes
from musicvae.core.model_store.model_hash import identify
from musicvae.errors import PacketError
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.midi.songs.song import Song

MUSIC_CODES, _NOTES_ALONE = 1, 2  # kinds of packets; none of the second is made any more
_NOTE_FIELDS = ("start", "length", "pitch", "part")


class Compressed(NamedTuple):
    """The bytes of a song's file, and the song that they expand to."""

    data: bytes
    copy: Song


def compress(
    model: MeasureVAE,
    song: Song,
    step: float = STEP,
    model_name: str = "",
    on_progress: Progress = lambda measures, of: None,
) -> Compressed:
    """Return the codes of a song as the bytes of a file. Of all its notes `compress_whole` makes one.

    Parameters
    ----------
    model : MeasureVAE
    song : Song
        In the model's grid and parts.
    step : float
        To whose multiples codes are rounded.
    model_name : str
        What people call the model.
    on_progress : callable
        Told the measures done so far and in all; each counts twice, since it is expanded too.

    Raises
    ------
    SongError
        If a measure is longer than the model's longest.
    """
    [codes] = encode_songs(model, [song])
    head = head_to_bytes(song, model.config)
    packet = Packet(
        MUSIC_CODES, identify(model, MUSIC_MODELS), model_name, b"", head, codes_to_bytes(codes, step)
    )
    copy = _open(model, packet, lambda done, of: on_progress(done + of, 2 * of))
    packet = packet._replace(check=make_check(_content(packet, copy)))
    return Compressed(packet_to_bytes(packet), copy)


class ExpandedSong(NamedTuple):
    """A song that was compressed: what its codes say, or all that its file says."""

    copy: Song | None = None
    given: WholeMusic | None = None

    @property
    def song(self) -> Song:
        """The song; where all that its file says came back, on a grid."""
        if self.given is not None:
            return self.given.song()
        assert self.copy is not None
        return self.copy


def expand(model: MeasureVAE, data: bytes, on_progress: Progress = lambda measures, of: None) -> ExpandedSong:
    """Return the song of a file that `compress` or `compress_whole` made.

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
    if packet.kind == MUSIC_FILE:
        return ExpandedSong(given=expand_whole(model, packet, on_progress))
    song = _open(model, packet, on_progress)
    packet.require_check(make_check(_content(packet, song)))
    return ExpandedSong(song)


def require_music(packet: Packet) -> None:
    """Check that a packet holds a song.

    Raises
    ------
    PacketError
        If it holds something else.
    """
    if packet.kind == _NOTES_ALONE:
        raise PacketError("it is of a musicvae that kept notes alone: compress the original again")
    if packet.kind not in (MUSIC_CODES, MUSIC_FILE):
        raise PacketError("it holds pictures: expand it by `musicvae images expand`")


def _open(model: MeasureVAE, packet: Packet, on_progress: Progress) -> Song:
    """Return the song that codes say, whether it came out as it should or not."""
    song = bytes_to_head(packet.head, model.config)
    codes = bytes_to_codes(packet.payload, song.measures, model.config.code_size)
    return say_back(model, [song], [codes], on_progress)[0]


def _content(packet: Packet, song: Song) -> bytes:
    """Return what must come out: all of the song but its velocities."""
    notes = [song.notes[field].astype("<i4") for field in _NOTE_FIELDS]
    return packet.head + np.concatenate(notes).tobytes()
