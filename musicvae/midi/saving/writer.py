"""Songs -> MIDI files.

Conventions
-----------
A file of type 1 with 480 ticks to the beat, or the next number above that the grid divides, so
that every step falls on a tick. The first track holds the title (as its name), the provenance,
tempi, meters and markers, and ends where the song does; then comes one track for each part,
empty or not. Drums play on channel 10; pitched parts have a channel each, and from the
sixteenth on share them. Where a pitch is struck again as it ends, it ends first.

Kept: everything in the `Song`, tempi to the microsecond per beat. Texts are written in
Latin-1, the encoding that readers expect; what it lacks becomes the nearest letter or `?`.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import mido
import numpy as np

from musicvae.midi.songs.song import DEFAULT_BPM, Part, Song, Tempo
from musicvae.outputs import new_file, require_free
from musicvae.provenance import Provenance, provenance_to_text, reason_to_keep_song, seal

_DRUM_CHANNEL = 9
_PITCHED_CHANNELS = [channel for channel in range(16) if channel != _DRUM_CHANNEL]
_SLOWEST_TEMPO = 0xFFFFFF  # microseconds per beat: three bytes
_PLAIN = str.maketrans("‘’‚“”„‐‑‒–—−", "'''\"\"\"------")


def write_song(
    song: Song, path: Path | str, provenance: Provenance | None = None, overwrite: bool = False
) -> None:
    """Write a song as a MIDI file.

    Parameters
    ----------
    song : Song
    path : Path or str
    provenance : Provenance, optional
        How the song came about; a file without it is not known as ours later on.
    overwrite : bool
        Whether to replace somebody's work.

    Raises
    ------
    OutputError
        If the file exists and is not as musicvae wrote it or a song exported from a corpus, or cannot be
        written.
    """
    write_midi_bytes(song_to_bytes(song, provenance), path, overwrite)


def write_midi_bytes(data: bytes, path: Path | str, overwrite: bool = False) -> None:
    """Write the bytes of a MIDI file; it raises what `write_song` does."""
    path = Path(path)
    require_free(path, overwrite, reason_to_keep_song)
    with new_file(path) as temporary:
        temporary.write_bytes(data)


def song_to_bytes(song: Song, provenance: Provenance | None = None) -> bytes:
    """Return the MIDI file of a song; the same song gives the same bytes."""
    ticks_per_step = -(-480 // song.grid.steps_per_beat)
    midi = mido.MidiFile(type=1, ticks_per_beat=ticks_per_step * song.grid.steps_per_beat, charset="latin-1")
    midi.tracks.append(_conductor(song, provenance, ticks_per_step))
    pitched = 0
    for index, part in enumerate(song.parts):
        channel = _DRUM_CHANNEL if part.is_drums else _PITCHED_CHANNELS[pitched % len(_PITCHED_CHANNELS)]
        pitched += not part.is_drums
        notes = song.notes[song.notes["part"] == index]
        midi.tracks.append(_part_track(part, notes, channel, ticks_per_step))
    file = io.BytesIO()
    midi.save(file=file)
    return seal(file.getvalue())


def _conductor(song: Song, provenance: Provenance | None, ticks_per_step: int) -> mido.MidiTrack:
    """Return the first track: what concerns all parts."""
    markers = ((step, mido.MetaMessage("marker", text=_latin(text))) for step, text in song.markers)
    events = [*_heading(song, provenance), *_tempi(song), *_meters(song), *markers]
    events.sort(key=lambda event: event[0])
    end = max(song.steps, events[-1][0])
    track, now = mido.MidiTrack(), 0
    for step, message in [*events, (end, mido.MetaMessage("end_of_track"))]:
        track.append(message.copy(time=(step - now) * ticks_per_step))
        now = step
    return track


def _heading(song: Song, provenance: Provenance | None) -> Iterator[tuple[int, mido.MetaMessage]]:
    if provenance:
        yield 0, mido.MetaMessage("text", text=provenance_to_text(provenance))
    if song.title:
        yield 0, mido.MetaMessage("track_name", name=_latin(song.title))


def _tempi(song: Song) -> Iterator[tuple[int, mido.MetaMessage]]:
    from_the_start = song.tempi and song.tempi[0].step == 0
    for step, bpm in (*([] if from_the_start else [Tempo(0, DEFAULT_BPM)]), *song.tempi):
        yield step, mido.MetaMessage("set_tempo", tempo=min(mido.bpm2tempo(bpm), _SLOWEST_TEMPO))


def _meters(song: Song) -> Iterator[tuple[int, mido.MetaMessage]]:
    """Yield a time signature for the first measure and for every change."""
    before = None
    for step, meter in zip(song.measure_starts.tolist(), song.meters, strict=False):
        if meter != before:
            numbers = {"numerator": meter.numerator, "denominator": meter.denominator}
            yield step, mido.MetaMessage("time_signature", **numbers)
        before = meter


def _latin(text: str) -> str:
    """Return the text with letters of Latin-1 only."""
    return "".join(map(_latin_letter, unicodedata.normalize("NFC", text).translate(_PLAIN)))


def _latin_letter(letter: str) -> str:
    if letter <= "\xff":
        return letter
    return unicodedata.normalize("NFKD", letter).encode("latin-1", "ignore").decode("latin-1") or "?"


def _part_track(part: Part, notes: np.ndarray, channel: int, ticks_per_step: int) -> mido.MidiTrack:
    """Return the track of one part, whose notes are given."""
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=_latin(part.name)))
    track.append(mido.Message("program_change", channel=channel, program=part.program))
    start = notes["start"].astype(np.int64)
    step = np.concatenate([start, start + notes["length"]])
    velocity = np.concatenate([notes["velocity"], np.zeros_like(notes["velocity"])])
    pitch = np.concatenate([notes["pitch"], notes["pitch"]])
    order = np.lexsort((pitch, velocity > 0, step))  # at one step, ends come before onsets
    ticks = np.diff(step[order], prepend=0) * ticks_per_step
    columns = np.stack([ticks, pitch[order], velocity[order]], axis=1)
    for time, note, loudness in columns.tolist():
        kind = "note_on" if loudness else "note_off"
        track.append(mido.Message(kind, channel=channel, note=note, velocity=loudness, time=time))
    return track
