"""How fast songs become sound, and how loud they are.

    python benchmarks/sound.py samples/*.mid --out benchmarks/sound.json

Takes the first measures of each song. Times are of the processor, the soundfont's reading included; "cut_off"
counts the samples at the peak that follow another one there.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from figures.script import make_parser, name_machine, write_result

from musicvae.midi.reading.reader import read_song
from musicvae.midi.saving.writer import song_to_bytes
from musicvae.midi.songs.song import Song
from musicvae.sound.levels import FULL_SCALE
from musicvae.sound.synthesizer import synthesize


def main() -> None:
    parser = make_parser(__doc__)
    parser.add_argument("songs", type=Path, nargs="+")
    parser.add_argument("--measures", type=int, default=16, help="of each song; 0 takes all")
    arguments = parser.parse_args()
    songs = {path.name: read_song(path) for path in arguments.songs}
    if arguments.measures:
        songs = {name: song.opening(arguments.measures) for name, song in songs.items()}
    found = {name: _measure(song) for name, song in songs.items()}
    music, processor = (sum(each[key] for each in found.values()) for key in ("music_s", "processor_s"))
    result = {
        "machine": name_machine(1),
        "measures": arguments.measures or "all",
        "times_as_fast_as_playing": round(music / processor, 1),
        "least": min(each["times_as_fast_as_playing"] for each in found.values()),
        "songs": found,
    }
    write_result(result, arguments.out)


def _measure(song: Song) -> dict[str, float]:
    midi = song_to_bytes(song)
    begin = time.process_time()
    audio = synthesize(midi)
    seconds = time.process_time() - begin
    level = np.abs(audio.samples.astype(np.float64)) / FULL_SCALE
    top = level == level.max()  # a wave that is cut off stays there for more than a sample
    return {
        "music_s": round(audio.seconds, 2),
        "processor_s": round(seconds, 3),
        "times_as_fast_as_playing": round(audio.seconds / seconds, 1),
        "peak": round(float(level.max()), 4),
        "root_mean_square": round(float(np.sqrt((level**2).mean())), 4),
        "cut_off": int((top[1:] & top[:-1]).sum()),
    }


if __name__ == "__main__":
    main()
