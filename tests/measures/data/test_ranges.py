from __future__ import annotations

import torch

from musicvae.measures.data.ranges import concat_ranges


def test_runs_are_counted_one_after_another() -> None:
    owner, number = concat_ranges(torch.tensor([2, 0, 3]))
    assert owner.tolist() == [0, 0, 2, 2, 2]
    assert number.tolist() == [0, 1, 0, 1, 2]


def test_no_runs_have_no_numbers() -> None:
    assert [len(column) for column in concat_ranges(torch.empty(0, dtype=torch.long))] == [0, 0]
