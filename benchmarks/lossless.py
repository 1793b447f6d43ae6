"""How small whole files get, every note with its touch and timing, beside `xz -9` of the same notes.

    python benchmarks/lossless.py --corpora ../shared/corpora --files 6 --out benchmarks/lossless.json

Files of several corpora are compressed by each model that comes with musicvae, which expands and compares
them too. Bits a note are told apart: of what the model hears, of what it does not hear, of velocities and
timing. Beside them stands xz of a table of the notes: waits, lengths, pitches, velocities and tracks, column
by column.
"""

from __future__ import annotations

import lzma
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from figures.script import make_parser, name_machine, write_result

from musicvae.compose.compression.lossless import compress_whole
from musicvae.compose.compression.whole_music import WholeMusic
from musicvae.core.model_store.model_folder import load_model
from musicvae.errors import SongError
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.shipped import find_model
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.editing.whole_midi import read_whole
from musicvae.midi.reading.song_files import find_songs
from musicvae.midi.songs.source import Source

CORPORA = ("groove", "freedoom", "simutrans", "mutopia", "quartets")
MODELS = ("folk", "chorales")
_MOST_NOTES = 10_000  # of a file: longer ones would take their time


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--files", type=int, default=20, help="of each corpus")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    models = {name: load_model(find_model(name), MUSIC_MODELS) for name in MODELS}
    result: dict[str, object] = {"seed": arguments.seed, "machine": name_machine(1)}
    for name in CORPORA:
        sources = choose(arguments.corpora / name, arguments.files, arguments.seed)
        result[name] = {
            "files": len(sources),
            "notes": sum(len(source.notes) for source in sources),
            "xz_bits_a_note": round(bits_by_xz(sources), 2),
            **{model: measure(models[model], sources) for model in MODELS},
        }
        print(name, result[name], flush=True)
    write_result(result, arguments.out)


def choose(folder: Path, count: int, seed: int) -> list[Source]:
    """Return what some files say, drawn by the seed from those that can be read and are not too long."""
    files, sources = find_songs(folder), list[Source]()
    for index in np.random.default_rng(seed).permutation(len(files)):
        try:
            source = read_whole(files[index]).source
        except SongError:
            continue
        if len(source.notes) <= _MOST_NOTES:
            sources.append(source)
        if len(sources) == count:
            break
    return sources


def measure(model: MeasureVAE, sources: Sequence[Source]) -> dict[str, float]:
    """Return the bits a note that sources cost, by what they are spent on, and those of the whole files."""
    spent: Counter[str] = Counter()
    for source in sources:
        packed = compress_whole(model, WholeMusic(source))
        spent.update({**packed.bits._asdict(), "whole": 8 * len(packed.data)})
    notes = sum(len(source.notes) for source in sources)
    figures = {name: round(bits / notes, 2) for name, bits in spent.items()}
    return {**figures, "without touch": round((spent["heard"] + spent["rest"]) / notes, 2)}


def bits_by_xz(sources: Sequence[Source]) -> float:
    """Return the bits a note of the notes alone by xz, each file by itself as ours are."""
    size = sum(len(lzma.compress(_table(source), preset=9 | lzma.PRESET_EXTREME)) for source in sources)
    return 8 * size / sum(len(source.notes) for source in sources)


def _table(source: Source) -> bytes:
    notes = source.notes
    waits = np.diff(notes["start"], prepend=0)
    columns = (waits, notes["end"] - notes["start"], notes["pitch"], notes["velocity"], notes["track"])
    return b"".join(column.astype(np.uint32).tobytes() for column in columns)


if __name__ == "__main__":
    main()
