from __future__ import annotations

from collections.abc import Callable

import torch

from musicvae.core.training.threads import TRIED_FOR, TRY_EVERY, ThreadChoice, one_thread


def test_threads_are_given_back() -> None:
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def take(choice: ThreadChoice, steps: int, seconds: Callable[[int, bool, int], float]) -> list[int]:
    """Return the threads of some steps; `seconds` is of threads, whether they are new, and the step."""
    choice.most = 8
    taken = [choice.most]
    for step in range(steps):
        taken.append(choice.at(step))
        choice.took(taken[-1], seconds(taken[-1], taken[-1] != taken[-2], step))
    return taken[1:]


def test_a_training_takes_as_many_threads_as_are_quickest() -> None:
    def seconds(threads: int, is_new: bool, step: int) -> float:
        # Another program comes halfway, and threads begin to wait for each other.
        return {1: 2.0, 8: 1.0 if step < 2 * TRY_EVERY else 6.0}[threads]

    taken = take(ThreadChoice(), 4 * TRY_EVERY, seconds)
    assert taken[: TRIED_FOR + 1] == [*[1] * TRIED_FOR, 8]
    assert set(taken[TRIED_FOR:TRY_EVERY]) == {8}
    assert set(taken[-TRY_EVERY + TRIED_FOR :]) == {1}


def test_a_way_is_not_thought_slow_for_its_first_step() -> None:
    def seconds(threads: int, is_new: bool, step: int) -> float:
        busy = TRY_EVERY // 2 < step < 3 * TRY_EVERY // 4  # for a while, so that one thread is taken
        return {1: 2.0, 8: 9.0 if busy else 1.0}[threads] + (7.0 if is_new else 0.0)

    taken = take(ThreadChoice(), 3 * TRY_EVERY, seconds)
    assert 1 in taken[TRIED_FOR:TRY_EVERY]
    assert set(taken[TRY_EVERY + TRIED_FOR : 2 * TRY_EVERY]) == {8}


def test_a_trial_goes_one_way_to_its_end() -> None:
    taken = take(ThreadChoice(), 2 * TRY_EVERY, lambda threads, is_new, step: {1: 1.0, 8: 2.0}[threads])
    assert taken[TRY_EVERY : TRY_EVERY + TRIED_FOR] == [8] * TRIED_FOR


def test_one_thread_stays_one() -> None:
    choice = ThreadChoice()
    choice.most = 1
    assert {choice.at(step) for step in range(2 * TRY_EVERY)} == {1}
