from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import mido
import numpy as np
import pytest

from musicvae.errors import SongError
from musicvae.measures.data.store import store_to_song
from musicvae.measures.preparing import prepare as module
from musicvae.measures.preparing.prepare import PrepareOptions, prepare
from musicvae.measures.preparing.prepared import Prepared
from musicvae.midi.arranging.ensembles import Ensemble, find_ensemble
from musicvae.midi.arranging.seats import VACANT
from musicvae.midi.reading.file_report import total
from musicvae.midi.reading.reader import FileSources, read_sources
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import FINE_GRID, Grid, Meter, Part, Song
from musicvae.provenance import Provenance

MELODY = PrepareOptions("melody", Grid(4))


def write_tune(path: Path, *pitches: int, measures: int = 2) -> None:
    """Write a song of quarter notes in 3/4."""
    rows = [(4 * beat, 4, pitches[beat % len(pitches)], 80, 0) for beat in range(3 * measures)]
    write_song(
        Song(make_notes(rows), (Meter(3, 4),) * measures, (Part("flute", 73),), Grid(4)), path, overwrite=True
    )


def write_free_playing(path: Path) -> None:
    """Write 200 notes that follow no beat."""
    track = mido.MidiTrack()
    gaps = np.random.default_rng(0).integers(150, 900, 200)
    for gap in gaps.tolist():
        track.append(mido.Message("note_on", note=60, velocity=80, time=gap - 100))
        track.append(mido.Message("note_off", note=60, time=100))
    mido.MidiFile(tracks=[track]).save(path)


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    """Return a folder of five files: three tunes, one broken, one played without a click."""
    folder = tmp_path / "songs"
    (folder / "deeper").mkdir(parents=True)
    write_tune(folder / "a.mid", 60, 64, 67)
    write_tune(folder / "b.mid", 72, measures=4)
    write_tune(folder / "deeper" / "c.mid", 50, 52)
    (folder / "broken.mid").write_bytes(b"MThd\0\0\0\6 no music")
    write_free_playing(folder / "free.mid")
    return folder


def assert_same(one: Prepared, other: Prepared) -> None:
    assert one.choice == other.choice
    assert one.reports == other.reports
    assert (one.store.titles, one.store.styles) == (other.store.titles, other.store.styles)
    for name in ("columns", "note_offsets", "song_offsets", "meter", "key", "style"):
        np.testing.assert_array_equal(getattr(one.store, name), getattr(other.store, name))


def test_the_songs_of_a_folder_become_measures(songs: Path) -> None:
    store, choice, _, reused = prepare([songs], MELODY)
    assert (store.songs, store.measures) == (3, 2 + 4 + 2)
    assert (choice.grid, choice.ensemble, reused) == (Grid(4), find_ensemble("melody"), False)
    first = store_to_song(store, 0, choice.ensemble.parts, choice.grid)
    assert first.notes["pitch"].tolist() == [60, 64, 67, 60, 64, 67]
    assert first.meters == (Meter(3, 4),) * 2


def test_songs_without_titles_are_called_by_their_files(songs: Path) -> None:
    assert prepare([songs], MELODY).store.titles == ("a.mid", "b.mid", "c.mid")


def test_every_file_has_its_report_and_the_reports_add_up(songs: Path) -> None:
    prepared = prepare([songs], MELODY)
    names = [report.path.name for report in prepared.reports]
    assert names == ["a.mid", "b.mid", "broken.mid", "c.mid", "free.mid"]
    totals = total(prepared.reports)
    assert (totals.seen, totals.ok, totals.rejected) == (5, 3, 2)
    assert (totals.songs, totals.measures) == (prepared.store.songs, prepared.store.measures)


def test_playing_without_a_click_is_left_out_unless_it_is_asked_for(songs: Path) -> None:
    left_out = prepare([songs], MELODY).reports[4]
    assert (left_out.status, left_out.songs) == ("rejected", 0)
    assert left_out.reason == "played without a click, so its beats mean nothing: keep it by --free-timing"
    kept = prepare([songs], PrepareOptions("melody", Grid(4), free_timing=True))
    assert kept.reports[4].status == "ok"
    assert kept.store.songs == 4


