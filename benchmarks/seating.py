"""Put the songs of several corpora in seats, and count what sounded before and does no more.

    python benchmarks/seating.py --corpora ../shared/corpora --out benchmarks/seating.json

A sounding cell is a pitch at a step of the grid, of drums or not; two tracks that strike one pitch together
sound in one cell, before and after.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from figures.script import make_parser, write_result

from musicvae.midi.arranging.ensembles import arrange
from musicvae.midi.reading.reader import read_with_report
from musicvae.midi.reading.song_files import find_songs
from musicvae.midi.songs.ranges import concat_ranges
from musicvae.midi.songs.song import Song

CORPORA = ("freedoom", "simutrans", "mutopia", "quartets", "lieder")
FEW = 8  # tracks


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--most", type=int, default=400, help="files of each, drawn by seed 0")
    arguments = parser.parse_args()
    result = {}
    with ProcessPoolExecutor() as executor:
        for corpus in CORPORA:
            files = find_songs(arguments.corpora / corpus)
            chosen = np.random.default_rng(0).permutation(len(files))[: arguments.most]
            counts: Counter[str] = Counter()
            for own in executor.map(count_file, [files[index] for index in chosen], chunksize=4):
                counts.update(own)
            result[corpus] = dict(counts)
    write_result(result, arguments.out)


def count_file(path: Path) -> Counter[str]:
    """Return what became of the songs of a file."""
    counts: Counter[str] = Counter()
    for song in read_with_report(path).songs:
        seated, notices = arrange(song, "seats")
        before, after = find_sounding(song), find_sounding(seated)
        few = len(np.unique(song.notes["part"])) <= FEW
        counts.update(
            songs=1,
            notes=len(song.notes),
            sounding_cells=len(before),
            sounding_cells_lost=len(np.setdiff1d(before, after)),
            sounding_cells_new=len(np.setdiff1d(after, before)),
            songs_of_8_tracks_or_fewer=few,
            notes_struck_together_in_those=few * (len(song.notes) - len(seated.notes)),
            songs_that_share_parts=any("share" in notice.what for notice in notices),
        )
    return counts


def find_sounding(song: Song) -> np.ndarray:
    """Return the cells that sound, each by one number."""
    notes = song.notes
    is_drums = np.array([part.is_drums for part in song.parts], bool)[notes["part"]]
    note, step = concat_ranges(notes["start"].astype(np.int64), notes["length"].astype(np.int64))
    return np.unique((step * 2 + is_drums[note]) * 128 + notes["pitch"][note])


if __name__ == "__main__":
    main()
