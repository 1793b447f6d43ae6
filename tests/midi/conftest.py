"""Songs drawn at random, for the tests of pairs of inverse functions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import strategies as st

from musicvae.midi.songs.notes import make_notes, tidy_notes
from musicvae.midi.songs.song import Grid, Marker, Meter, Part, Song, Tempo

METERS = [Meter(4, 4), Meter(3, 4), Meter(2, 2), Meter(6, 8), Meter(5, 4), Meter(7, 8), Meter(1, 4)]
PARTS = [Part("melody", 73), Part("drums", 0, is_drums=True), Part("bass", 33), Part("Melodía", 40)]


@st.composite
def _songs(draw: st.DrawFn) -> Song:
    grid = Grid(draw(st.sampled_from([1, 2, 4, 6, 7, 12, 96])))
    meters = draw(st.lists(st.sampled_from([m for m in METERS if m.fits(grid)]), min_size=1, max_size=6))
    parts = draw(st.permutations(PARTS))[: draw(st.integers(1, len(PARTS)))]
    steps = sum(meter.steps(grid) for meter in meters)
    note = st.tuples(
        st.integers(0, steps - 1),
        st.integers(1, min(steps, 5 * grid.steps_per_beat)),
        st.sampled_from([0, 36, 60, 61, 127]),  # few, so that pitches are struck again and held
        st.integers(1, 127),
        st.integers(0, len(parts) - 1),
    )
    notes = make_notes(draw(st.lists(note, max_size=40)))
    notes["length"] = np.minimum(notes["length"], steps - notes["start"])
    change = draw(st.integers(1, max(1, steps - 1)))
    return Song(
        tidy_notes(notes),
        tuple(meters),
        tuple(parts),
        grid,
        tempi=draw(st.sampled_from([(), (Tempo(0, 90.0), Tempo(change, 140.5)), (Tempo(change, 60.0),)])),
        markers=draw(st.sampled_from([(), (Marker(0, "A"), Marker(steps, "end"))])),
        title=draw(st.sampled_from(["", "O’Neill’s Março"])),
    )


@pytest.fixture(scope="session")
def random_songs() -> st.SearchStrategy[Song]:
    """Return songs of any meters, parts and grid, with repeated, held and doubled notes."""
    return _songs()


def _framed(song: Song) -> Song:
    """Return the song after two long measures, with a note at either end."""
    before = (Meter(5, 4), Meter(5, 4))
    shift = sum(meter.steps(song.grid) for meter in before)
    notes = song.notes.copy()
    notes["start"] += shift
    ends = make_notes([(0, 1, 72, 80, 0), (shift + song.steps - 1, 1, 74, 80, 0)])
    tempi = tuple(Tempo(shift + step, bpm) for step, bpm in song.tempi if step < song.steps)
    return replace(song, notes=np.concatenate([ends, notes]), meters=before + song.meters, tempi=tempi)


@pytest.fixture(scope="session")
def framed_songs() -> st.SearchStrategy[Song]:
    """Return songs from which a reader has no silence to cut off, and no pick-up to fill up."""
    return _songs().map(_framed)