def test_files_and_folders_may_be_named_together_and_none_comes_twice(songs: Path) -> None:
    prepared = prepare([songs / "b.mid", songs / "deeper", songs / "b.mid"], MELODY)
    assert [report.path.name for report in prepared.reports] == ["b.mid", "c.mid"]


def test_there_are_as_many_seats_as_the_songs_need(songs: Path) -> None:
    choice = prepare([songs], PrepareOptions()).choice
    assert choice == (FINE_GRID, Ensemble("seats", (VACANT,)))
    asked_for = prepare([songs], PrepareOptions("piano", Grid(12))).choice
    assert asked_for == (Grid(12), find_ensemble("piano"))


def test_songs_in_triplets_and_in_sixteenths_share_the_fine_grid(tmp_path: Path) -> None:
    for name, per_beat in (("hornpipe", 3), ("reel", 4)):
        notes = make_notes([(step, 1, 60 + step % 12, 80, 0) for step in range(4 * per_beat)])
        write_song(
            Song(notes, (Meter(4, 4),), (Part("fiddle", 40),), Grid(per_beat)), tmp_path / f"{name}.mid"
        )
    store, choice, *_ = prepare([tmp_path], PrepareOptions())
    hornpipe, reel = (store_to_song(store, song, choice.ensemble.parts, choice.grid) for song in range(2))
    assert hornpipe.notes["start"].tolist() == list(range(0, 96, 8))
    assert reel.notes["start"].tolist() == list(range(0, 96, 6))


def test_progress_is_told_up_to_the_last_file(songs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FILES_A_TASK", 2)
    told: list[tuple[int, int]] = []
    prepare([songs], MELODY, on_progress=lambda done, files: told.append((done, files)))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_nothing_to_prepare_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SongError, match="no songs under"):
        prepare([tmp_path], MELODY)


def test_parts_that_nobody_knows_are_refused() -> None:
    with pytest.raises(ValueError, match="parts must be auto, melody, .*; got 'choir'"):
        PrepareOptions("choir")


# ---- by several workers


@pytest.fixture(params=["threads", "processes"])
def executor(request: pytest.FixtureRequest) -> Executor:
    if request.param == "threads":
        return ThreadPoolExecutor(2)
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def test_workers_prepare_what_one_process_does(
    songs: Path, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILES_A_TASK", 2)
    with executor:
        assert_same(prepare([songs], MELODY, executor=executor), prepare([songs], MELODY))


# ---- kept for the next time


def test_prepared_measures_are_used_again_while_nothing_changed(songs: Path, tmp_path: Path) -> None:
    first, again = (prepare([songs], MELODY, tmp_path / "kept") for _ in range(2))
    assert (first.reused, again.reused) == (False, True)
    assert_same(first, again)
    assert isinstance(again.store.columns, np.memmap)


@pytest.mark.parametrize("change", ["touched", "rewritten", "added", "removed"])
def test_prepared_measures_are_made_anew_when_a_file_changed(
    songs: Path, tmp_path: Path, change: str
) -> None:
    prepare([songs], MELODY, tmp_path / "kept")
    if change == "touched":
        os.utime(songs / "a.mid", (1, 1))
    elif change == "rewritten":
        write_tune(songs / "a.mid", 40, measures=5)
    elif change == "added":
        write_tune(songs / "z.mid", 40)
    else:
        (songs / "a.mid").unlink()
    again = prepare([songs], MELODY, tmp_path / "kept")
    assert not again.reused
    assert_same(again, prepare([songs], MELODY))


def test_prepared_measures_are_made_anew_when_something_else_is_asked_for(
    songs: Path, tmp_path: Path
) -> None:
    prepare([songs], MELODY, tmp_path / "kept")
    assert not prepare([songs], PrepareOptions("piano", Grid(4)), tmp_path / "kept").reused


@pytest.mark.parametrize("name", ["measures.safetensors", "index.json"])
@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"garbage!garbage!"])
def test_damaged_measures_are_made_anew(songs: Path, tmp_path: Path, name: str, data: bytes) -> None:
    first = prepare([songs], MELODY, tmp_path / "kept")
    (tmp_path / "kept" / name).write_bytes(data)
    again = prepare([songs], MELODY, tmp_path / "kept")
    assert not again.reused
    assert_same(first, again)


