"""How small songs get that a model never saw, beside `xz -9` of the same notes.

    python benchmarks/squeeze.py folk     --songs 100 --out benchmarks/squeeze-folk.json
    python benchmarks/squeeze.py chorales --songs 35  --out benchmarks/squeeze-chorales.json

The songs are the test songs of `corpora.py` (prepared there, split by the same seed), or as many of them as
`--songs` says, drawn by the seed. Each is compressed without loss, which expands and compares it too. What is
set against it is what xz makes of a plain table of the notes of all test songs together, in several layouts:
with all songs in one archive it can learn from song to song, which we do not. Then as many as `--coded` says
are compressed by their codes, in steps of several sizes.
"""

from __future__ import annotations

import argparse
import lzma
import math
import sys
import time
from collections.abc import Sequence

import numpy as np
import torch
from figures.script import name_machine, numbers, write_result
from figures.songs import make_corpus_parser, open_corpus, split_by_use, take_songs

from musicvae.compose.compression.lossless import compress_whole
from musicvae.compose.compression.squeeze import compress
from musicvae.compose.compression.whole_music import take_whole
from musicvae.core.compression.packet import bytes_to_packet
from musicvae.core.model_store.model_folder import load_model
from musicvae.measures.data.noisy_codes import absent
from musicvae.measures.data.song_batch import group_by_length, songs_to_batch
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.shipped import find_model
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import Song

MEASURES_AT_ONCE = 256


def main() -> None:
    arguments = _arguments()
    torch.set_num_threads(1)
    model = load_model(find_model(arguments.model or arguments.corpus), MUSIC_MODELS)
    store = open_corpus(arguments)
    every = take_songs(store, split_by_use(store, arguments.seed).test, model.config)
    order = np.random.default_rng(arguments.seed).permutation(len(every))
    chosen = [every[index] for index in order[: arguments.songs]]
    tables = {name: round(size * 8 / _notes(every), 3) for name, size in sizes_by_xz(every).items()}
    lossless = squeeze_notes(model, chosen)
    result = {
        "command": " ".join(sys.argv),
        "machine": name_machine(1),
        "seed": arguments.seed,
        "test_songs": len(every),
        "test_notes": _notes(every),
        "xz_bits_a_note_all_test_songs": tables,
        "information_bits_a_note": {
            "all test songs": round(information(model, every) / _notes(every), 3),
            "those compressed": round(information(model, chosen) / _notes(chosen), 3),
        },
        "lossless": lossless,
        "times_smaller": {
            name: round(bits / lossless["notes_bits_a_note"], 2) for name, bits in tables.items()
        },
        "times_smaller_with_meters_titles_and_all": {
            name: round(bits / lossless["file_bits_a_note"], 2) for name, bits in tables.items()
        },
        "by_codes": [squeeze_codes(model, chosen[: arguments.coded], step) for step in arguments.steps],
    }
    write_result(result, arguments.out)


def _arguments() -> argparse.Namespace:
    parser = make_corpus_parser(__doc__)
    parser.add_argument("--model", help="a folder or a name; the shipped model of the corpus if left out")
    parser.add_argument("--songs", type=int, default=100, help="compressed without loss")
    parser.add_argument("--coded", type=int, default=12, help="of these, compressed by their codes")
    parser.add_argument("--steps", type=numbers, default=(0.5, 1.0, 1.5), help="of codes")
    return parser.parse_args()


def _notes(songs: Sequence[Song]) -> int:
    return sum(len(song.notes) for song in songs)


def sizes_by_xz(songs: Sequence[Song]) -> dict[str, int]:
    """Return the bytes of all songs' notes by xz, for each lay-out of the table."""
    tables = [_table(song) for song in songs]
    every = np.concatenate(tables)
    starts = [
        np.column_stack([song.notes["start"], table[:, 1:]])
        for song, table in zip(songs, tables, strict=True)
    ]
    layouts = {
        "text, starts": "\n".join(map(_text, starts)).encode(),
        "text, waits": "\n".join(map(_text, tables)).encode(),
        "bytes, note by note": every.astype(np.uint8).tobytes(),
        "bytes, column by column": every.T.astype(np.uint8).tobytes(),
        "bytes, column by column in each song": b"".join(
            table.T.astype(np.uint8).tobytes() for table in tables
        ),
    }
    assert every.max() < 256
    presets = (9, 9 | lzma.PRESET_EXTREME)
    return {
        name: min(len(lzma.compress(data, preset=preset)) for preset in presets)
        for name, data in layouts.items()
    }


def _table(song: Song) -> np.ndarray:
    """Return a row for each note: steps since the one before, length, pitch, and the part if that varies."""
    notes = song.notes
    columns = [np.diff(notes["start"], prepend=0), notes["length"], notes["pitch"]]
    return np.column_stack(columns + [notes["part"]] * (len(song.parts) > 1)).astype(np.int64)


def _text(table: np.ndarray) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in table.tolist())


@torch.inference_mode()
def information(model: MeasureVAE, songs: Sequence[Song]) -> float:
    """Return how many bits songs' notes are by the decoder's likelihood, without codes, key or style."""
    nats = 0.0
    for group in group_by_length([song.measures for song in songs], MEASURES_AT_ONCE):
        batch = songs_to_batch([songs[index] for index in group], model.config)
        nothing = torch.zeros(len(batch.layout.measure_steps), model.config.code_size)
        nats -= float(model.decoder.log_prob(batch, absent(nothing))[batch.layout.exists].double().sum())
    return nats / math.log(2)


def squeeze_notes(model: MeasureVAE, songs: Sequence[Song]) -> dict[str, float]:
    """Compress songs note for note."""
    began, payload, whole = time.perf_counter(), 0.0, 0
    for number, song in enumerate(songs, 1):
        packed = compress_whole(model, take_whole(song), model_name="model")
        payload += packed.bits.heard / 8
        whole += len(packed.data)
        print(f"{number} songs, {8 * payload / _notes(songs[:number]):.3f} bits a note", flush=True)
    measures = sum(song.measures for song in songs)
    return {
        "songs": len(songs),
        "measures": measures,
        "notes": _notes(songs),
        "notes_bits_a_note": round(8 * payload / _notes(songs), 3),
        "notes_bytes_a_measure": round(payload / measures, 3),
        "file_bits_a_note": round(8 * whole / _notes(songs), 3),
        "file_bytes_a_measure": round(whole / measures, 3),
        "seconds_a_measure": round((time.perf_counter() - began) / measures, 3),
    }


def squeeze_codes(model: MeasureVAE, songs: Sequence[Song], step: float) -> dict[str, float]:
    """Compress songs by their codes."""
    same, payload, whole = Agreement(), 0, 0
    for song in songs:
        packed = compress(model, song, step=step, model_name="model")
        same += compare(song, packed.copy)
        payload += len(bytes_to_packet(packed.data).payload)
        whole += len(packed.data)
    measures = sum(song.measures for song in songs)
    figures = {
        "step": step,
        "songs": len(songs),
        "codes_bytes_a_measure": round(payload / measures, 2),
        "file_bytes_a_measure": round(whole / measures, 2),
        "bits_a_note": round(8 * payload / _notes(songs), 2),
        "onset_f1": round(same.onset_f1, 4),
        "note_f1": round(same.note_f1, 4),
    }
    print(figures, flush=True)
    return figures


if __name__ == "__main__":
    main()
