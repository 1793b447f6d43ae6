"""How loud samples are, and made to be: whole numbers of 16 bits, (frames, 2)."""

from __future__ import annotations

import numpy as np

FULL_SCALE = 32767
PEAK = round(FULL_SCALE * 10 ** (-1 / 20))  # -1 dB
_SILENT = 10 ** (-60 / 20)  # of the peak
_BLOCK = 1 << 20  # frames that are turned into others at once


def find_peak(samples: np.ndarray) -> int:
    """Return the largest deviation from silence."""
    return max(int(samples.max(initial=0)), -int(samples.min(initial=0)))


def cut_silence(samples: np.ndarray) -> np.ndarray:
    """Return the samples without the silence after the last of them that can be heard."""
    threshold = find_peak(samples) * _SILENT
    for end in range(len(samples), 0, -_BLOCK):
        block = samples[max(0, end - _BLOCK) : end]
        loud = np.flatnonzero((block.max(axis=1) > threshold) | (block.min(axis=1) < -threshold))
        if len(loud):
            return samples[: end - len(block) + int(loud[-1]) + 1]
    return samples[:0]


def raise_to_peak(samples: np.ndarray) -> np.ndarray:
    """Return the samples as loud as they may be: the peak is at -1 dB of full scale. Silence stays silent."""
    gain = np.float32(PEAK / max(1, find_peak(samples)))
    louder = np.empty_like(samples)
    for begin in range(0, len(samples), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        louder[block] = np.rint(samples[block] * gain)
    return louder
