from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import mido
import numpy as np
import pytest

from musicvae.errors import OutputError, SongError
from musicvae.midi.corpora.export import ExportOptions, choose_pieces, export_corpus, name_files
from musicvae.midi.corpora.pieces import Piece
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song
from musicvae.provenance import Provenance, read_provenance

JIG = "X:1\nT:{title}\nM:6/8\nL:1/8\nK:{key}\nCEG cGE|DFA dAF|EGB eBG|{{g}}c3 c3|]\n"
REEL = "X:1\nT:{title}\nM:4/4\nL:1/8\nK:{key}\nc2GE F2DB,|cGEC AFDB,|gece fdBG|c4 c4|]\n"
LAMENT = "X:1\nT:The Jig\nM:3/4\nL:1/4\nK:C\nAEA|cBA|GAB|e2E|dcB|AGE|EAB|A3|]\n"
UNBARRED = "X:1\nT:Unbarred\nM:4/4\nL:1/4\nK:C\nC3|D|E5|F|G3|]\n"


@pytest.fixture
def collections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in the place of music21's corpora, with a few tunes in it."""
    home = tmp_path / "corpora"
    tunes = {
        "ryansMammoth/a.abc": JIG.format(title="The Jig", key="C"),
        "ryansMammoth/b.abc": REEL.format(title="Wat:er -- REEL", key="C"),
        "oneills1850/a.abc": JIG.format(title="O’Jig", key="C") + "\n" + UNBARRED,
        "airdsAirs/a.abc": "X:1\nT:Empty\nK:C\n",
    }
    for name, text in tunes.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    monkeypatch.setattr("musicvae.midi.corpora.pieces.getCorpusFilePath", lambda: str(home))
    return home


def piece(meters: Sequence[Meter], title: str = "") -> Piece:
    song = Song(make_notes([(0, 1, 60, 80, 0)]), tuple(meters), (Part("melody"),), title=title)
    return Piece("ryan", song, np.zeros(0, dtype=np.uint64))


@pytest.mark.usefixtures("collections")
def test_every_tune_is_written_once_and_all_are_accounted_for(tmp_path: Path) -> None:
    report = export_corpus("folk", tmp_path / "out")
    assert [path.name for path in report.paths] == ["the-jig.mid", "water-reel.mid"]
    assert all(path.is_file() for path in report.paths)
    assert (report.read, report.duplicates, report.left_out) == (5, 1, 0)
    assert report.faults == (
        "oneill: Unbarred: its measures are not those of its meter",
        "aird: there are no notes in it",
    )


def test_collections_exported_together_have_a_sub_folder_each(collections: Path, tmp_path: Path) -> None:
    (collections / "oneills1850" / "b.abc").write_text(LAMENT)
    out = tmp_path / "out"
    report = export_corpus("folk", out)
    assert [path.relative_to(out).as_posix() for path in report.paths] == [
        "ryan/the-jig.mid",
        "ryan/water-reel.mid",
        "oneill/the-jig-2.mid",
    ]
    alone = export_corpus("oneill", tmp_path / "alone")
    assert {path.parent for path in alone.paths} == {tmp_path / "alone"}


@pytest.mark.usefixtures("collections")
def test_a_file_has_the_title_one_part_and_no_grace_notes(tmp_path: Path) -> None:
    export_corpus("ryan", tmp_path)
    midi = mido.MidiFile(tmp_path / "the-jig.mid")
    assert [track.name for track in midi.tracks] == ["The Jig", "melody"]
    assert sum(message.type == "note_on" for message in midi.tracks[1]) == 20
    assert mido.MidiFile(tmp_path / "water-reel.mid").tracks[0].name == "Water -- REEL"


@pytest.mark.usefixtures("collections")
def test_the_same_call_writes_the_same_bytes_over_its_own_files(tmp_path: Path) -> None:
    options = ExportOptions(provenance=Provenance("musicvae corpus export ryan"))
    first = [path.read_bytes() for path in export_corpus("ryan", tmp_path, options).paths]
    assert [path.read_bytes() for path in export_corpus("ryan", tmp_path, options).paths] == first
    told = read_provenance(tmp_path / "the-jig.mid")
    assert told is not None
    assert told.sources == ("ryan",)


