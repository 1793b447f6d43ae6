from __future__ import annotations

import numpy as np

from musicvae.midi.reading.score_file import parse_score, parse_tune
from musicvae.midi.saving.source_musicxml import source_to_musicxml
from musicvae.midi.songs.song import Part
from musicvae.midi.songs.source import SOURCE_NOTE, Source

TUNE = """X:1
T:Words
M:3/4
L:1/8
Q:1/4=100
K:Em
E2|"Em"G2 (3ABc B/A/G|e6|]
w:A glo-ri-ous thing it is to say.
"""


def test_a_tune_is_the_same_as_musicxml() -> None:
    tune = parse_tune(TUNE)
    again = parse_score(source_to_musicxml(tune), "musicxml")[0]
    assert again.notes[["start", "end", "pitch", "track"]].tolist() == (
        tune.notes[["start", "end", "pitch", "track"]].tolist()
    )
    assert (again.title, again.key, again.meters, again.tempi) == (
        tune.title,
        tune.key,
        tune.meters,
        tune.tempi,
    )
    assert [lyric.text for lyric in again.lyrics] == [
        "A",
        "glo-",
        "ri-",
        "ous",
        "thing",
        "it",
        "is",
        "to",
        "say.",
    ]
    assert again.lyrics == tune.lyrics


def test_what_was_played_comes_to_sixteenths_and_triplets() -> None:
    notes = np.array([(3, 470, 60, 80, 0), (483, 955, 62, 80, 0)], SOURCE_NOTE)
    again = parse_score(source_to_musicxml(Source(notes, (Part("a"),), 480)), "musicxml")[0]
    assert (again.notes["start"] / again.ticks_per_beat).tolist() == [0, 1]
