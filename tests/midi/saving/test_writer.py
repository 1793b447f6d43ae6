from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.errors import OutputError, SongError
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.saving.writer import song_to_bytes, write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import FINE_GRID, Grid, Marker, Meter, Part, Song, Tempo
from musicvae.midi.songs.source import SOURCE_NOTE, Source
from musicvae.outputs import require_free
from musicvae.provenance import Provenance, read_provenance, reason_to_keep_song

PIANO = (Part("piano"),)
PROVENANCE = Provenance("musicvae generate out.mid", 7, "musicvae-model", ("a.mid",), "0.1.0")


def a_song(rows: list[tuple[int, int, int, int, int]], parts: tuple[Part, ...] = PIANO) -> Song:
    return Song(make_notes(rows), (Meter(),), parts)


def parsed(song: Song) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(song_to_bytes(song)))


def events(track: mido.MidiTrack, kind: str) -> list[tuple[int, mido.Message]]:
    """Return the messages of a kind with their ticks from the beginning."""
    ticks = np.cumsum([message.time for message in track]).tolist()
    return [(tick, message) for tick, message in zip(ticks, track, strict=True) if message.type == kind]


@pytest.mark.parametrize(
    ("steps_per_beat", "ticks_per_beat"), [(4, 480), (12, 480), (96, 480), (7, 483), (9, 486)]
)
def test_every_step_of_the_grid_falls_on_a_tick(steps_per_beat: int, ticks_per_beat: int) -> None:
    song = Song(make_notes([(1, 2, 60, 80, 0)]), (Meter(),), PIANO, Grid(steps_per_beat))
    midi = parsed(song)
    assert midi.ticks_per_beat == ticks_per_beat
    step = ticks_per_beat // steps_per_beat
    assert [tick for tick, _ in events(midi.tracks[1], "note_on")] == [step]
    assert [tick for tick, _ in events(midi.tracks[1], "note_off")] == [3 * step]