@pytest.mark.usefixtures("collections")
def test_a_file_of_somebody_else_stays_and_nothing_is_written(tmp_path: Path) -> None:
    mine = tmp_path / "water-reel.mid"
    mine.write_text("my own")
    with pytest.raises(OutputError, match=r"water-reel\.mid exists"):
        export_corpus("ryan", tmp_path)
    assert mine.read_text() == "my own"
    assert not (tmp_path / "the-jig.mid").exists()
    export_corpus("ryan", tmp_path, ExportOptions(overwrite=True))
    assert mine.read_bytes().startswith(b"MThd")


@pytest.mark.usefixtures("collections")
def test_progress_ends_where_all_is_done(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    export_corpus("folk", tmp_path, on_progress=lambda *progress: told.append(progress))
    assert told[0] == ("reading", 0, 5)
    assert ("reading", 5, 5) in told
    assert told[-1] == ("writing", 2, 2)


def test_other_processes_can_read_the_chorales_of_music21(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musicvae.midi.corpora.export.find_batches", _two_chorales)
    with ProcessPoolExecutor(1) as executor:
        report = export_corpus("bach-chorales", tmp_path, executor=executor)
    assert [path.name for path in report.paths] == ["ermuntre-dich-mein-schwacher-geist-bwv-43-11.mid"]
    assert report.faults == ("bach-chorales: Chorale (BWV 846): it has 1 parts, not 4",)
    names = [track.name for track in mido.MidiFile(report.paths[0]).tracks[1:]]
    assert names == ["soprano", "alto", "tenor", "bass"]


def _two_chorales(collection: str) -> list[object]:
    from musicvae.midi.corpora.pieces import PieceBatch, find_batches

    [*paths] = [path for batch in find_batches(collection) for path in batch.contents]
    return [
        PieceBatch(collection, tuple(path for path in paths if path.endswith(("bwv43.11.mxl", "bwv846.mxl"))))
    ]


def test_an_unknown_corpus_is_refused_with_the_names_of_all(tmp_path: Path) -> None:
    with pytest.raises(SongError, match="no corpus 'mozart': choose one of bach-chorales, ryan"):
        export_corpus("mozart", tmp_path)


def test_a_music21_without_its_corpus_is_said(collections: Path, tmp_path: Path) -> None:
    (collections / "airdsAirs" / "a.abc").unlink()
    with pytest.raises(SongError, match="music21 is here without its corpus"):
        export_corpus("aird", tmp_path)


def test_a_limit_takes_all_meters_in_turn_and_well_barred_pieces_first() -> None:
    common, jig = Meter(4, 4), Meter(6, 8)
    rough = piece([jig, jig, jig, jig, Meter(5, 8)], "rough")
    pieces = [*(piece([common], f"reel {n}") for n in range(50)), rough, piece([jig], "jig")]
    chosen = [each.song.title for each in choose_pieces(pieces, 3, seed=1)]
    assert chosen[-1] == "jig"
    assert len(chosen) == 3
    assert all(title.startswith("reel") for title in chosen[:2])
    assert chosen == [each.song.title for each in choose_pieces(pieces, 3, seed=1)]
    assert chosen != [each.song.title for each in choose_pieces(pieces, 3, seed=2)]


def test_without_a_limit_every_piece_is_chosen() -> None:
    pieces = [piece([Meter()]), piece([Meter(3, 4)])]
    assert choose_pieces(pieces, None, seed=0) == pieces


def test_file_names_are_plain_short_and_all_different() -> None:
    titles = ["Größe & Süße!", "The Jig", "the jig", "The Jig 2", "The JIG", "", "道", "a" * 99]
    names = list(name_files(titles))
    assert names[:5] == [
        "grosse-susse.mid",
        "the-jig.mid",
        "the-jig-2.mid",
        "the-jig-2-2.mid",
        "the-jig-3.mid",
    ]
    assert names[5:] == ["untitled.mid", "untitled-2.mid", f"{'a' * 60}.mid"]
