from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from musicvae.midi.reading.file_report import FileReport, Totals, total

GOOD = FileReport(Path("a.mid"), "ok", songs=1, notes=10, measures=4, swing=0.6789)
BAD = FileReport(Path("b.mid"), "rejected", "no notes")
HALF = FileReport(Path("c.mid"), "salvaged", "track 1 has a false length", songs=2, notes=5, measures=3)


def test_music_swings_if_most_off_beats_do_and_its_beats_mean_something() -> None:
    assert GOOD.is_swung
    assert not replace(GOOD, swing=0.5).is_swung
    assert not replace(GOOD, free=True).is_swung


def test_totals_add_up_to_the_files_seen() -> None:
    assert total([GOOD, BAD, HALF, GOOD]) == Totals(
        4, ok=2, salvaged=1, rejected=1, songs=4, measures=11, notes=25
    )
    assert total([]) == Totals(0, 0, 0, 0, 0, 0, 0)
