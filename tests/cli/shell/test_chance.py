from __future__ import annotations

import torch

from musicvae_cli.shell.chance import choose_seed, make_generator


def test_a_seed_is_taken_as_given_or_drawn() -> None:
    assert choose_seed(0) == 0
    assert len({choose_seed(None) for _ in range(4)}) > 1


def test_the_same_seed_draws_the_same() -> None:
    first, again = (torch.rand(3, generator=make_generator(7)) for _ in range(2))
    assert torch.equal(first, again)
