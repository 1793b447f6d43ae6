"""Arrangements: whatever tracks a song has, the same few parts come out.

Conventions
-----------
`melody`
    One line: the track most like a melody (see `find_melody`), its highest note at each onset.
`piano`
    All pitched notes in one part.
`voices`
    Up to four lines, high to low. A song of one to four single lines keeps them, sorted by mean
    pitch; any other is split at each onset (see `number_voices`).
`band`
    Drums; bass (by program, name, or the lowest single line); melody as above; chords: the rest.

A line sounds one note at a time: a note that goes on when the next begins is cut there. Tracks
that all bear names of the ensemble's parts keep their places, so that arranging a song again
changes nothing. An arranged song has all parts of its ensemble, empty ones too, each with the
program of the track that gave it most notes (an empty voice: that of the highest). It may have no
notes: drums alone make no melody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from musicvae.midi.arranging.lines import VOICES, cut_lines, is_highest, number_voices
from musicvae.midi.arranging.seats import SEATS
from musicvae.midi.arranging.tracks import Tracks, find_basses, find_lowest_line, find_melody, measure_tracks
from musicvae.midi.songs.instruments import label_parts
from musicvae.midi.songs.notes import hold_struck_again, tidy_notes
from musicvae.midi.songs.notices import DOUBLED, Notice, NoticedSong, count_notices, name_some
from musicvae.midi.songs.song import Part, Song

ENSEMBLES: dict[str, tuple[Part, ...]] = {
    "melody": (Part("melody"),),
    "piano": (Part("piano"),),
    "voices": (Part("soprano"), Part("alto"), Part("tenor"), Part("bass")),
    "band": (Part("drums", is_drums=True), Part("bass", 33), Part("chords"), Part("melody", 73)),
}
NOWHERE = -1  # the part of a note that is left out
_DRUMS, _BASS, _CHORDS, _MELODY = range(4)  # of a band
_LINES = {"melody": (0,), "piano": (), "voices": (0, 1, 2, 3), "band": (_MELODY,), SEATS: ()}
_HOLDS = {"melody": "one line", "piano": "one part", "voices": "four lines", "band": "four parts"}


def find_lines(ensemble: str) -> tuple[int, ...]:
    """Return the parts of an ensemble that are lines, by number."""
    return _LINES[ensemble]


def arrange_notes(song: Song, ensemble: str, melody: int | None = None) -> NoticedSong:
    """Return the song in the parts of an arrangement, a key of ENSEMBLES: see `ensembles.arrange`."""
    part_of_note = find_arranged_parts(song, ensemble, melody)
    notes = song.notes[part_of_note != NOWHERE].copy()
    notes["part"] = part_of_note[part_of_note != NOWHERE]
    tidy = tidy_notes(hold_struck_again(notes))
    in_lines = np.isin(tidy["part"], _LINES[ensemble])
    cut = np.concatenate([cut_lines(tidy[in_lines]), tidy[~in_lines]])
    arranged = replace(song, notes=cut, parts=_name_parts(song, part_of_note, ensemble))
    return NoticedSong(arranged, _notices(song, part_of_note, ensemble, len(notes) - len(tidy)))


def find_arranged_parts(song: Song, ensemble: str, melody: int | None = None) -> np.ndarray:
    """Return the part of an arrangement that each note of a song goes to, or NOWHERE, int (notes,)."""
    part_of_note = _find_named_parts(song, ensemble)
    if part_of_note is None:
        part_of_note = _FIND_PARTS[ensemble](song, melody)
    return _thin_lines(song, part_of_note, ensemble)


def _find_named_parts(song: Song, ensemble: str) -> np.ndarray | None:
    """Return the part of each note if every track bears the name of a part, each another one."""
    names = [(part.name, part.is_drums) for part in ENSEMBLES[ensemble]]
    called = {
        track: (song.parts[track].name.strip().lower(), song.parts[track].is_drums)
        for track in np.unique(song.notes["part"]).tolist()
    }
    if len(set(called.values())) < len(called) or not set(called.values()) <= set(names):
        return None
    part_of_track = np.full(len(song.parts), NOWHERE)
    for track, name in called.items():
        part_of_track[track] = names.index(name)
    return part_of_track[song.notes["part"]]


def _find_melody_part(song: Song, known: int | None) -> np.ndarray:
    tracks = measure_tracks(song)
    above_the_bass = tracks.is_pitched & ~find_basses(song, tracks)
    candidates = above_the_bass if above_the_bass.any() else tracks.is_pitched
    melody = find_melody(song, tracks, candidates, known)
    return np.where(melody[song.notes["part"]], 0, NOWHERE)


def _find_piano_part(song: Song, _: int | None) -> np.ndarray:
    return np.where(measure_tracks(song).is_pitched[song.notes["part"]], 0, NOWHERE)


def _find_voices(song: Song, _: int | None) -> np.ndarray:
    tracks = measure_tracks(song)
    pitched = np.flatnonzero(tracks.is_pitched)
    voice = np.full(len(song.notes), NOWHERE)
    if _is_for_voices(tracks):
        high_to_low = pitched[np.argsort(-tracks.mean_pitch[pitched], kind="stable")]
        for index, track in enumerate(high_to_low):
            voice[song.notes["part"] == track] = index
    else:
        is_pitched = tracks.is_pitched[song.notes["part"]]
        voice[is_pitched] = number_voices(song.notes[is_pitched])
    return voice


def _is_for_voices(tracks: Tracks) -> bool:
    """Say whether all pitched tracks are single lines, and no more than there are voices."""
    return int(tracks.is_pitched.sum()) <= VOICES and bool(tracks.is_line[tracks.is_pitched].all())


def _find_band(song: Song, known: int | None) -> np.ndarray:
    tracks = measure_tracks(song)
    bass = find_basses(song, tracks)
    melody = find_melody(song, tracks, tracks.is_pitched & ~bass, known)
    bass &= ~melody
    if not bass.any():
        below = tracks.mean_pitch < tracks.mean_pitch[melody].min(initial=128)
        bass = find_lowest_line(tracks, tracks.is_pitched & below)
    part_of_track = np.select([melody, bass, tracks.is_pitched], [_MELODY, _BASS, _CHORDS], _DRUMS)
    return part_of_track[song.notes["part"]]


_FIND_PARTS: dict[str, Callable[[Song, int | None], np.ndarray]] = {
    "melody": _find_melody_part,
    "piano": _find_piano_part,
    "voices": _find_voices,
    "band": _find_band,
}


def _thin_lines(song: Song, part_of_note: np.ndarray, ensemble: str) -> np.ndarray:
    """Leave out what is below another note of a line that begins with it; in a band, chords take it."""
    notes = song.notes.copy()
    notes["part"] = part_of_note
    is_extra = np.isin(part_of_note, _LINES[ensemble]) & ~is_highest(notes)
    return np.where(is_extra, _CHORDS if ensemble == "band" else NOWHERE, part_of_note)


def _name_parts(song: Song, part_of_note: np.ndarray, ensemble: str) -> tuple[Part, ...]:
    """Return the ensemble's parts, each with the program of the track that gives it most notes.

    Voices that none gives any sound as the highest does.
    """
    programs = {
        index: song.parts[np.bincount(song.notes["part"][part_of_note == index]).argmax()].program
        for index in np.unique(part_of_note[part_of_note != NOWHERE]).tolist()
    }
    usual = next(iter(programs.values()), None) if ensemble == "voices" else None
    parts = enumerate(ENSEMBLES[ensemble])
    found = ((part, programs.get(index, usual)) for index, part in parts)
    return tuple(part if program is None else replace(part, program=program) for part, program in found)


def _notices(song: Song, part_of_note: np.ndarray, ensemble: str, doubled: int) -> tuple[Notice, ...]:
    """Say which tracks are left out and which are taken for what, and what of those does not fit."""
    track, is_taken = song.notes["part"], part_of_note != NOWHERE
    taken = np.isin(np.arange(len(song.parts)), track[is_taken])
    dropped = np.setdiff1d(track, np.flatnonzero(taken))
    counts = {
        f"notes left out that do not fit into {_HOLDS[ensemble]}": int((taken[track] & ~is_taken).sum()),
        DOUBLED: doubled,
    }
    of_tracks = _tell_tracks(song, part_of_note, ensemble, dropped) if len(dropped) else ()
    return (*of_tracks, *count_notices(counts))


def _tell_tracks(
    song: Song, part_of_note: np.ndarray, ensemble: str, dropped: np.ndarray
) -> tuple[Notice, ...]:
    labels = label_parts(song.parts)
    taken = [
        (track, f"{labels[track]} as {part.name}")
        for index, part in enumerate(ENSEMBLES[ensemble])
        for track in np.unique(song.notes["part"][part_of_note == index]).tolist()
    ]
    left_out = Notice("tracks left out", len(dropped), name_some(labels[track] for track in dropped.tolist()))
    if not taken:
        return (left_out,)
    tracks = len({track for track, _ in taken})
    return Notice("tracks taken", tracks, name_some(said for _, said in taken)), left_out
