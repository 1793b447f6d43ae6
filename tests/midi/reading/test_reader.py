from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicvae.errors import SongError
from musicvae.midi.reading import score_file
from musicvae.midi.reading.file_report import total
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.reader import (
    bytes_to_sources,
    read_song,
    read_songs,
    read_sources,
    read_with_report,
    take_first,
)
from musicvae.midi.reading.smf.midi_bytes import make_meta, make_midi
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.reading.song_files import find_songs
from musicvae.midi.saving.writer import song_to_bytes, write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import FINE_GRID, Grid, Meter, Part, Song
from musicvae.midi.songs.source import Source
from musicvae.provenance import Provenance, read_provenance

SONG = Song(
    make_notes([(0, 4, 60, 80, 0), (4, 4, 64, 80, 0), (8, 8, 67, 80, 0), (16, 12, 60, 90, 1)]),
    (Meter(4, 4), Meter(3, 4)),
    (Part("flute", 73), Part("cello", 42)),
    title="Air",
)


@pytest.fixture
def song_file(tmp_path: Path) -> Path:
    write_song(SONG, tmp_path / "air.mid")
    return tmp_path / "air.mid"


def test_a_song_that_was_written_is_read_again(song_file: Path) -> None:
    song, report = take_first(read_with_report(song_file, Grid(4)))
    assert np.array_equal(song.notes, SONG.notes)
    assert (song.meters, song.parts, song.grid, song.title) == (
        SONG.meters,
        SONG.parts,
        SONG.grid,
        SONG.title,
    )
    assert (report.status, report.reason, report.notices) == ("ok", "", ())


@given(data=st.data())
def test_any_song_that_is_written_is_read_again(
    random_songs: st.SearchStrategy[Song], data: st.DataObject
) -> None:
    song = data.draw(random_songs.filter(lambda song: len(song.notes) > 0))
    read = quantise(parse_midi(song_to_bytes(song)), song.grid).song
    columns = ["length", "pitch", "velocity"]
    order, again = (
        np.lexsort((s.notes["velocity"], s.notes["pitch"], s.notes["start"])) for s in (song, read)
    )
    assert np.array_equal(read.notes[again][columns], song.notes[order][columns])
    assert np.ptp(read.notes["start"][again] - song.notes["start"][order]) == 0
    assert {part.name for part in read.parts} <= {part.name for part in song.parts}


def test_the_report_says_what_was_read(song_file: Path) -> None:
    report = read_with_report(song_file).report
    assert (report.songs, report.notes, report.measures, report.meters) == (1, 4, 2, ("4/4", "3/4"))
    assert (report.key, report.tempo, report.parts) == ("C major", 120.0, ("flute", "cello"))
    assert (round(report.off_grid, 3), report.free) == (0.0, False)


def test_the_key_of_the_file_comes_before_the_one_that_is_found(tmp_path: Path) -> None:
    note = b"\x00\x90\x3c\x40" + b"\x60\x80\x3c\x00"
    (tmp_path / "a.mid").write_bytes(make_midi(0, 96, [[make_meta(0, 0x59, b"\x01\x00"), note]]))
    assert read_with_report(tmp_path / "a.mid").report.key == "G major"


def test_songs_are_laid_on_the_fine_grid_or_the_one_asked_for(tmp_path: Path) -> None:
    triplets = Song(
        make_notes([(4 * i, 4, 60 + i, 80, 0) for i in range(12)]), (Meter(4, 4),), (Part("a"),), Grid(12)
    )
    write_song(triplets, tmp_path / "a.mid")
    song = read_song(tmp_path / "a.mid")
    assert (song.grid, song.notes["start"].tolist()) == (FINE_GRID, [8 * i for i in range(12)])
    assert read_song(tmp_path / "a.mid", Grid(4)).grid == Grid(4)


def test_parts_are_arranged_as_asked(song_file: Path) -> None:
    assert [part.name for part in read_song(song_file, ensemble="piano").parts] == ["piano"]


