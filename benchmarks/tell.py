"""Write what the scripts measured into the documents that tell it, so that no figure is copied by hand.

    python benchmarks/tell.py           # writes the tables anew
    python benchmarks/tell.py --check   # names the documents that tell other figures, and fails

A table stands in a document between `<!-- table: NAME -->` and `<!-- end of table -->`; `figures.tables` has
its rows, and says of each which file has its figures.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from figures.tables import TABLES

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "docs/results.md", "benchmarks/folk.md", "benchmarks/chorales.md")
TABLE = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(?=<!-- end of table -->)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    stale = [name for name in DOCUMENTS if (ROOT / name).read_text("utf-8") != fill(ROOT / name)]
    if arguments.check:
        sys.exit(f"not what was measured: {', '.join(stale)}" if stale else 0)
    for name in stale:
        (ROOT / name).write_text(fill(ROOT / name), "utf-8")


def fill(document: Path) -> str:
    """Return the text of a document with its tables as measured."""
    return TABLE.sub(lambda found: found[1] + TABLES[found[2]](), document.read_text("utf-8"))


if __name__ == "__main__":
    main()
