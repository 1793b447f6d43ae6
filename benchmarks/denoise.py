"""How much of what went wrong with songs `denoise` puts right.

    python benchmarks/denoise.py folk --songs 60 --clean 20 --out benchmarks/denoise-folk.json
    python benchmarks/denoise.py chorales --songs 35 --clean 6 --out benchmarks/denoise-chorales.json
    python benchmarks/denoise.py folk --noise mix --songs 24 --clean 0 --out benchmarks/denoise-folk-mix.json

Of each unseen song a tenth of the notes is spoiled: half of these are dropped, the others moved, by 1 to 4
steps or by 1 to 4 semitones, at even odds; or by another noise (`figures.spoiling`). The songs are those that
`corpora.py` prepared, split by the same seed. `way` is how far notes came back, 0 for not at all and 1 for
wholly: (F1 after - F1 before) / (1 - F1 before). Some are denoised unspoiled too: what is changed there was
right.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np
import torch
from figures.script import name_machine, write_result
from figures.songs import make_corpus_parser, open_corpus, split_by_use, take_songs
from figures.spoiling import drop_and_move, mix

from musicvae.compose.denoise import denoise
from musicvae.core.model_store.model_folder import load_model
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.shipped import find_model
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.arranging.ensembles import arrange
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import Song

SPOILED = 0.1
NOISES = {"drop-and-move": drop_and_move, "mix": mix}


def main() -> None:
    arguments = _arguments()
    torch.set_num_threads(1)
    model = load_model(find_model(arguments.corpus), MUSIC_MODELS)
    songs = _test_songs(model, arguments)
    rng, spoil = np.random.default_rng(arguments.seed), NOISES[arguments.noise]
    spoiled = [arrange(spoil(song, SPOILED, rng), model.config.arrangement).song for song in songs]
    before = _agree(songs, spoiled)
    began = time.process_time()
    after = _agree(songs, _denoise_all(model, spoiled))
    seconds = time.process_time() - began
    clean = songs[: arguments.clean]
    kept = _agree(clean, _denoise_all(model, clean))
    result = {
        "command": " ".join(sys.argv),
        "seed": arguments.seed,
        "noise": arguments.noise,
        "machine": name_machine(1),
        "songs": len(songs),
        "measures": sum(song.measures for song in songs),
        "notes": sum(len(song.notes) for song in songs),
        "note_f1": {"before": before.note_f1, "after": after.note_f1},
        "onset_f1": {"before": before.onset_f1, "after": after.onset_f1},
        "way": (after.note_f1 - before.note_f1) / (1 - before.note_f1),
        "unspoiled": {"songs": len(clean), "note_f1": kept.note_f1 if clean else None},
        "cpu_seconds_a_measure": round(seconds / sum(song.measures for song in songs), 3),
    }
    write_result(result, arguments.out)


def _arguments() -> argparse.Namespace:
    parser = make_corpus_parser(__doc__)
    parser.add_argument("--noise", choices=NOISES, default="drop-and-move")
    parser.add_argument("--songs", type=int, default=60, help="unseen songs, drawn by the seed")
    parser.add_argument("--clean", type=int, default=20, help="of them, how many are denoised unspoiled too")
    return parser.parse_args()


def _test_songs(model: MeasureVAE, arguments: argparse.Namespace) -> list[Song]:
    """Return unseen songs, drawn by the seed."""
    store = open_corpus(arguments)
    test = split_by_use(store, arguments.seed).test
    drawn = np.random.default_rng(arguments.seed).permutation(test)[: arguments.songs]
    return take_songs(store, drawn, model.config)


def _denoise_all(model: MeasureVAE, songs: Sequence[Song]) -> list[Song]:
    denoised = []
    for number, song in enumerate(songs, start=1):
        denoised.append(denoise(model, song, SPOILED).song)
        print(f"{number} of {len(songs)}", file=sys.stderr, flush=True)
    return denoised


def _agree(songs: Sequence[Song], others: Sequence[Song]) -> Agreement:
    return sum((compare(song, other) for song, other in zip(songs, others, strict=True)), Agreement())


if __name__ == "__main__":
    main()
