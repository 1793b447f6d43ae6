from __future__ import annotations

import os
from concurrent.futures.process import BrokenProcessPool

import pytest

from musicvae.errors import SongError
from musicvae_cli.shell import workers
from musicvae_cli.shell.workers import reading_processes


def test_few_files_are_read_without_other_processes() -> None:
    with reading_processes(3) as executor:
        assert executor is None


def test_many_files_are_read_by_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_count_cores", lambda: 2)
    with reading_processes(1000) as executor:
        assert executor is not None
        assert executor.submit(os.getpid).result() != os.getpid()


def test_a_process_that_dies_is_told_in_a_sentence() -> None:
    with pytest.raises(SongError, match="a process that read songs died"), reading_processes(1):
        raise BrokenProcessPool
