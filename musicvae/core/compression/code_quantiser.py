"""Codes -> whole numbers -> bytes, and back: what is lost is told by one step size.

Conventions
-----------
- Codes (N, Z) are rounded to multiples of the step. They are told by range coding under Gaussians around 0,
  integrated over each rounding cell: one for each coordinate, whose width follows from the rows told before.
- A row that is the same as one of the last LAGS rows is told by how far back it lies: music repeats.
- What comes back is the middle of a cell. The mean of the Gaussian over it is nearer to 0 and, on average,
  to the code; but decoders of measures made less of it (note F1 0.86 for 0.90, at a step of 1.5).
- Steps are counted in 1/STEPS_TO_ONE, so that their size takes a byte or two to tell.

Nothing depends on who made the codes, so those of measures and of pictures are told alike. For codes of a
VAE a step of about three times the posterior's standard deviation adds as much noise as the decoder was
trained to bear.
"""

from __future__ import annotations

import math

import constriction
import numpy as np
import torch
from torch import Tensor

from musicvae.core.compression.byte_fields import FieldReader, FieldWriter, damaged
from musicvae.core.compression.range_coding import RangeReader, RangeWriter
from musicvae.core.compression.whole_probabilities import to_whole
from musicvae.errors import PacketError

STEPS_TO_ONE = 64
LAGS = 64
_FURTHEST = 4095  # steps from 0
_WIDTHS_TO_DOUBLING, _NARROWEST = 16, 4  # widths are told from 2^-4 steps on, 16 to a doubling
_PATIENCE = 3.0  # rows that the width of all coordinates counts for in that of one
_NEW_ROW, _LAG = 2.0, 0.05  # what rows count for before any is told
_NARROWEST_CELLS = 0.01  # squared
_CELLS = constriction.stream.model.QuantizedGaussian(-_FURTHEST, _FURTHEST)


def step_to_size(step: float) -> int:
    """Return a step as it is told: the nearest multiple of 1 / STEPS_TO_ONE, 1 or more."""
    return max(1, round(step * STEPS_TO_ONE))


def codes_to_bytes(codes: Tensor, step: float) -> bytes:
    """Return codes rounded by a step as bytes.

    Parameters
    ----------
    codes : Tensor, shape (N, Z)
    step : float
        Taken as `step_to_size` tells it.

    Raises
    ------
    PacketError
        If the step is too small to tell codes as large as these.
    """
    size = step_to_size(step)
    whole = np.rint(codes.double().cpu().numpy() * (STEPS_TO_ONE / size))
    if not np.all(np.abs(whole) <= _FURTHEST):
        raise PacketError(f"codes lie too far out to be told in steps of {step:g}: take a larger step")
    rows = whole.astype(np.int32)
    width = _tell_width(rows)
    fields, writer, past = FieldWriter(), RangeWriter(), _Past(rows.shape[1], _width(width))
    fields.number(size)
    fields.number(width)
    for row in rows:
        lag = past.find(row)
        writer.write(lag, past.lags())
        if not lag:
            writer.write_many(row, _CELLS, *past.gaussians())
        past.take_up(row, lag)
    return fields.data + writer.to_bytes()


def bytes_to_codes(data: bytes, count: int, latent: int) -> Tensor:
    """Return the codes that bytes tell, float32, shape (N, Z): each within half a step of what it was.

    Parameters
    ----------
    data : bytes
    count, latent : int
        N and Z.

    Raises
    ------
    PacketError
        If no codes can be told by these bytes.
    """
    fields = FieldReader(data)
    size, width = fields.number(1 << 32), fields.number(_WIDTHS_TO_DOUBLING * 16)
    if not size:
        raise damaged()
    reader, past = RangeReader(fields.rest()), _Past(latent, _width(width))
    codes = np.zeros((count, latent))
    for number in range(count):
        lag = reader.read(past.lags())
        row = past.again(lag) if lag else reader.read_many(_CELLS, *past.gaussians())
        past.take_up(row, lag)
        codes[number] = row
    return torch.from_numpy(codes * (size / STEPS_TO_ONE)).float()


class _Past:
    """What the rows told so far say of the next one."""

    def __init__(self, latent: int, width: float) -> None:
        self._rows: list[bytes] = []
        self._squares = np.full(latent, _PATIENCE * width * width)
        self._told = _PATIENCE
        self._lags = np.full(1 + LAGS, _LAG)
        self._lags[0] = _NEW_ROW

    def gaussians(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the means and widths of the coordinates' Gaussians, in steps, each of shape (Z,)."""
        # Rounding itself spreads what is told by a twelfth (Sheppard's correction).
        widths = np.sqrt(np.maximum(self._squares / self._told - 1 / 12, _NARROWEST_CELLS))
        return np.zeros_like(widths), widths

    def lags(self) -> np.ndarray:
        """Return how likely the next row is a new one, and how likely the same as each before it."""
        return to_whole(torch.from_numpy(self._lags[: len(self._rows) + 1]).log())

    def find(self, row: np.ndarray) -> int:
        """Return how far back the same row lies, 0: nowhere."""
        own = row.tobytes()
        return next((lag for lag, told in enumerate(reversed(self._rows), 1) if told == own), 0)

    def again(self, lag: int) -> np.ndarray:
        """Return the row that lies so far back."""
        return np.frombuffer(self._rows[-lag], np.int32)

    def take_up(self, row: np.ndarray, lag: int) -> None:
        """Learn from a row."""
        self._rows = [*self._rows, row.tobytes()][-LAGS:]
        self._lags[lag] += 1
        if not lag:
            self._squares += row.astype(np.float64) ** 2
            self._told += 1


def _tell_width(rows: np.ndarray) -> int:
    """Return the width of all coordinates together as it is told: in small steps of its logarithm."""
    width = math.sqrt(np.mean(rows.astype(np.float64) ** 2)) if rows.size else 0.0
    doublings = math.log2(max(width, 2.0**-_NARROWEST)) + _NARROWEST
    return round(doublings * _WIDTHS_TO_DOUBLING)


def _width(told: int) -> float:
    return float(2 ** (told / _WIDTHS_TO_DOUBLING - _NARROWEST))
