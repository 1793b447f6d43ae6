"""How rightly scores and MIDI files are read, beside readers that others have written.

    python benchmarks/reading.py abc      --corpora ../shared/corpora --out benchmarks/reading-abc.json
    python benchmarks/reading.py humdrum  --corpora ../shared/corpora --out benchmarks/reading-humdrum.json
    python benchmarks/reading.py musicxml --corpora ../shared/corpora --out benchmarks/reading-musicxml.json
    python benchmarks/reading.py midi     --corpora ../shared/corpora --out benchmarks/reading-midi.json
    python benchmarks/reading.py cases    --cases ../shared/cases     --out benchmarks/reading-cases.json

musicvae reads every file; the others read as many of each corpus as `--files` says, spread over it, those
that are quick all. Notes are compared by onset, length (both in beats) and pitch; grace notes, chord
symbols and the drums of scores are left out, repeats are not played. What the others are known to misread
is taken out of what they are given (`figures/reading/by_*.py` say what). A piece is *confirmed* if one of
them at least hears the same, be it measure by measure. Why none does was looked up piece by piece
(`figures/reading/looked_at.toml`). Seconds are of the processor. Each reader runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from figures.reading.cases import read_cases
from figures.reading.heard import Heard
from figures.reading.pieces import CORPORA, READERS, Corpus, find_files, take_pieces
from figures.reading.reader_process import ReaderProcess
from figures.reading.tally import Beside, Tally
from figures.report import to_json
from figures.script import make_parser, name_machine, write_result


def main() -> None:
    arguments = _arguments()
    begun = {"command": " ".join(sys.argv), "machine": name_machine(1)}
    if arguments.kind == "cases":
        write_result(begun | {"cases": to_json(read_cases(arguments.cases))}, arguments.out)
        return
    corpora = _choose(arguments.kind, arguments.only)
    _tell_missing({name for corpus in corpora for name in corpus.readers})
    found = _known_before(arguments.out) if arguments.only else {}
    for corpus in corpora:
        files = find_files(corpus, arguments.corpora)
        tally = measure(corpus, arguments.kind, files, arguments.files)
        found[corpus.name] = begun | {"figures": to_json(tally)}
        write_result({"corpora": found}, arguments.out, show=False)
        print(_tell(corpus.name, tally), flush=True)


def _arguments() -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument("kind", choices=(*CORPORA, "cases"))
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--cases", type=Path, default=Path("../shared/cases"))
    parser.add_argument(
        "--files",
        type=int,
        default=60,
        help="of each corpus for slow readers (fewer where they are long); 0 takes all",
    )
    parser.add_argument(
        "--only", default="", help="corpora such as ryan,hymns; what --out says of the others stays"
    )
    return parser.parse_args()


def _choose(kind: str, only: str) -> list[Corpus]:
    """Return the corpora of a kind, or those that are named."""
    corpora = {corpus.name: corpus for corpus in CORPORA[kind]}
    names = only.split(",") if only else list(corpora)
    if unknown := set(names) - set(corpora):
        raise SystemExit(
            f"there is no {', '.join(sorted(unknown))} of {kind}: choose of {', '.join(corpora)}"
        )
    return [corpora[name] for name in names]


def _known_before(out: Path) -> dict[str, object]:
    """Return what an earlier run found, by corpus."""
    return json.loads(out.read_text(encoding="utf-8"))["corpora"] if out.exists() else {}


def _tell_missing(names: set[str]) -> None:
    """Say what to install; end if nothing is there to compare with."""
    missing = [READERS[name] for name in sorted(names) if not READERS[name].is_installed]
    for reader in missing:
        print(f"{reader.name} is not installed, so it is left out: {reader.install}", file=sys.stderr)
    if len(missing) == len(names):
        raise SystemExit("there is no other reader to compare with: install one of those")


def measure(corpus: Corpus, kind: str, files: Sequence[Path], compared: int) -> Tally:
    """Return how a corpus is read by musicvae, and some of it by others."""
    names = [name for name in corpus.readers if READERS[name].is_installed]
    for_slow = set(spread(files, -(-compared // corpus.one_in)))
    with ExitStack() as stack:
        started = [ReaderProcess(f"by_{name}", kind) for name in ("musicvae", *names)]
        ours, *others = [stack.enter_context(closing(process)) for process in started]
        readers = dict(zip(names, others, strict=True))
        tally = Tally(len(files), {name: Beside(reader.version) for name, reader in readers.items()})
        for file in files:
            asked = [name for name in names if file in for_slow or not READERS[name].slow]
            for piece in take_pieces(file, kind):
                name, heard = f"{corpus.name}/{piece.name}", ours.read(piece.data)
                tally.add(name, heard)
                if asked and isinstance(heard, Heard):
                    tally.compare(name, heard, {each: readers[each].read(piece.data) for each in asked})
    return tally


def spread(files: Sequence[Path], count: int) -> Sequence[Path]:
    """Return at most so many files, evenly spread over all of them; all if the count is 0."""
    return files[:: -(-len(files) // count)] if count else files


def _tell(name: str, tally: Tally) -> str:
    """Return a corpus in a line."""
    beside = "; ".join(
        f"{reader} {beside.same} + {beside.same_in_measures} of {beside.pieces}, {beside.seconds:.1f} s"
        for reader, beside in tally.readers.items()
    )
    read = f"{tally.read} of {tally.pieces} pieces read, {len(tally.damaged)} damaged, {tally.notes} notes"
    return f"{name}: {read}, {tally.seconds:.1f} s; confirmed {tally.confirmed} of {tally.compared}; {beside}"


if __name__ == "__main__":
    main()
