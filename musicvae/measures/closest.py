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

from musicvae.measures.hints import exact
from musicvae.measures.note_writing import GREEDY, Draw
from musicvae.measures.writing import Way, Writing

# The squared distance of a code from its reading's posterior mean, in variances, on average over the
# coordinates, below which the reading is the measure that was meant: another differs by 1 or so.
NEAR = 0.02
READINGS = 32  # of a measure whose likeliest one is not near
AT_ONCE = 256  # readings drawn side by side: it bounds the memory


def find_closest(
    writing: Writing, songs: Sequence[int], code: Tensor, generator: torch.Generator | None = None
) -> dict[int, Way]:
    """Return for each of some songs the way to go on that reads most like its code.

    Parameters
    ----------
    writing : Writing
    songs : sequence of int
    code : Tensor, shape (songs of the writing, Z)
        Of the next measure of each.
    generator : torch.Generator, optional
        Of the readings that are drawn; left out, they are the same every time.
    """
    if not songs:
        return {}
    generator = generator or torch.Generator().manual_seed(0)
    ways, far = _read(writing, songs, code, GREEDY)
    best = dict(zip(songs, zip(far, ways, strict=True), strict=True))
    doubtful = [song for song in songs if best[song][0] > NEAR]
    fewer = AT_ONCE // READINGS
    for first in range(0, len(doubtful), fewer):
        often = [song for song in doubtful[first : first + fewer] for _ in range(READINGS)]
        ways, far = _read(writing, often, code, Draw(1.0, generator))
        for song, distance, way in zip(often, far, ways, strict=True):
            if distance < best[song][0]:
                best[song] = (distance, way)
    return {song: way for song, (_, way) in best.items()}


def _read(writing: Writing, songs: Sequence[int], code: Tensor, draw: Draw) -> tuple[list[Way], list[float]]:
    """Return a reading of the next measure of songs, one as often as it is named, and how far each is off."""
    copy, wanted = writing.select(songs), code[list(songs)]
    copy.write(exact(wanted), draw)
    every = range(len(songs))
    posterior = copy.posterior(every, [writing.at] * len(songs))
    far = ((wanted - posterior.mean).square() / posterior.log_var.exp()).mean(1)
    return [Way(copy, row) for row in every], far.tolist()
