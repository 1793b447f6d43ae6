"""Say a measure back as its code says, and check it: analysis by synthesis.

The code of a measure tells more of it than its likeliest reading, note by note, brings out: one early slip
and the rest follows it. But whatever was written can be encoded again, and what encodes to the code that it
was written from is the measure that was meant. So a reading that does not is drawn anew, many times side
by side, and the one under whose posterior the code is likeliest is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from musicvae.core.categorical import GREEDY, Draw
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.writing.coding import encode_written
from musicvae.measures.writing.side_by_side import Continuation, Writing

# The squared distance of a code from its reading's posterior mean, in variances, on average over the
# coordinates, below which the reading is the measure that was meant: another differs by 1 or so.
NEAR = 0.02
READINGS = 32  # of a measure whose likeliest one is not near


def find_closest(writing: Writing, songs: Sequence[int], code: Tensor) -> dict[int, Continuation]:
    """Return for each of some songs the way to go on that reads most like its code.

    It is the same every time, whatever songs are written beside it.

    Parameters
    ----------
    writing : Writing
    songs : sequence of int
    code : Tensor, shape (songs of the writing, Z)
        Of the next measure of each.
    """
    if not songs:
        return {}
    ways, far = _read(writing, songs, code, GREEDY)
    closest = dict(zip(songs, ways, strict=True))
    for song, distance in zip(songs, far, strict=True):
        if distance > NEAR:
            draw = Draw(1.0, torch.Generator().manual_seed(writing.at))
            others, how_far = _read(writing, [song] * READINGS, code, draw)
            best = min(range(READINGS), key=how_far.__getitem__)
            if how_far[best] < distance:
                closest[song] = others[best]
    return closest


def _read(
    writing: Writing, songs: Sequence[int], code: Tensor, draw: Draw
) -> tuple[list[Continuation], list[float]]:
    """Return a reading of the next measure of songs, one as often as it is named, and how far each is off."""
    wanted = code[list(songs)]
    read, every = writing.select(songs).write(exact(wanted), draw), range(len(songs))
    posterior = encode_written(read, every, [writing.at] * len(songs))
    far = ((wanted - posterior.mean).square() / posterior.log_var.exp()).mean(1)
    return [Continuation(read, row) for row in every], far.tolist()