@pytest.mark.parametrize(("steps_per_beat", "ticks_per_beat"), [(110_880, 480), (40_000, 2), (32_768, 2)])
def test_a_grid_finer_than_midi_can_count_has_the_ticks_that_its_notes_need(
    steps_per_beat: int, ticks_per_beat: int
) -> None:
    half = steps_per_beat // 2
    song = Song(make_notes([(half, half, 60, 80, 0)]), (Meter(),), PIANO, Grid(steps_per_beat))
    midi = parsed(song)
    assert midi.ticks_per_beat == ticks_per_beat
    assert [tick for tick, _ in events(midi.tracks[1], "note_on")] == [ticks_per_beat // 2]


def test_notes_finer_than_midi_can_count_are_refused() -> None:
    song = Song(make_notes([(1, 1, 60, 80, 0)]), (Meter(),), PIANO, Grid(110_880))
    with pytest.raises(SongError, match="not 110,880: take a coarser grid"):
        song_to_bytes(song)


def test_what_a_file_has_between_sixteenths_comes_back_at_its_ticks() -> None:
    ticks = [0, 160, 320, 480, 600, 720, 780, 840, 960, 1040, 1120, 1200, 1920]  # thirds, 32nds, sextuplets
    notes = np.array([(*span, 60, 80, 0) for span in pairwise(ticks)], SOURCE_NOTE)
    song = quantise(Source(notes, PIANO, 480), FINE_GRID).song
    again = parse_midi(song_to_bytes(song))
    assert (again.ticks_per_beat, again.notes.tolist()) == (480, notes.tolist())


def test_a_pitch_struck_again_as_it_ends_is_two_notes() -> None:
    midi = parsed(a_song([(0, 4, 60, 80, 0), (4, 4, 60, 80, 0)]))
    strokes = [(m.type, m.note) for m in midi.tracks[1] if m.type.startswith("note")]
    assert strokes == [("note_on", 60), ("note_off", 60), ("note_on", 60), ("note_off", 60)]


def test_the_first_track_says_what_concerns_all_parts() -> None:
    song = replace(
        a_song([(0, 4, 60, 80, 0)]),
        meters=(Meter(6, 8), Meter(6, 8), Meter(3, 4)),
        tempi=(Tempo(0, 100.0), Tempo(12, 50.0)),
        markers=(Marker(12, "B"),),
        title="Jig",
    )
    track = parsed(song).tracks[0]
    assert [message.type for message in track][-1] == "end_of_track"
    assert track.name == "Jig"
    assert [(tick, m.tempo) for tick, m in events(track, "set_tempo")] == [(0, 600_000), (1440, 1_200_000)]
    meters = [(tick, m.numerator, m.denominator) for tick, m in events(track, "time_signature")]
    assert meters == [(0, 6, 8), (2880, 3, 4)]
    assert [(tick, m.text) for tick, m in events(track, "marker")] == [(1440, "B")]
    assert events(track, "end_of_track")[0][0] == 36 * 120


@pytest.mark.parametrize(
    ("tempi", "written"),
    [
        ((), [(0, 500_000)]),
        ((Tempo(4, 60.0),), [(0, 500_000), (480, 1_000_000)]),
        ((Tempo(0, 1.0),), [(0, 0xFFFFFF)]),  # slower than MIDI can say
    ],
)
def test_a_file_always_says_its_tempo_from_the_start(
    tempi: tuple[Tempo, ...], written: list[tuple[int, int]]
) -> None:
    track = parsed(replace(a_song([]), tempi=tempi)).tracks[0]
    assert [(tick, message.tempo) for tick, message in events(track, "set_tempo")] == written


def test_each_part_has_a_track_a_name_a_program_and_a_channel() -> None:
    parts = (Part("melody", 73), Part("drums", 8, is_drums=True), Part("bass", 33))
    midi = parsed(a_song([(0, 1, 60, 80, 0), (0, 1, 36, 80, 1)], parts))
    programs = [events(track, "program_change")[0][1] for track in midi.tracks[1:]]
    assert [track.name for track in midi.tracks[1:]] == ["melody", "drums", "bass"]
    assert [(message.channel, message.program) for message in programs] == [(0, 73), (9, 8), (1, 33)]
    assert {message.channel for _, message in events(midi.tracks[2], "note_on")} == {9}


def test_pitched_parts_never_play_on_the_drum_channel_however_many_they_are() -> None:
    midi = parsed(a_song([], tuple(Part(f"part {number}") for number in range(20))))
    channels = [events(track, "program_change")[0][1].channel for track in midi.tracks[1:]]
    assert channels == [*range(9), *range(10, 16), *range(5)]


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Für Elise", "Für Elise"),
        ("Fu\u0308r Elise", "Für Elise"),
        ("O’Neill’s “Ball” – ½", "O'Neill's \"Ball\" - ½"),
        ("Dvořák", "Dvorák"),
        ("月光 1", "?? 1"),
    ],
)
def test_letters_that_latin_1_lacks_become_the_nearest(title: str, written: str) -> None:
    song = replace(a_song([], (Part(title),)), title=title, markers=(Marker(0, title),))
    midi = parsed(song)
    assert midi.tracks[0].name == midi.tracks[1].name == written
    assert events(midi.tracks[0], "marker")[0][1].text == written


@given(data=st.data())
def test_every_note_is_in_the_file_at_its_tick(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs)
    midi = parsed(song)
    ticks_per_step = midi.ticks_per_beat // song.grid.steps_per_beat
    found = []
    for part, track in enumerate(midi.tracks[1:]):
        sounding: dict[int, tuple[int, int]] = {}
        ticks = np.cumsum([message.time for message in track]).tolist()
        for step, message in zip([tick / ticks_per_step for tick in ticks], track, strict=True):
            if message.type == "note_on":
                assert message.note not in sounding
                sounding[message.note] = (step, message.velocity)
            elif message.type == "note_off":
                start, velocity = sounding.pop(message.note)
                found.append((start, step - start, message.note, velocity, part))
    assert sorted(found) == sorted(song.notes.tolist())


