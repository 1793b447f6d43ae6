from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from musicvae.compose.performance.listen import listen
from musicvae.errors import SongError
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.saving.pretty import song_to_pretty_midi
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Marker, Meter, Part, Song, Tempo

# A chord under a melody, in a part and on a grid of its own.
ROWS = [(0, 6, 48, 80, 0), (0, 6, 72, 80, 0), (6, 6, 74, 80, 0), (12, 12, 76, 80, 0)]
SONG = Song(make_notes(ROWS), (Meter(2, 4),), (Part("piano"),), Grid(12))
DRUMS = Song(
    make_notes([(0, 1, 36, 80, 0), (4, 1, 38, 80, 0)]), (Meter(2, 4),), (Part("kit", is_drums=True),)
)


@pytest.fixture
def heard(model: MeasureVAE) -> Song:
    """Return the song as the model hears it."""
    notes = make_notes([(0, 2, 72, 80, 0), (2, 2, 74, 80, 0), (4, 4, 76, 80, 0)])
    return Song(notes, (Meter(2, 4),), model.config.parts, Grid(4))


def same_music(one: Song, other: Song) -> bool:
    keys = ["start", "length", "pitch", "part"]
    return one.notes[keys].tolist() == other.notes[keys].tolist() and one.meters == other.meters


def test_a_song_is_heard_in_the_grid_and_parts_of_the_model(model: MeasureVAE, heard: Song) -> None:
    song = listen(SONG, model.config)
    assert same_music(song, heard)
    assert (song.grid, len(song.parts)) == (Grid(4), 1)


def test_a_file_is_heard_as_its_song_is(model: MeasureVAE, heard: Song, tmp_path: Path) -> None:
    write_song(SONG, tmp_path / "song.mid")
    assert same_music(listen(tmp_path / "song.mid", model.config), heard)
    assert same_music(listen(str(tmp_path / "song.mid"), model.config), heard)


def test_a_pretty_midi_is_heard_as_its_song_is(model: MeasureVAE, heard: Song) -> None:
    assert same_music(listen(song_to_pretty_midi(SONG), model.config), heard)


def test_a_song_that_fits_is_heard_as_it_is(model: MeasureVAE, heard: Song) -> None:
    song = listen(replace(heard, title="as it is"), model.config)
    assert same_music(song, heard)
    assert song.title == "as it is"


def test_a_song_on_another_grid_keeps_title_markers_tempi_and_measures(model: MeasureVAE) -> None:
    tempi, markers = (Tempo(0, 90.0), Tempo(72, 60.0)), (Marker(24, "verse"), Marker(72, "end"))
    meters = (Meter(2, 4),) * 3 + (Meter(3, 4),)  # three of them are silent
    told = replace(SONG, meters=meters, tempi=tempi, markers=markers, title="Air")
    song = listen(told, model.config)
    assert (song.title, song.meters) == ("Air", meters)
    assert song.markers == (Marker(8, "verse"), Marker(24, "end"))
    assert song.tempi == (Tempo(0, 90.0), Tempo(24, 60.0))


def test_a_short_first_measure_of_a_song_is_not_filled_up(model: MeasureVAE) -> None:
    meters = (Meter(1, 4), Meter(2, 4))
    assert listen(replace(SONG, meters=meters), model.config).meters == meters


def test_a_song_longer_than_pretty_midi_allows_is_heard_on_another_grid(model: MeasureVAE) -> None:
    song = replace(SONG, meters=SONG.meters * 11_000)
    assert listen(song, model.config).measures == 11_000


def test_a_file_that_cannot_be_read_is_refused(model: MeasureVAE, tmp_path: Path) -> None:
    with pytest.raises(SongError, match=r"none\.mid: it cannot be opened"):
        listen(tmp_path / "none.mid", model.config)


def test_a_song_with_nothing_for_the_parts_is_refused(model: MeasureVAE, tmp_path: Path) -> None:
    with pytest.raises(SongError, match=r"no notes for the model's parts \(melody\): choose another"):
        listen(DRUMS, model.config)
    write_song(DRUMS, tmp_path / "drums.mid")
    with pytest.raises(SongError, match="no notes for the parts of melody"):
        listen(tmp_path / "drums.mid", model.config)
