"""`musicvae evaluate`: what a model is worth on songs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import musicvae_cli.shell.options as options
from musicvae.errors import SongError
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.prepared_songs import prepare_songs, say_refusals
from musicvae_cli.shell.console import print_json, print_table, say

if TYPE_CHECKING:
    from musicvae.measures.data.config import MeasureVAEConfig
    from musicvae.midi.likeness.tune_index import TuneIndex
    from musicvae.midi.songs.song import Song

LEARNED = 0.9  # share of n-grams from which on a song is one of those learned from, or a copy of it


def evaluate(
    songs: options.Songs,
    model: options.Model = None,
    free_timing: options.FreeTiming = False,
    as_json: options.AsJson = False,
) -> None:
    """Measure how well a model says SONGS back. And how likely it finds them."""
    with open_model(model) as (network, _, _, tunes):
        from musicvae.evaluate.music.model_card import name_scores
        from musicvae.evaluate.music.reconstruction import evaluate as score

        known = _read_known(songs, network.config, free_timing)
        say(f"scoring {len(known)} songs")
        scores = score(network, known)
    learned = None if tunes is None else _count_learned(known, tunes)
    if learned:
        say(
            f"warning: the model was trained on {learned} of these {len(known)} songs, or on copies of them:"
            " how well it knows others, these scores do not say"
        )
    if as_json:
        print_json({**scores._asdict(), "learned": learned})
    else:
        counts = [("songs", f"{scores.songs:,}"), ("measures", f"{scores.measures:,}")]
        print_table(("", ""), [*counts, *name_scores(scores)], numbers=(1,))


def _count_learned(songs: list[Song], tunes: TuneIndex) -> int:
    """Return how many of the songs a model was trained on."""
    found = [tunes.nearest(song) for song in songs]
    return sum(near is not None and near.share >= LEARNED for near in found)


def _read_known(paths: list[Path], config: MeasureVAEConfig, free_timing: bool) -> list[Song]:
    """Return the songs that the model can read, in its grid and parts."""
    from musicvae.measures.data.prepare import PrepareOptions
    from musicvae.measures.data.store import store_to_song

    prepared = prepare_songs(paths, PrepareOptions(config.ensemble, config.steps_per_beat, free_timing))
    say_refusals(prepared.reports)
    store = prepared.store
    songs = [store_to_song(store, index, config.parts, config.grid) for index in range(store.songs)]
    known = [song for song in songs if all(map(config.can_read, set(song.meters)))]
    if len(known) < len(songs):
        say(f"left out: {len(songs) - len(known)} songs with measures longer than the model's longest")
    if not known:
        raise SongError("there is no song here that the model can read: name others")
    return known