@given(data=st.data())
def test_a_written_song_is_read_back_as_it_was(
    framed_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(framed_songs)
    again = quantise(parse_midi(song_to_bytes(song, PROVENANCE)), song.grid).song
    assert again.meters == song.meters
    assert [step for step, _ in again.tempi] == [0, *(step for step, _ in song.tempi)]
    assert [bpm for _, bpm in again.tempi] == pytest.approx([120.0, *(bpm for _, bpm in song.tempi)])
    for field in ("start", "length", "pitch", "velocity"):
        np.testing.assert_array_equal(again.notes[field], song.notes[field])
    assert [again.parts[note["part"]] for note in again.notes] == [
        song.parts[note["part"]] for note in song.notes
    ]


def test_the_same_song_gives_the_same_bytes() -> None:
    song = a_song([(0, 4, 60, 80, 0), (0, 4, 64, 80, 0)])
    assert song_to_bytes(song, PROVENANCE) == song_to_bytes(song, PROVENANCE)


def test_a_song_without_notes_measures_or_parts_is_still_a_file() -> None:
    assert len(parsed(Song(make_notes([]), (), ())).tracks) == 1


def test_a_written_file_says_where_it_comes_from(tmp_path: Path) -> None:
    write_song(a_song([(0, 4, 60, 80, 0)]), tmp_path / "out.mid", PROVENANCE)
    assert read_provenance(tmp_path / "out.mid") == PROVENANCE


def test_a_file_of_ours_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    write_song(a_song([(0, 4, 60, 80, 0)]), path, PROVENANCE)
    before = path.read_bytes()
    write_song(a_song([(0, 4, 62, 80, 0)]), path, PROVENANCE)
    assert path.read_bytes() != before


def test_a_file_of_somebody_else_stays_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    path.write_bytes(b"my life's work")
    with pytest.raises(
        OutputError, match="exists and was not written by musicvae: use --force or another name"
    ):
        write_song(a_song([]), path, PROVENANCE)
    assert path.read_bytes() == b"my life's work"
    write_song(a_song([]), path, PROVENANCE, overwrite=True)
    assert read_provenance(path) == PROVENANCE


def test_a_file_of_ours_that_somebody_changed_stays(tmp_path: Path) -> None:
    path = tmp_path / "out.mid"
    write_song(a_song([(0, 4, 60, 80, 0)]), path, PROVENANCE)
    path.write_bytes(path.read_bytes().replace(b"piano", b"flute"))
    with pytest.raises(OutputError, match="was changed after musicvae wrote it: use --force or another name"):
        require_free(path, False, reason_to_keep_song)
    require_free(path, True, reason_to_keep_song)


def test_a_folder_is_refused_even_when_told_to_overwrite(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="it is a folder"):
        write_song(a_song([]), tmp_path, overwrite=True)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.mid"
    write_song(a_song([(0, 4, 60, 80, 0)]), path, PROVENANCE)
    before = path.read_bytes()

    def no_space(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_space)
    with pytest.raises(OutputError, match="the disk is full"):
        write_song(a_song([]), path, PROVENANCE)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_song_exported_from_a_corpus_stays_unless_told_otherwise(tmp_path: Path) -> None:
    song = Song(make_notes([(0, 4, 60, 80, 0)]), (Meter(),), (Part("melody"),))
    path, export = tmp_path / "song.mid", Provenance("musicvae corpus export folk FOLDER")
    write_song(song, path, export)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="is somebody's song, though musicvae wrote the file"):
        write_song(song, path, Provenance("musicvae generate OUT"))
    assert path.read_bytes() == before
    write_song(song, path, export, overwrite=True)


def test_a_program_may_write_its_song_again_and_a_command_may_not_replace_it(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    write_song(a_song([(0, 4, 60, 80, 0)]), path)
    write_song(a_song([(0, 4, 62, 80, 0)]), path)
    written = path.read_bytes()
    with pytest.raises(OutputError, match="is somebody's song"):
        write_song(a_song([]), path, PROVENANCE)
    assert path.read_bytes() == written
    path.write_bytes(written.replace(b"piano", b"flute"))
    with pytest.raises(OutputError, match="was changed after musicvae wrote it"):
        write_song(a_song([]), path)
