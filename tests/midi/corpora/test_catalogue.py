from __future__ import annotations

from pathlib import Path

import pytest

from musicvae.midi.corpora.catalogue import CORPORA
from musicvae.midi.reading.reader import read_with_report
from musicvae.midi.reading.song_files import find_songs
from musicvae.provenance import read_provenance

STARTER_SONGS = Path(__file__).resolve().parents[3] / "midi_data"


def test_every_corpus_is_found_by_its_name() -> None:
    assert list(CORPORA) == ["bach-chorales", "ryan", "oneill", "aird", "folk"]
    assert all(corpus.name == name for name, corpus in CORPORA.items())


def test_folk_is_the_three_collections_with_each_tune_once() -> None:
    folk = CORPORA["folk"]
    assert folk.collections == ("ryan", "oneill", "aird")
    assert folk.pieces < sum(CORPORA[name].pieces for name in folk.collections)


def test_everything_is_in_the_public_domain() -> None:
    assert all(corpus.licence.startswith("public domain") for corpus in CORPORA.values())


@pytest.mark.parametrize(
    ("folder", "songs", "corpora", "parts"),
    [
        ("folk", 200, {("ryan",), ("oneill",), ("aird",)}, {("melody",)}),
        ("chorales", 60, {("bach-chorales",)}, {("soprano", "alto", "tenor", "bass")}),
    ],
)
def test_every_starter_song_can_be_read_and_says_where_it_is_from(
    folder: str, songs: int, corpora: set[tuple[str]], parts: set[tuple[str]]
) -> None:
    paths = find_songs(STARTER_SONGS / folder)
    reports = [read_with_report(path).report for path in paths]
    assert len(reports) == songs
    assert {report.status for report in reports} == {"ok"}
    assert {report.parts for report in reports} == parts
    told = [read_provenance(path) for path in paths]
    assert {provenance.sources for provenance in told if provenance} == corpora
    commands = {provenance.command for provenance in told if provenance}
    assert len(commands) == 1
    command = commands.pop().replace("OUT", f"midi_data/{folder}")
    assert command in (STARTER_SONGS / "README.md").read_text(encoding="utf-8")
