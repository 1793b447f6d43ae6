from __future__ import annotations

import torch

from musicvae.core.training.threads import TRIED_FOR, TRY_EVERY, ThreadChoice, one_thread


def test_threads_are_given_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_a_training_takes_as_many_threads_as_are_quickest() -> None:
    choice = ThreadChoice()
    choice.most = 8
    taken = []
    for step in range(4 * TRY_EVERY):
        taken.append(choice.at(step))
        # Another program comes halfway, and threads begin to wait for each other.
        choice.took(taken[-1], {1: 2.0, 8: 1.0 if step < 2 * TRY_EVERY else 6.0}[taken[-1]])
    assert taken[: TRIED_FOR + 1] == [1, 8, 8]
    assert set(taken[TRIED_FOR:TRY_EVERY]) == {8}
    assert set(taken[-TRY_EVERY + TRIED_FOR :]) == {1}


def test_one_thread_stays_one() -> None:
    choice = ThreadChoice()
    choice.most = 1
    assert {choice.at(step) for step in range(2 * TRY_EVERY)} == {1}
