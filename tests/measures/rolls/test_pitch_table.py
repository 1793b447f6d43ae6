from __future__ import annotations

import torch

from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.rolls.pitch_table import RollDrawer, RollReader
from musicvae.midi.songs.pianoroll import PLANES


def one_cell(parts: int, row: int, pitch: int) -> torch.Tensor:
    cells = torch.zeros(PLANES * parts, 128)
    cells[row, pitch] = 1
    return cells.flatten()


def test_a_pitch_is_known_alike_in_all_parts_and_planes() -> None:
    reader = RollReader(Alphabet(2), hidden=8)
    with torch.no_grad():  # parts and planes that weigh alike
        reader.mix.weight.copy_(reader.mix.weight[:, :48].repeat(1, 4))
    read = [reader(one_cell(2, row, 60)) for row in range(4)]
    for other in read[1:]:
        torch.testing.assert_close(other, read[0])
    assert not torch.allclose(reader(one_cell(2, 0, 61)), read[0], atol=1e-3)


def test_every_cell_has_a_logit_and_most_are_off_at_first() -> None:
    torch.manual_seed(0)
    drawn = RollDrawer(Alphabet(2), hidden=8)(torch.randn(5, 3, 8))
    assert drawn.shape == (5, 3, PLANES * 2 * 128)
    assert (drawn < 0).float().mean() > 0.95
