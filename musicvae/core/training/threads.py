"""How many threads torch takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

TRY_EVERY = 64  # steps between trials of the other way
TRIED_FOR = 3  # steps, of which the first is slow whichever way it goes: threads and kernels are made anew
_SHARE = 0.3  # of the last step in the mean


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep torch to one thread while the block runs.

    Writing music takes thousands of small products, one after another. Threads help little with
    them, and where other programs are busy they wait for each other a hundred times longer.
    """
    with _threads(1):
        yield


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let torch take so many threads while the block runs."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class ThreadChoice:
    """How many threads a training takes: all or one, whichever is quicker at present.

    Beside other programs threads wait for each other: on two cores, one of them busy, two threads were three
    times slower than one. So the other way is tried now and then, and the quicker one is kept.
    """

    def __init__(self) -> None:
        self.most = torch.get_num_threads()
        self._seconds: dict[int, float] = {}  # a step of each way, when it was last gone
        self._tried = self._last = 0  # threads of the last trial, and of the last step
        self._is_new = False  # whether no step of this way has been timed yet since it was taken

    def at(self, step: int) -> int:
        """Return how many threads a step takes."""
        quickest = min((self.most, 1), key=lambda threads: self._seconds.get(threads, 0.0))
        if step % TRY_EVERY == 0:
            self._tried = self.most if quickest == 1 else 1
        return self._tried or quickest if step % TRY_EVERY < TRIED_FOR else quickest

    def took(self, threads: int, seconds: float) -> None:
        """Take in how long a step took, unless it was the first of its way."""
        if threads != self._last:
            self._last, self._is_new = threads, True
            return
        before = seconds if self._is_new else self._seconds[threads]
        self._seconds[threads] = before + _SHARE * (seconds - before)
        self._is_new = False

    @contextmanager
    def for_step(self, step: int) -> Iterator[None]:
        """Set threads while a step runs, and learn how long it takes."""
        threads, began = self.at(step), time.perf_counter()
        with _threads(threads):
            yield
        self.took(threads, time.perf_counter() - began)
