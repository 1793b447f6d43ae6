"""Other processes to read files with."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from musicvae.errors import SongError

if TYPE_CHECKING:
    from concurrent.futures import Executor

FEW_FILES = 100  # read sooner than a process has started


@contextmanager
def reading_processes(files: int) -> Iterator[Executor | None]:
    """Yield an executor with a process for each core, or None where that would not pay.

    Raises
    ------
    SongError
        If a process dies.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    cores = _count_cores()
    executor: Executor | None = None
    if files >= FEW_FILES and cores > 1:
        # Spawned, since forking a process that has threads, as torch starts them, may hang.
        # Interrupts are left to the parent.
        ignoring = signal.signal, (signal.SIGINT, signal.SIG_IGN)
        executor = ProcessPoolExecutor(cores, get_context("spawn"), *ignoring)
    try:
        yield executor
    except BrokenProcessPool as error:
        raise SongError(
            "a process that read songs died, perhaps for want of memory: try fewer songs, or look for the one"
            " at fault by `musicvae inspect`"
        ) from error
    finally:
        if executor is not None:
            executor.shutdown(cancel_futures=True)


def _count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
