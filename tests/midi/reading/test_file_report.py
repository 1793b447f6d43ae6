from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from musicvae.midi.reading.file_report import FileReport, Totals, total

GOOD = FileReport(
    Path("a.mid"),
    "ok",
    songs=1,
    notes=10,
    measures=4,
    meters=("4/4", "3/4"),
    key="G major",
    tempo=120.004,
    off_grid=0.1234,
    swing=0.6789,
)
BAD = FileReport(Path("b.mid"), "rejected", "no notes")
HALF = FileReport(Path("c.mid"), "salvaged", "track 1 has a false length", songs=2, notes=5, measures=3)


def test_a_report_is_an_object_for_json() -> None:
    assert json.loads(json.dumps(GOOD.to_json())) == {
        "path": "a.mid",
        "status": "ok",
        "reason": "",
        "notices": [],
        "songs": 1,
        "notes": 10,
        "measures": 4,
        "meters": ["4/4", "3/4"],
        "key": "G major",
        "tempo": 120.0,
        "parts": [],
        "melody": "",
        "off_grid": 0.123,
        "swing": 0.679,
    }


def test_music_swings_if_most_off_beats_do_and_its_beats_mean_something() -> None:
    assert GOOD.is_swung
    assert not replace(GOOD, swing=0.5).is_swung
    assert not replace(GOOD, free=True).is_swung


def test_totals_add_up_to_the_files_seen() -> None:
    assert total([GOOD, BAD, HALF, GOOD]) == Totals(
        4, ok=2, salvaged=1, rejected=1, songs=4, measures=11, notes=25
    )
    assert total([]) == Totals(0, 0, 0, 0, 0, 0, 0)