def test_nothing_is_kept_of_songs_that_gave_no_measures(songs: Path, tmp_path: Path) -> None:
    prepare([songs / "broken.mid"], MELODY, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


# ---- styles


def test_the_sub_folder_of_a_song_is_its_style(songs: Path) -> None:
    (songs / "airs" / "slow").mkdir(parents=True)
    write_tune(songs / "airs" / "slow" / "d.mid", 65)
    store = prepare([songs], MELODY).store  # a, airs/slow/d, b, deeper/c
    assert store.styles == ("airs", "deeper")
    assert store.style.tolist() == [0, 1, 0, 2]


def test_songs_of_several_paths_are_the_same_files_of_other_styles(songs: Path, tmp_path: Path) -> None:
    (songs / "airs").mkdir()
    write_tune(songs / "airs" / "d.mid", 65)
    together = prepare([songs], MELODY, tmp_path / "kept")
    each = [file for file in sorted(songs.iterdir()) if file.is_file()]
    apart = prepare([*each, songs / "airs", songs / "deeper"], MELODY, tmp_path / "kept")
    assert not apart.reused
    assert (together.store.styles, apart.store.styles) == (("airs", "deeper"), ())
    assert together.store.songs == apart.store.songs


def test_a_folder_without_a_song_that_can_be_read_is_no_style(songs: Path) -> None:
    for name in ("airs", "broken"):
        (songs / name).mkdir()
        write_tune(songs / name / "d.mid", 65)
    (songs / "broken" / "d.mid").write_bytes(b"no music")
    assert prepare([songs], MELODY).store.styles == ("airs", "deeper")


# ---- musicvae's own works


def test_what_musicvae_wrote_itself_is_not_learned_from(tmp_path: Path) -> None:
    notes = make_notes([(0, 4, 60, 80, 0)])
    tune = Song(notes, (Meter(),), (Part("melody"),))
    write_song(tune, tmp_path / "song.mid", Provenance("musicvae corpus export folk FOLDER"))
    write_song(tune, tmp_path / "copy.mid", Provenance("musicvae reconstruct song.mid"))
    prepared = prepare([tmp_path], PrepareOptions("melody", Grid(4)))
    assert prepared.store.songs == 1
    assert [(report.path.name, report.status) for report in prepared.reports] == [
        ("copy.mid", "rejected"),
        ("song.mid", "ok"),
    ]


def test_own_works_have_no_say_in_the_parts(songs: Path) -> None:
    rows = [(step, 1, pitch, 80, 0) for step in range(16) for pitch in (60, 64, 67)]
    chords = Song(make_notes(rows), (Meter(),), (Part("piano"),), Grid(4))
    for number in range(9):
        write_song(chords, songs / f"out-{number}.mid", Provenance("musicvae generate out.mid"))
    assert prepare([songs], PrepareOptions()).choice.ensemble.parts == (VACANT,)


def test_own_works_alone_are_nothing_to_learn_from(tmp_path: Path) -> None:
    tune = Song(make_notes([(0, 4, 60, 80, 0)]), (Meter(),), (Part("melody"),))
    write_song(tune, tmp_path / "out.mid", Provenance("musicvae generate out.mid"))
    with pytest.raises(SongError, match="every file there was written by musicvae itself"):
        prepare([tmp_path], PrepareOptions())


def test_every_file_is_opened_once(songs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def read(file: Path) -> FileSources:
        opened.append(file.name)
        return read_sources(file)

    monkeypatch.setattr(module, "read_sources", read)
    prepare([songs], MELODY)
    assert opened == ["a.mid", "b.mid", "broken.mid", "c.mid", "free.mid"]
