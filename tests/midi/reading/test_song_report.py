from __future__ import annotations

from pathlib import Path

import numpy as np

from musicvae.midi.reading.file_report import FileReport
from musicvae.midi.reading.laid_songs import LaidSource, LaidSources, lay_sources
from musicvae.midi.reading.quantise import quantise
from musicvae.midi.reading.song_report import report_songs, tell_first
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Grid, Meter, Part, Song
from musicvae.midi.songs.source import SOURCE_NOTE, Lyric, Source

TRACKS = (Part("flute", 73), Part("cello", 42))
SONG = Song(make_notes([(0, 4, 84, 80, 0), (0, 16, 48, 80, 1)]), (Meter(4, 4),), TRACKS, Grid(4))
SOURCE = Source(np.array([(0, 96, 84, 80, 0), (0, 384, 48, 80, 1)], SOURCE_NOTE), TRACKS, 96)


def lay(*lost: tuple[Notice, ...]) -> LaidSources:
    """Return songs of which something was left out each."""
    return LaidSources(tuple(LaidSource(SOURCE, quantise(SOURCE, Grid(4)), SONG, each) for each in lost), ())


def test_notices_of_all_songs_are_told_once_with_their_sums() -> None:
    file = FileReport(Path("a.abc"), "ok", notices=(Notice("songs left out", 1, ("no notes",)),))
    laid = lay((Notice("graces", 2, ("x",)),), (Notice("graces", 3),))
    report = report_songs(file, laid, Grid(4)).report
    assert report.notices == (Notice("songs left out", 1, ("no notes",)), Notice("graces", 5, ("x",)))


def test_a_report_has_the_figures_of_all_songs_and_each_name_once() -> None:
    report = report_songs(FileReport(Path("a.abc"), "ok"), lay((), ()), Grid(4)).report
    assert (report.songs, report.notes, report.measures) == (2, 4, 2)
    assert (report.meters, report.parts, report.melody) == (("4/4",), ("flute", "cello"), "flute")


def test_whoever_takes_the_first_song_hears_of_damage_and_of_the_others() -> None:
    report = FileReport(Path("a.abc"), "salvaged", "it is cut off", songs=3)
    assert [*map(str, tell_first(report))] == [
        "salvaged: it is cut off",
        "songs in the file, of which the first is taken: 3",
    ]
    assert tell_first(FileReport(Path("a.abc"), "ok", songs=1)) == ()


def test_songs_that_cannot_be_laid_are_told_and_a_file_of_no_others_is_rejected() -> None:
    file = FileReport(Path("a.abc"), "ok")
    some = report_songs(file, lay(())._replace(refusals=("no notes",)), Grid(4))
    assert some.report.notices == (Notice("songs left out", 1, ("no notes",)),)
    none = report_songs(file, LaidSources((), ("no notes",)), Grid(4))
    assert (none.songs, none.report.status, none.report.reason) == ((), "rejected", "no notes")


def test_the_melody_is_a_track_of_the_file_however_few_parts_it_is_arranged_for() -> None:
    tracks = tuple(Part(name) for name in ("a", "b", "c", "d", "e", "words"))
    rows = [(96 * beat, 96 * beat + 96, 60 + track, 80, track) for beat in range(8) for track in range(6)]
    lyrics = tuple(Lyric(96 * beat, "la", 5) for beat in range(8))
    source = Source(np.array(rows, SOURCE_NOTE), tracks, 96, lyrics=lyrics)
    laid = lay_sources([source], Grid(4), "voices")
    assert report_songs(FileReport(Path("a.mid"), "ok"), laid, Grid(4)).report.melody == "words"
