from __future__ import annotations

import numpy as np

from musicvae.measures.data.alphabet import Alphabet

TWO = Alphabet(parts=2)


def test_held_notes_come_before_onsets_and_no_more_comes_last() -> None:
    part, pitch = np.array([0, 1, 0, 1]), np.array([0, 127, 0, 127])
    assert TWO.symbols(part, pitch, np.array([1, 1, 0, 0])).tolist() == [0, 255, 256, 511]
    assert (TWO.lanes, TWO.end, TWO.size) == (256, 512, 513)


def test_every_symbol_tells_its_part_and_pitch() -> None:
    symbol = np.arange(TWO.end)
    held = (symbol < TWO.lanes).astype(int)
    np.testing.assert_array_equal(TWO.symbols(TWO.part(symbol), TWO.pitch(symbol), held), symbol)
