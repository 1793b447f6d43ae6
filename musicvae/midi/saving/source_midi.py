"""What a file says, as a MIDI file: so every score can be one.

Conventions
-----------
A file of type 1. Its first track holds the title (as its name), meters, keys, tempi and markers; then
comes one for each track of the source, with its name, its program, its notes and its lyrics, a syllable
each; one that its word goes on after ends in "-".

Ticks are those of the source, so that no note is moved. Scores count very fine ones: where all that
happens falls on fewer, there are fewer to the beat, 480 if these do.

Drums play on channel 10. Pitched tracks have a channel each; where they are more than the channels, those
of one program share one, and from the sixteenth program on programs share them too.

Kept: everything in the `Source`, tempi to the microsecond per beat, but for keys of church modes, which
become the major key of their signature. A grace note has no length here either. Of notes of one pitch and
track that overlap the first to begin is the first to end, as in every MIDI file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from musicvae.midi.reading.smf.midi_bytes import lay_events, make_chunk, make_header, make_meta
from musicvae.midi.reading.smf.midi_numbers import (
    CLICK,
    KEY,
    LYRIC,
    MARKER,
    METER,
    NAME,
    NOTE_OFF,
    NOTE_ON,
    PROGRAM,
    TEMPO,
)
from musicvae.midi.saving.midi_text import to_latin
from musicvae.midi.saving.writer import DRUM_CHANNEL, PITCHED_CHANNELS, SLOWEST_TEMPO
from musicvae.midi.songs.key import parse_signature
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import Source

_USUAL_TICKS = 480
_MICROSECONDS = 60_000_000  # in a minute
# At one tick: what notes obey, notes that end, the syllable of those that begin, grace notes, and these.
_HEAD, _END, _SYLLABLE, _GRACE, _ONSET = range(5)

_Placed = tuple[int, int, bytes]  # tick, place among those of the tick, the event without its delta


def source_to_midi(source: Source) -> bytes:
    """Return the MIDI file of a source; `parse_midi` makes the source of it again."""
    finer = _count_needless(source)
    channels = _choose_channels(source.tracks)
    tracks = [list(_conductor(source))]
    for track, (part, channel) in enumerate(zip(source.tracks, channels, strict=True)):
        tracks.append([*_heading(part, channel), *_lyrics(source, track), *_notes(source, track, channel)])
    end = max((tick for track in tracks for tick, _, _ in track), default=0)
    ends = [end, *(0 for _ in source.tracks)]  # what concerns all lasts as long as all
    laid = [_lay(track, last, finer) for track, last in zip(tracks, ends, strict=True)]
    chunks = [make_chunk(b"MTrk", track) for track in laid]
    return b"".join([make_header(1, len(tracks), source.ticks_per_beat // finer), *chunks])


def _count_needless(source: Source) -> int:
    """Return by how much the ticks to the beat can be divided and nothing moves."""
    if source.ticks_per_beat % _USUAL_TICKS:
        return 1
    timed = (source.meters, source.tempi, source.markers, source.keys, source.lyrics)
    ticks = [event[0] for events in timed for event in events]
    every = np.concatenate([source.notes["start"], source.notes["end"], np.array(ticks, np.int64)])
    return math.gcd(source.ticks_per_beat // _USUAL_TICKS, int(np.gcd.reduce(every)))


def _choose_channels(tracks: tuple[Part, ...]) -> list[int]:
    """Return the channel of each track."""
    pitched = [number for number, part in enumerate(tracks) if not part.is_drums]
    is_crowded = len(pitched) > len(PITCHED_CHANNELS)
    players = dict.fromkeys(tracks[number].program if is_crowded else number for number in pitched)
    order = {player: place % len(PITCHED_CHANNELS) for place, player in enumerate(players)}
    return [
        DRUM_CHANNEL if part.is_drums else PITCHED_CHANNELS[order[part.program if is_crowded else number]]
        for number, part in enumerate(tracks)
    ]


def _lay(track: list[_Placed], end: int, finer: int) -> bytes:
    """Return the bytes of a track."""
    track.sort(key=lambda event: event[:2])
    last = max(end, track[-1][0] if track else 0)
    return lay_events(((tick // finer, event) for tick, _, event in track), last // finer)


def _conductor(source: Source) -> Iterator[_Placed]:
    """Yield what concerns all tracks."""
    if source.title:
        yield _text(0, NAME, source.title)
    for tick, meter in source.meters:
        numbers = (min(meter.numerator, 255), meter.denominator.bit_length() - 1)
        yield _meta(tick, METER, bytes(numbers) + CLICK)
    for tick, key in source.keys:
        if signature := parse_signature(key):
            yield _meta(tick, KEY, bytes((signature.fifths % 256, signature.mode == "minor")))
    for tick, bpm in source.tempi:
        microseconds = round(_MICROSECONDS / max(bpm, _MICROSECONDS / SLOWEST_TEMPO))
        yield _meta(tick, TEMPO, microseconds.to_bytes(3))
    for tick, text in source.markers:
        yield _text(tick, MARKER, text)


def _heading(part: Part, channel: int) -> Iterator[_Placed]:
    yield _text(0, NAME, part.name)
    yield 0, _HEAD, bytes((PROGRAM | channel, part.program))


def _lyrics(source: Source, track: int) -> Iterator[_Placed]:
    for tick, text, singer in source.lyrics:
        if singer == track:
            yield _text(tick, LYRIC, text, _SYLLABLE)


def _notes(source: Source, track: int, channel: int) -> Iterator[_Placed]:
    own = source.notes[source.notes["track"] == track]
    for start, end, pitch, velocity, _ in own.tolist():
        grace = end == start
        on = bytes((NOTE_ON | channel, pitch, min(max(velocity, 1), 127)))
        yield start, _GRACE if grace else _ONSET, on
        yield end, _GRACE if grace else _END, bytes((NOTE_OFF | channel, pitch, 0))


def _text(tick: int, kind: int, text: str, place: int = _HEAD) -> _Placed:
    return _meta(tick, kind, to_latin(text).encode("latin-1"), place)


def _meta(tick: int, kind: int, payload: bytes, place: int = _HEAD) -> _Placed:
    return tick, place, make_meta(0, kind, payload)[1:]  # it has no delta yet
