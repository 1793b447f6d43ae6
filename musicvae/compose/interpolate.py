"""From one song to another through the latent space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from musicvae.compose.paths import slerp
from musicvae.measures.coding import encode_songs, write_songs
from musicvae.measures.model import MeasureVAE
from musicvae.measures.note_sampling import GREEDY
from musicvae.midi.song import Meter, Song, Tempo


class Interpolation(NamedTuple):
    """Songs from A to B, a title for each, and in short phrases what was done to make them meet."""

    songs: tuple[Song, ...]
    titles: tuple[str, ...]
    notices: tuple[str, ...]


class _Pair(NamedTuple):
    """Two songs side by side: as many codes, meters and measures each."""

    a_codes: Tensor  # (N, Z)
    b_codes: Tensor  # (N, Z)
    a_meters: tuple[Meter, ...]
    b_meters: tuple[Meter, ...]
    notices: tuple[str, ...]


def interpolate(
    model: MeasureVAE, a: Song, b: Song, steps: int = 7, measures: int | None = None
) -> Interpolation:
    """Return A's reconstruction, songs between, and B's reconstruction.

    Parameters
    ----------
    model : MeasureVAE
    a, b : Song
        In the model's grid and parts, of any length and meter. The one with fewer measures is
        stretched over the other by repetition; a song between has the meters of A until the middle
        of the way, then of B.
    steps : int
        Songs between the two ends.
    measures : int, optional
        Take only this many measures from the beginning of each.
    """
    pair = _pair(model, a, b, measures)
    weights = torch.linspace(0, 1, steps + 2)
    codes = [
        slerp(pair.a_codes, pair.b_codes, weight.expand(len(pair.a_codes)))
        for weight in weights.to(pair.a_codes)
    ]
    meters = [pair.a_meters if weight < 0.5 else pair.b_meters for weight in weights]
    parts = [a.parts if weight < 0.5 else b.parts for weight in weights]
    songs = write_songs(model, meters, GREEDY, codes, parts)
    timed = [_at_tempo(song, a, b, float(weight)) for song, weight in zip(songs, weights, strict=True)]
    titles = ["A", *(f"{float(weight):.0%} B" for weight in weights[1:-1]), "B"]
    return Interpolation(tuple(timed), tuple(titles), pair.notices)


def morph(model: MeasureVAE, a: Song, b: Song, measures: int | None = None) -> Interpolation:
    """Return one song that begins as A and turns into B measure by measure."""
    pair = _pair(model, a, b, measures)
    count = len(pair.a_codes)
    weights = torch.linspace(0, 1, count) if count > 1 else torch.tensor([0.5])
    meters = [
        ours if weight < 0.5 else theirs
        for ours, theirs, weight in zip(pair.a_meters, pair.b_meters, weights.tolist(), strict=True)
    ]
    codes = slerp(pair.a_codes, pair.b_codes, weights.to(pair.a_codes))
    [song] = write_songs(model, [meters], GREEDY, [codes], [a.parts])
    return Interpolation((_at_tempo(song, a, b, 0.5),), ("A to B",), pair.notices)


def _pair(model: MeasureVAE, a: Song, b: Song, measures: int | None) -> _Pair:
    if measures is not None:
        a, b = a.opening(measures), b.opening(measures)
    count = max(a.measures, b.measures)
    a_codes, b_codes = encode_songs(model, [a, b])
    notices = []
    if a.measures != b.measures:
        short, long = ("A", "B") if a.measures < b.measures else ("B", "A")
        notices.append(
            f"{short} is repeated over the {count} measures of {long} (it has {min(a.measures, b.measures)})"
        )
    if set(a.meters) != set(b.meters):
        notices.append(f"meters: of A ({_names(a.meters)}) until the middle, then of B ({_names(b.meters)})")
    a_index, b_index = (torch.arange(count, device=a_codes.device) % song.measures for song in (a, b))
    return _Pair(
        a_codes[a_index],
        b_codes[b_index],
        tuple(a.meters[index] for index in a_index.tolist()),
        tuple(b.meters[index] for index in b_index.tolist()),
        tuple(notices),
    )


def _names(meters: Sequence[Meter]) -> str:
    return ", ".join(dict.fromkeys(str(meter) for meter in meters))


def _at_tempo(song: Song, a: Song, b: Song, weight: float) -> Song:
    """Play a song between two others at a tempo between theirs."""
    return replace(song, tempi=(Tempo(0, a.bpm ** (1 - weight) * b.bpm**weight),))