def test_a_song_without_notes_for_the_parts_asked_for_is_rejected(tmp_path: Path) -> None:
    drums = Song(make_notes([(0, 4, 36, 80, 0)]), (Meter(4, 4),), (Part("drums", is_drums=True),))
    write_song(drums, tmp_path / "drums.mid")
    report = read_with_report(tmp_path / "drums.mid", ensemble="melody").report
    assert (report.status, report.reason) == (
        "rejected",
        "no notes for the parts of melody: choose other parts",
    )


@pytest.mark.parametrize("name", ["a.mid", "a.MIDI", "a.kar", "a.rmi", "a.xml", "a", "a.txt"])
def test_a_midi_file_is_known_by_its_bytes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00" + song_to_bytes(SONG))
    assert read_with_report(tmp_path / name).report.status == "ok"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"not music", "it is no MIDI file: it has no whole header"),
        (make_midi(0, 480, [[]]), "no notes"),
        (
            make_midi(0, 480, [[]])[:-3],
            "no notes; track 1 was read up to its first damaged event (it is cut off)",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_rejected_with_the_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    (tmp_path / "a.mid").write_bytes(data)
    songs, report = read_with_report(tmp_path / "a.mid")
    assert (songs, report.status, report.reason) == ((), "rejected", reason)
    with pytest.raises(SongError) as error:
        read_songs(tmp_path / "a.mid")
    assert str(error.value) == f"{tmp_path / 'a.mid'}: {reason}"


def test_a_path_may_be_a_text(song_file: Path) -> None:
    assert read_with_report(str(song_file)).report.path == song_file


def test_a_damaged_file_is_salvaged_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(song_to_bytes(SONG)[:-6])
    songs, report = read_with_report(tmp_path / "a.mid")
    assert (len(songs), report.status) == (1, "salvaged")
    assert report.reason == "track 3 was read up to its first damaged event (it is cut off)"


def test_the_first_song_comes_with_word_of_damage_and_of_the_songs_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(song_to_bytes(SONG)[:-6])
    salvaged = str(take_first(read_with_report(tmp_path / "a.mid")).notices[0])
    assert salvaged.startswith("salvaged: track 3 was read up to")
    (tmp_path / "b.abc").write_text("X:1\nK:C\nCDEF|GABc|\n\nX:2\nK:C\ncBAG|FEDC|\n")
    first = take_first(read_with_report(tmp_path / "b.abc"))
    assert "songs in the file, of which the first is taken: 2" in map(str, first.notices)
    assert len(read_songs(tmp_path / "b.abc")) == 2
    assert read_songs(tmp_path / "b.abc")[0] == read_song(tmp_path / "b.abc")


def test_one_bad_file_does_not_stop_a_folder(song_file: Path) -> None:
    song_file.with_name("bad.mid").write_bytes(b"MThd")
    song_file.with_name("worse.mid").mkdir()
    (song_file.with_name("worse.mid") / "inside.mid").write_bytes(song_to_bytes(SONG)[:-6])
    reports = [read_with_report(path).report for path in find_songs(song_file.parent)]
    assert [report.status for report in reports] == ["ok", "rejected", "salvaged"]
    assert total(reports)[:4] == (3, 1, 1, 1)
    assert read_with_report(song_file.with_name("worse.mid")).report.reason == "it is a folder"


def test_a_file_of_several_tunes_has_one_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tune = parse_midi(song_to_bytes(SONG))
    silent = Source(tune.notes[:0], tune.tracks, tune.ticks_per_beat)
    monkeypatch.setattr(score_file, "parse_score", lambda data, kind: [tune, silent, tune])
    (tmp_path / "tunes.abc").write_text("X:1")
    songs, report = read_with_report(tmp_path / "tunes.abc")
    assert (len(songs), report.songs, report.notes, report.measures) == (2, 2, 8, 4)
    assert (report.meters, report.parts) == (("4/4", "3/4"), ("flute", "cello"))


def test_a_tune_that_cannot_be_laid_on_the_grid_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tune = parse_midi(song_to_bytes(SONG))
    notes = tune.notes.copy()
    notes["end"] = 2**40
    endless = Source(notes, tune.tracks, tune.ticks_per_beat)
    monkeypatch.setattr(score_file, "parse_score", lambda data, kind: [tune, endless])
    (tmp_path / "tunes.abc").write_text("X:1")
    songs, report = read_with_report(tmp_path / "tunes.abc")
    assert (len(songs), report.status) == (1, "ok")
    assert str(report.notices[0]).startswith("songs left out: 1 (it has ")


XML_NOTES = "".join(
    f"<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>1</duration></note>"
    for step in "CDE"
)
XML_PART = f"""<part-list><score-part id="P"/></part-list><part id="P"><measure>
<attributes><divisions>1</divisions></attributes>{XML_NOTES}</measure></part>"""


def test_a_score_is_read(tmp_path: Path) -> None:
    (tmp_path / "tune.abc").write_text("X:1\nT:Scale\nM:3/4\nL:1/4\nK:G\nGAB|cde|f3|\n")
    song, report = take_first(read_with_report(tmp_path / "tune.abc"))
    assert (song.title, song.meters, report.key) == ("Scale", (Meter(3, 4),) * 3, "G major")


@pytest.mark.parametrize("name", ["a.abc", "a.krn", "a.xml", "a.mxl"])
@pytest.mark.parametrize(
    "score",
    [
        pytest.param("%abc-2.1\n\nX: 1\nL:1/4\nK:C\nCDE|\n", id="abc"),
        pytest.param("!!!OTL: Air\n!! words\n**kern\n4c\n4d\n4e\n*-\n", id="humdrum"),
        pytest.param(f"<?xml version='1.0'?>\n<score-partwise>{XML_PART}</score-partwise>", id="musicxml"),
    ],
)
def test_a_score_of_another_kind_than_its_name_says_is_read(tmp_path: Path, name: str, score: str) -> None:
    (tmp_path / name).write_text(score)
    assert [*read_song(tmp_path / name).notes["pitch"]] == [60, 62, 64]


@pytest.mark.parametrize(
    "remarks", ["%% " * 20_000, "%" * 20_000, "!! " * 20_000, "!" * 20_000, " \n" * 20_000]
)
def test_remarks_without_end_take_no_long_time(remarks: str) -> None:
    before = time.process_time()
    bytes_to_sources(f"{remarks}\nX:1\nK:C\nC|\n".encode(), ".abc")
    assert time.process_time() - before < 2


@pytest.mark.parametrize("name", ["a.abc", "a.xml", "a.mxl", "a.krn", "a.musicxml"])
def test_a_score_of_nonsense_is_rejected(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(bytes(range(256)))
    assert read_with_report(tmp_path / name).report.status == "rejected"


def test_sources_are_what_the_file_says(song_file: Path, tmp_path: Path) -> None:
    sources, status, reason, _ = read_sources(song_file)
    assert ([len(source.notes) for source in sources], status, reason) == ([4], "ok", "")
    assert read_sources(tmp_path / "nowhere.mid") == (
        (),
        "rejected",
        "it cannot be opened: No such file or directory",
        None,
    )


def test_a_file_that_musicvae_wrote_is_known_by_the_same_reading(song_file: Path, tmp_path: Path) -> None:
    write_song(SONG, tmp_path / "own.mid", Provenance("musicvae generate own.mid", seed=3))
    assert read_sources(tmp_path / "own.mid").provenance == read_provenance(tmp_path / "own.mid")
    song_file.write_bytes(song_to_bytes(SONG))
    assert read_sources(song_file).provenance is None


@pytest.mark.corpora
def test_every_file_of_the_corpora_is_read(shared_corpora: Path) -> None:
    reports = [read_with_report(path).report for path in find_songs(shared_corpora / "freedoom")]
    assert len(reports) > 100
    assert {report.status for report in reports} == {"ok"}


def test_the_melody_may_be_named(song_file: Path) -> None:
    read = read_with_report(song_file, ensemble="melody", melody="cello")
    cello = SONG.notes["pitch"][SONG.notes["part"] == 1]
    assert read.songs[0].notes["pitch"].tolist() == cello.tolist()
    refused = read_with_report(song_file, ensemble="melody", melody="tuba").report
    assert refused.reason == "no track is called 'tuba': name one of 1 flute, 2 cello"
