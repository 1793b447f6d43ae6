"""Write the bass or the drums of eight measures anew, in bands that a model never saw, beside two plain ways.

    python benchmarks/accompany.py --corpora ../shared/corpora --out benchmarks/accompany.json

The model is that of `bands.py`, in its work folder, and the songs are those that it did not learn from. All
other parts are given, and what the part itself played in the sixteen measures before. The plain ways: what
the part played in the eight measures before comes again; and the part of the eight measures in all songs
learned from whose other parts are most alike (by onsets of pitch classes and of drums).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from figures.script import make_parser, name_machine, write_result
from figures.songs import split_by_use, take_songs

from musicvae.compose.accompany import accompany
from musicvae.compose.infill import Gap
from musicvae.compose.options import InfillOptions
from musicvae.core.model_store.model_folder import load_model
from musicvae.evaluate.music.statistics import scale_consistency
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.preparing.prepare import PrepareOptions, prepare
from musicvae.midi.arranging.seats import is_vacant
from musicvae.midi.likeness.agreement import Agreement, compare
from musicvae.midi.songs.song import Meter, Song

GAMES = ("freedoom", "simutrans")
BEFORE, NEW, AFTER = 16, 8, 8  # measures
METER = Meter(4, 4)


class Case(NamedTuple):
    """A stretch of a song, and the part of which the measures of a gap are written anew."""

    song: Song
    part: int


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("benchmarks/work"))
    parser.add_argument("--model", type=Path, help="the model, if it lies elsewhere")
    parser.add_argument("--most", type=int, default=50, help="stretches with bass, and as many with drums")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(arguments.model or arguments.work / "bands-auto-model", MUSIC_MODELS)
    games = [arguments.corpora / game for game in GAMES]
    store = prepare(games, PrepareOptions(), arguments.work / "bands-auto-prepared").store
    uses = split_by_use(store, arguments.seed)
    unseen = take_songs(store, np.concatenate([uses.test, uses.validation]), model.config)
    learned = take_songs(store, uses.train, model.config)
    known = [stretch for song in learned for stretch in cut_stretches(song, NEW, NEW)]
    result: dict[str, object] = {"machine": name_machine(1), "seed": arguments.seed}
    for kind in ("bass", "drums"):
        cases = list(find_cases(unseen, kind == "drums"))[: arguments.most]
        result[kind] = measure(model, cases, known, arguments.seed)
        print(kind, result[kind], flush=True)
    write_result(result, arguments.out)


def cut_stretches(song: Song, measures: int, every: int) -> Iterator[Song]:
    """Yield runs of measures of a song, all in one meter."""
    for first in range(0, song.measures - measures + 1, every):
        if set(song.meters[first : first + measures]) == {METER}:
            yield song.cut(first, first + measures)


def find_cases(songs: Sequence[Song], is_drums: bool) -> Iterator[Case]:
    """Yield stretches in which the drums, or else the lowest part, play before the gap and in it."""
    for song in songs:
        for stretch in cut_stretches(song, BEFORE + NEW + AFTER, BEFORE + NEW):
            playing = [part for part, seat in enumerate(stretch.parts) if not is_vacant(seat)]
            suits = [part for part in playing if stretch.parts[part].is_drums == is_drums]
            if not suits:
                continue
            case = Case(stretch, suits[-1])
            pieces = (stretch.cut(BEFORE - NEW, BEFORE), stretch.cut(BEFORE, BEFORE + NEW))
            if all(len(take_part(piece, case.part).notes) >= NEW for piece in pieces):
                yield case


def measure(model: MeasureVAE, cases: Sequence[Case], known: Sequence[Song], seed: int) -> dict[str, object]:
    """Return how near the parts written come to the true ones, beside the plain ways."""
    generator, gap = torch.Generator().manual_seed(seed), Gap(BEFORE, BEFORE + NEW)
    sums = {name: Agreement() for name in ("written", "repeated", "most_similar")}
    in_scale: dict[str, list[float]] = {"written": [], "true": []}
    changed = 0
    for song, part in cases:
        new = accompany(model, song, (part,), gap, InfillOptions(), generator)
        true, written = (take_part(each.cut(*gap), part) for each in (song, new))
        ways = {
            "written": written,
            "repeated": take_part(song.cut(BEFORE - NEW, BEFORE), part),
            "most_similar": take_most_similar(song.cut(*gap), part, known),
        }
        for name, way in ways.items():
            sums[name] += compare(true, replace(way, parts=true.parts, meters=true.meters))
        others, after = (drop_part(each, part) for each in (song, new))
        changed += others.notes.tolist() != after.notes.tolist()
        if not song.parts[part].is_drums:
            for name, whole in (("written", new), ("true", song)):
                in_scale[name].append(scale_consistency(whole.cut(*gap)))
    return {
        "stretches": len(cases),
        "songs": len({case.song.title for case in cases}),
        "given_parts_changed": changed,
        "onset_f1": {name: agreement.onset_f1 for name, agreement in sums.items()},
        "scale_consistency_of_all_parts": {
            name: float(np.mean(own)) for name, own in in_scale.items() if own
        },
    }


def take_part(song: Song, part: int) -> Song:
    """Return a song with the notes of one part alone."""
    return replace(song, notes=song.notes[song.notes["part"] == part])


def drop_part(song: Song, part: int) -> Song:
    """Return a song without the notes of one part."""
    return replace(song, notes=song.notes[song.notes["part"] != part])


def take_most_similar(song: Song, part: int, known: Sequence[Song]) -> Song:
    """Return the part in place of one in those measures learned from whose other parts are most alike."""
    is_drums = song.parts[part].is_drums
    best, most = song.cut(0, song.measures), -1.0
    wanted = draw_onsets(drop_part(song, part))
    for other in known:
        suits = [n for n, seat in enumerate(other.parts) if not is_vacant(seat) and seat.is_drums == is_drums]
        if not suits or not len(take_part(other, suits[-1]).notes):
            continue
        found = draw_onsets(drop_part(other, suits[-1]))
        alike = 2 * len(wanted & found) / max(1, len(wanted) + len(found))
        if alike > most:
            own = take_part(other, suits[-1]).notes.copy()
            own["part"] = part
            best, most = replace(song, notes=own), alike
    return best


def draw_onsets(song: Song) -> set[tuple[int, int]]:
    """Return where pitch classes and drums begin."""
    drums = [part.is_drums for part in song.parts]
    return {
        (start, 100 + pitch if drums[part] else pitch % 12)
        for start, pitch, part in song.notes[["start", "pitch", "part"]].tolist()
    }


if __name__ == "__main__":
    main()
