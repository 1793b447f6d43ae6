"""Rows of numbers -> one number each, the same on every machine."""

from __future__ import annotations

import numpy as np


def hash_rows(rows: np.ndarray) -> np.ndarray:
    """Return a hash of each row, by the mixing steps of splitmix64 (Steele et al. 2014).

    Parameters
    ----------
    rows : np.ndarray of uint64, shape (rows, columns)

    Returns
    -------
    np.ndarray of uint64, shape (rows,)
    """
    hashes = np.zeros(len(rows), dtype=np.uint64)
    for column in rows.T:
        hashes = (hashes ^ column) + np.uint64(0x9E3779B97F4A7C15)
        hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        hashes ^= hashes >> np.uint64(31)
    return hashes
