"""From one song to another through the latent space."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from musicvae.compose.options import PathOptions
from musicvae.compose.performance.script import Script, perform
from musicvae.core.paths import slerp
from musicvae.measures.data.noisy_codes import noise_to_freedom
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing.coding import encode_songs
from musicvae.midi.arranging.seats import is_vacant
from musicvae.midi.songs.song import Meter, Part, Song, Tempo


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
    a_parts: tuple[Part, ...]
    b_parts: tuple[Part, ...]
    notices: tuple[str, ...]


def interpolate(
    model: MeasureVAE,
    a: Song,
    b: Song,
    options: PathOptions = PathOptions(),  # noqa: B008 (immutable)
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> Interpolation:
    """Return A's reconstruction, songs between, and B's reconstruction.

    Parameters
    ----------
    model : MeasureVAE
    a, b : Song
        In the model's grid and parts, of any length and meter. The one with fewer measures is
        stretched over the other by repetition; a song between has the meters of A until the middle
        of the way, then of B.
    options : PathOptions
    on_progress : callable
        As in `perform`.
    """
    pair = _pair(model, a, b, options.measures)
    weights = _weights(options)
    songs = perform(model, _scripts(model, pair, options), on_progress=on_progress)
    timed = [
        replace(_at_tempo(song, a, b, weight), parts=(a if weight < 0.5 else b).parts)
        for song, weight in zip(songs, weights, strict=True)
    ]
    titles = ["A", *(f"{weight:.0%} B" for weight in weights[1:-1]), "B"]
    turn = ("instruments: of A until the middle, then of B",) * (_list_players(a) != _list_players(b))
    return Interpolation(tuple(timed), tuple(titles), pair.notices + turn)


def path(model: MeasureVAE, a: Song, b: Song, options: PathOptions) -> list[Script]:
    """Return the scripts of the songs that `interpolate` returns."""
    return _scripts(model, _pair(model, a, b, options.measures), options)


def morph(
    model: MeasureVAE,
    a: Song,
    b: Song,
    options: PathOptions = PathOptions(),  # noqa: B008 (immutable)
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> Interpolation:
    """Return one song that begins as A and turns into B measure by measure, played by A's instruments."""
    pair = _pair(model, a, b, options.measures)
    count = len(pair.a_codes)
    weights = np.linspace(0, 1, count) if count > 1 else np.array([0.5])
    meters = tuple(
        ours if weight < 0.5 else theirs
        for ours, theirs, weight in zip(pair.a_meters, pair.b_meters, weights, strict=True)
    )
    codes = _between(model, pair, torch.from_numpy(weights))
    natural = _natural(model, options)
    freedom = np.array([_freedom(weight, natural) for weight in weights])
    script = Script(
        SongOutline(meters, parts=_union(a.parts, b.parts)), freedom, codes, noise=0.0, closely=natural > 0
    )
    [song] = perform(model, [script], on_progress=on_progress)
    kept = ("instruments: of A throughout, and of B where A has none",) * (
        _list_players(a) != _list_players(b)
    )
    return Interpolation((_at_tempo(song, a, b, 0.5),), ("A to B",), pair.notices + kept)


def _weights(options: PathOptions) -> list[float]:
    """Return how far along the way each song lies, 0 to 1."""
    return torch.linspace(0, 1, options.steps + 2).tolist()


def _scripts(model: MeasureVAE, pair: _Pair, options: PathOptions) -> list[Script]:
    natural, count, scripts = _natural(model, options), len(pair.a_codes), []
    for weight in _weights(options):
        codes = _between(model, pair, torch.full((count,), weight))
        meters, parts = (pair.a_meters, pair.a_parts) if weight < 0.5 else (pair.b_meters, pair.b_parts)
        outline = SongOutline(meters, parts=parts)
        freedom = np.full(count, _freedom(weight, natural))
        scripts.append(Script(outline, freedom, codes, noise=0.0, closely=weight in (0, 1)))
    return scripts


def _between(model: MeasureVAE, pair: _Pair, weights: Tensor) -> Tensor:
    """Return the codes at a share of the way of each measure, (N, Z): each seat's goes its own way."""
    seats = model.config.codes_a_measure
    a, b = (codes.unflatten(1, (seats, -1)) for codes in (pair.a_codes, pair.b_codes))
    return slerp(a, b, weights.to(a).unsqueeze(1).expand(-1, seats)).flatten(1)


def _union(a: Sequence[Part], b: Sequence[Part]) -> tuple[Part, ...]:
    """Return who plays in either of two songs: A's parts, and those of B at seats where none of A's sits."""
    return tuple(theirs if is_vacant(ours) else ours for ours, theirs in zip(a, b, strict=True))


def _natural(model: MeasureVAE, options: PathOptions) -> float:
    """Return how free the middle is: not at all for a decoder that hears nothing and has but the code."""
    return options.natural if model.decoder.hears_song else 0.0


def _freedom(weight: float, natural: float) -> float:
    """Return how free a song is at this share of the way: most in the middle, not at all at the ends."""
    return noise_to_freedom(natural) * math.sin(math.pi * weight) if 0 < weight < 1 else 0.0


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
        a.parts,
        b.parts,
        tuple(notices),
    )


def _list_players(song: Song) -> list[tuple[int, bool]]:
    """Return the instrument of each part, apart from its name."""
    return [(part.program, is_vacant(part)) for part in song.parts]


def _names(meters: Sequence[Meter]) -> str:
    return ", ".join(dict.fromkeys(str(meter) for meter in meters))


def _at_tempo(song: Song, a: Song, b: Song, weight: float) -> Song:
    """Play a song between two others at a tempo between theirs."""
    return replace(song, tempi=(Tempo(0, a.bpm ** (1 - weight) * b.bpm**weight),))
