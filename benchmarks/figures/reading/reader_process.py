"""A reader in a process of its own, which may die or be given up without harm.

Other readers have been seen to abort and to hang; musicvae runs under the same conditions.
"""

from __future__ import annotations

import multiprocessing
import re
from importlib import import_module
from multiprocessing.connection import Connection
from typing import NamedTuple

from figures.reading.heard import Heard

LIMIT_S = 600.0  # for a piece, on a machine that may be busy
_START_S = 300.0  # to import what the reader needs

_NEW = multiprocessing.get_context("spawn")


class Refusal(NamedTuple):
    """Why a reader has read nothing."""

    why: str


class ReaderProcess:
    """A module of this folder that reads one kind of file by its `read_KIND(bytes)`, and has a `version()`.

    Parameters
    ----------
    module : str
        Its name.
    kind : str
    """

    def __init__(self, module: str, kind: str) -> None:
        self._module, self._kind = module, kind
        self._start()

    def read(self, data: bytes) -> Heard | Refusal:
        """Return what the reader hears in a piece, or why it hears nothing."""
        try:
            self._pipe.send_bytes(data)
            if self._pipe.poll(LIMIT_S):
                return self._pipe.recv()
            why = f"gave no answer in {LIMIT_S:.0f} s"
        except (EOFError, OSError):
            self._process.join()
            why = f"the process died ({self._process.exitcode})"
        self.close()
        self._start()
        return Refusal(why)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _start(self) -> None:
        self._pipe, theirs = _NEW.Pipe()
        self._process = _NEW.Process(target=_serve, args=(theirs, self._module, self._kind), daemon=True)
        self._process.start()
        theirs.close()
        self.version: str = self._take_version()

    def _take_version(self) -> str:
        try:
            if self._pipe.poll(_START_S):
                return self._pipe.recv()
        except EOFError:
            pass
        raise SystemExit(f"{self._module} did not start: see what it says above, or try it by itself")


def _serve(pipe: Connection, module: str, kind: str) -> None:
    reader = import_module(f"figures.reading.{module}")
    read = getattr(reader, f"read_{kind}")
    pipe.send(reader.version())
    while True:
        try:
            data = pipe.recv_bytes()
        except EOFError:
            return
        try:
            pipe.send(read(data))
        except Exception as error:  # noqa: BLE001 (whatever a reader's parser meets)
            pipe.send(Refusal(_name(error)))


def _name(error: Exception) -> str:
    first = (str(error).strip().splitlines() or [""])[0]
    told = re.sub(r"/\S*/", "", first)  # no folder that is there for this run alone
    return f"{type(error).__name__}: {told[:150]}"
