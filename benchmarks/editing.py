"""Whether `continue` and `infill` give a file back: every event of the given measures, compared one by one.

    python benchmarks/editing.py --corpora ../shared/corpora --files 150 --out benchmarks/editing.json

The commands run on files of several instruments, by a model that comes with musicvae. What they wrote is
read by `mido` and compared with what was given, track by track: every event must be there at its tick and in
its order, but for the notes of the measures written anew, of those who play what the model speaks. Then
`symusic`, `music21` and MuseScore 3 count the notes that were written, beside those that `mido` finds.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import mido
import numpy as np
from figures.note_counts import COUNTS, count_given
from figures.script import make_parser, write_result
from mido.midifiles import midifiles
from mido.midifiles.meta import UnknownMetaMessage
from typer.testing import CliRunner

from musicvae.core.model_store.model_folder import load_model
from musicvae.errors import SongError
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.shipped import find_model
from musicvae.midi.editing.given_file import GivenFile, open_given
from musicvae.midi.editing.whole_midi import MENDED
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.reading.song_files import find_songs
from musicvae_cli.main import app

CORPORA = ("freedoom", "simutrans", "mutopia")
NEW, GAP = 4, 2  # measures

Event = tuple[int, bytes]  # a tick and what is said there


class Model(NamedTuple):
    """A model that comes with musicvae, or a folder."""

    name: str
    config: MeasureVAEConfig


class Written(NamedTuple):
    """A file before and after a command."""

    name: str
    given: GivenFile
    before: Path
    after: Path
    first: int  # of the new measures
    last: int


@dataclass
class Tally:
    """Counts over all files of a command."""

    counts: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)

    def add(self, what: str, count: int, of: str = "") -> None:
        """Count something; what should not be is named."""
        self.counts[what] += count
        if of and count:
            self.odd.append(f"{of}: {what}: {count}")


def main() -> None:
    midifiles.build_meta_message = _take_meta
    parser = make_parser(__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--files", type=int, default=150)
    parser.add_argument("--slow", type=int, default=3, help="music21 and MuseScore open every so many files")
    parser.add_argument("--model", default="folk")
    arguments = parser.parse_args()
    model = Model(arguments.model, load_model(find_model(arguments.model), MUSIC_MODELS).config)
    files = list(_choose(arguments.corpora, arguments.files))
    with tempfile.TemporaryDirectory() as folder:
        result = {
            command: _measure(command, files, Path(folder), model, arguments.slow)
            for command in ("continue", "infill")
        }
    write_result({"files": len(files), **result}, arguments.out)


def _take_meta(kind: int, data: Sequence[int], delta: int = 0) -> UnknownMetaMessage:
    """Let mido take what meta events say as bytes: it refuses a file for an impossible key."""
    return UnknownMetaMessage(kind, data, time=delta)


def _choose(corpora: Path, count: int) -> Iterator[Path]:
    """Yield files of two instruments or more, as many of each corpus, spread over it."""
    for name in CORPORA:
        found = [file for file in find_songs(corpora / name) if file.suffix in {".mid", ".midi"}]
        several = [file for file in found if _instruments(file) > 1]
        yield from several[:: max(1, len(several) // (count // len(CORPORA)))][: count // len(CORPORA)]


def _instruments(file: Path) -> int:
    try:
        return len(parse_midi(file.read_bytes()).tracks)
    except SongError:
        return 0


def _measure(
    command: str, files: Sequence[Path], folder: Path, model: Model, every: int
) -> dict[str, object]:
    tally = Tally()
    for number, file in enumerate(files):
        if written := _run(command, file, folder, model, tally):
            _compare(written, tally)
            _count_notes(written, tally, number % every == 0)
        print(f"{command} {number + 1} of {len(files)}: {dict(tally.counts)}", file=sys.stderr)
    return {**dict(tally.counts), "odd": tally.odd}


def _run(command: str, file: Path, folder: Path, model: Model, tally: Tally) -> Written | None:
    """Run a command on a file; None if it cannot be done, or the file is damaged."""
    try:
        given = open_given(file, file.read_bytes(), model.config.grid, model.config.arrangement)
    except SongError:
        tally.add("nothing for the model", 1)
        return None
    if MENDED in given.notices:
        tally.add("damaged", 1)
        return None
    first = given.song.measures if command == "continue" else given.song.measures // 2
    last = first + NEW if command == "continue" else min(first + GAP, given.song.measures)
    out = folder / f"{command}.mid"
    asked = (
        ["--measures", NEW]
        if command == "continue"
        else ["--from", first + 1, "--to", last, "--candidates", 4]
    )
    words = [command, file, "--out", out, *asked, "--seed", 1, "--model", model.name, "--force"]
    result = CliRunner().invoke(app, list(map(str, words)))
    if result.exit_code:
        tally.add("refused", 1, f"{file.name} {result.stderr.splitlines()[-1:]}")
        return None
    tally.add("written", 1)
    return Written(file.name, given, file, out, first, last)


def _compare(written: Written, tally: Tally) -> None:
    """Compare all events of the given measures, by mido alone."""
    before, after = (_read(path) for path in (written.before, written.after))
    gap = _gap_of(written)
    players = {each.player for part in written.given.played for each in part}
    speaking = {(player.track, player.channel) for player in players}
    for track, events in enumerate(before):
        now = Counter(after[track])
        stays = [event for event in events if not _may_go(track, event, gap, speaking)]
        missing = Counter(stays) - now
        tally.add("events of given measures", len(stays))
        tally.add("missing events", missing.total(), written.name)
        tally.add("events out of order", int(not _is_in_order(stays, after[track])), written.name)
        if events == after[track]:
            tally.add("tracks as they were", 1)
    tally.add("tracks", len(before))
    tally.add(
        "notes more than before",
        sum(_onsets(track) for track in after) - sum(_onsets(track) for track in before),
    )


def _read(path: Path) -> list[list[Event]]:
    midi = mido.MidiFile(path)
    every = []
    for track in midi.tracks:
        ticks = np.cumsum([message.time for message in track]).tolist()
        said = zip(ticks, track, strict=True)
        every.append([(tick, bytes(m.bin())) for tick, m in said][:-1])  # the last one ends the track
    return every


def _gap_of(written: Written) -> range:
    """Return the ticks at which notes of the measures written anew begin; none of a continuation."""
    song, place = written.given.song, written.given.place
    if written.first >= song.measures:
        return range(0)
    begin, end = song.measure_starts[[written.first, written.last]].tolist()
    return range(place.first_tick(begin), place.first_tick(end))


def _may_go(track: int, event: Event, gap: range, speaking: set[tuple[int, int]]) -> bool:
    """Say whether an event is a note's in the measures written anew, or ends a note that sounded there."""
    tick, data = event
    is_note = 0x80 <= data[0] < 0xA0
    if not gap or not is_note or (track, data[0] & 15) not in speaking:
        return False
    is_onset = data[0] >= 0x90 and data[2] > 0
    slack = (gap.stop - gap.start) // 16  # an end that was played late
    return tick in gap if is_onset else gap.start <= tick < gap.stop + slack


def _is_in_order(stays: Sequence[Event], now: Sequence[Event]) -> bool:
    """Say whether some events stand in this order among others."""
    rest = iter(now)
    return all(any(event == other for other in rest) for event in stays)


def _onsets(track: Sequence[Event]) -> int:
    return sum(0x90 <= data[0] < 0xA0 and data[2] > 0 for _, data in track)


def _count_notes(written: Written, tally: Tally, by_all: bool) -> None:
    """Count the notes that each library finds more than before, beside mido's."""
    new = sum(map(_onsets, _read(written.after))) - sum(map(_onsets, _read(written.before)))
    for name in COUNTS if by_all else ("symusic",):
        try:
            before = count_given(name, written.before)
        except Exception:  # noqa: BLE001 (whatever its parser meets)
            tally.add(f"given files that {name} does not open", 1)
            continue
        try:
            after = COUNTS[name](written.after)
        except Exception:  # noqa: BLE001
            tally.add(f"written files that {name} does not open", 1, written.name)
            continue
        tally.add(f"opened by {name}", 1)
        tally.add(
            f"other number of notes in {name}",
            int(after - before != new),
            f"{written.name} {after - before - new:+}",
        )


if __name__ == "__main__":
    main()
