"""Check the bytes of a MIDI file, and write them anew, before any parser sees them.

A parser in C reads past short events, lets ticks wrap around and leaves out tracks that the header
does not count. So the file is walked here first: what comes out has a true header, true lengths and
whole events (see `musicvae.midi.reading.smf.track_bytes`); what cannot be read is left out and told.

Conventions
-----------
- *Damage* is told where music may be missing or false; *notices* where something was ignored that is
  no note.
- A type 2 file (sequences that are no parts of one piece) becomes its sequences one after another.
- A program that only another track sets for a channel is set in each track that plays there, since a
  parser takes a track by itself.
- Note-ons that lack a note-off get one at the very end, after `Checked.ticks`, so that a parser
  finds them; how long they last is for the reader to say.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from musicvae.errors import SongError
from musicvae.midi.reading.smf.midi_bytes import Header, make_meta, make_midi, make_silence, parse_header
from musicvae.midi.reading.smf.midi_numbers import NAME
from musicvae.midi.reading.smf.texts import FileTexts, settle_texts
from musicvae.midi.reading.smf.track_bytes import Track, parse_track
from musicvae.midi.songs.notices import Notice, count_notices

MAX_BYTES = 50_000_000
MAX_NOTES = 1_500_000
MAX_TICKS = 2**31 - 2
MAX_TRACKS = 1_000
MAX_STEPS = 150_000

_IN_TURN = Notice("type 2: its sequences were read one after another")


class Checked(NamedTuple):
    """A MIDI file that any parser can read.

    Parameters
    ----------
    data : bytes
        A Standard MIDI File of type 0 or 1.
    note_ons : int
        Notes that begin in it, counted on the bytes.
    ticks : int
        When its last event comes; notes that end later lack an end of their own.
    title : str
        As a karaoke file gives it; else the name of its first track if that speaks for the piece: it has
        no notes, or is the only one.
    composer : str
    notices : tuple of Notice
    damage : str
        Why the file cannot be read as it stands; "" if it is sound.
    """

    data: bytes
    note_ons: int
    ticks: int
    title: str
    composer: str
    notices: tuple[Notice, ...]
    damage: str


class _Chunks(NamedTuple):
    tracks: list[Track]
    faults: list[str]


def check_midi(data: bytes) -> Checked:
    """Return the file clean, with what was wrong with it.

    Raises
    ------
    SongError
        If it is no MIDI file, too large, or counts time in a way that is no music.
    """
    if len(data) > MAX_BYTES:
        raise SongError(f"it is larger than {MAX_BYTES // 1_000_000} MB: split it into smaller files")
    header = parse_header(data)
    tracks, faults = _parse_chunks(data, header.end)
    if header.tracks != len(tracks):
        faults.append(f"the header says {header.tracks} tracks, there are {len(tracks)}")
    note_ons = sum(track.note_ons for track in tracks)
    lengths = [track.ticks for track in tracks]
    ticks = sum(lengths) if header.kind == 2 else max(lengths, default=0)
    if note_ons > MAX_NOTES:
        raise SongError(f"it has {note_ons:,} notes: split it into files of {MAX_NOTES:,} or fewer")
    if ticks > MAX_TICKS:
        raise SongError("it lasts more than 2^31 ticks: a time in it is damaged, or it is no music")
    texts = settle_texts(tracks)
    speaks = tracks and (len(tracks) == 1 or not tracks[0].note_ons)
    return Checked(
        data=_make_clean(tracks, texts, header, ticks),
        note_ons=note_ons,
        ticks=ticks,
        title=texts.title or (texts.names[0] if speaks else ""),
        composer=texts.composer,
        notices=_notices(tracks, header),
        damage="; ".join(faults),
    )


def _parse_chunks(data: bytes, at: int) -> _Chunks:
    """Return all tracks from a byte on, and what is wrong with them."""
    tracks: list[Track] = []
    faults: list[str] = []
    chunks = steps = following = 0
    while at + 8 <= len(data):
        begin = at + 8
        claimed = begin + int.from_bytes(data[at + 4 : begin])
        if following < begin:
            following = data.find(b"MTrk", begin) % (len(data) + 1)  # -1 is the end of the data
        is_true = claimed == len(data) or data.startswith(b"MTrk", claimed)
        end = claimed if is_true else following
        track = parse_track(data, begin, end, MAX_STEPS - steps)
        chunks, steps = chunks + 1, steps + track.steps
        if chunks > MAX_TRACKS:
            raise SongError(f"it has more than {MAX_TRACKS:,} tracks: split it")
        if steps >= MAX_STEPS:
            what = f"it has more than {MAX_STEPS:,} events that are no notes"
            raise SongError(f"{what}: use a file without them")
        named = data.startswith(b"MTrk", at)
        if named or (track.ended and track.note_ons):
            tracks.append(track)
            faults += _faults(track, len(tracks), named, track.end == claimed)
        # After a track of false length the next one begins where it ended, if a name stands there.
        goes_on = not is_true and track.ended and data[track.end : track.end + 4].isalpha()
        at = track.end if goes_on else end
    return _Chunks(tracks, faults)


def _faults(track: Track, number: int, named: bool, true_length: bool) -> list[str]:
    says = {
        "has a damaged name": not named,
        f"was read up to its first damaged event ({track.fault})": bool(track.fault),
        "has a false length": not true_length and not track.fault,
        f"has values above 127 in {track.mended} events": track.mended > 0,
    }
    return [f"track {number} {what}" for what, is_so in says.items() if is_so]


def _notices(tracks: list[Track], header: Header) -> tuple[Notice, ...]:
    ignored = sum((track.ignored for track in tracks), Counter[str]())
    notices = count_notices({f"impossible {what} ignored": count for what, count in sorted(ignored.items())})
    return (*notices, _IN_TURN) if header.kind == 2 else notices


def _make_clean(tracks: list[Track], texts: FileTexts, header: Header, ticks: int) -> bytes:
    set_anywhere = {} if header.kind == 2 else _programs(tracks)
    written: list[list[bytes]] = []
    begin = 0
    for track, said in zip(tracks, texts.names, strict=True):
        name = make_meta(0, NAME, said.encode())
        programs = [
            bytes((0, 0xC0 | channel, set_anywhere[channel]))
            for channel in sorted(track.channels & set_anywhere.keys() - track.programs.keys())
        ]
        end = begin + track.ticks
        ends = _note_offs(track, ticks + 1 - end)
        written.append([*make_silence(begin), name, *programs, *track.pieces, *ends])
        begin = end if header.kind == 2 else 0
    return make_midi(0 if header.kind == 0 and len(tracks) == 1 else 1, header.ticks_per_beat, written)


def _programs(tracks: list[Track]) -> dict[int, int]:
    """Return the first program that any track sets on each channel."""
    programs: dict[int, int] = {}
    for track in tracks:
        programs = track.programs | programs
    return programs


def _note_offs(track: Track, delta: int) -> list[bytes]:
    """End the notes that lack an end; not in a track whose events may be false."""
    if not track.unended or track.mended:
        return []
    offs = (bytes((0, 0x80 | lane >> 7, lane & 127, 0)) for lane in track.unended)
    return [*make_silence(delta), *offs]
