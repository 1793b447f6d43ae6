"""Damaged tunes are read, or refused in a sentence; they never hang the program or break it."""

from __future__ import annotations

import random
import time

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_file import walk_tune
from musicvae.midi.reading.scores.abc.abc_lines import split_tunes
from musicvae.midi.reading.scores.score_source import walk_to_source

TUNES = [
    """X:1
T:A jig
M:6/8
L:1/8
Q:3/8=120
K:Ador exp ^f clef=treble-8 octave=1
"Am7"A>B{cd}c (3d^ef|[M:3/4][CEG]2- [CEG]>.A !mf!z2 Z2|1 g,4:|2 a'///-a||
w:one two-three * four|five_ six
+: and more
""",
    """X:2
M:C|
%%MIDI program 2 40
V:S name="High" transpose=-2
V:B clef=bass
K:none
%%begintext
nothing
%%endtext
[V:S] c4 & E2 z2 |:[K:Eb]e2-[e-g]2 ::\\
[V:B] C,4 | _B,,3/2=A,/4 x4/ (5:4:3CDE +FA+ [Q:"Fast" 1/4=99]|]
U:k=!p!
m:~G2=GAG
kG2 ~G2 y4 ^/C ``D $ 'E
""",
]
SIGNS = "|:[]{}()<>!+\"^_=/-.,'0123456789ABCdefgzZXxyKMLQVUwT%\\&~ \n" + "é♭²٣\0"


def damage(text: str, chance: random.Random) -> str:
    """Return a text of which some piece is cut out, said twice, put elsewhere or written over."""
    for _ in range(chance.randint(1, 6)):
        first, last = sorted(chance.randint(0, len(text)) for _ in range(2))
        last = min(last, first + chance.choice([1, 2, 5, 40]))
        piece = text[first:last]
        new = chance.choice(["", piece * 2, piece[::-1], "".join(chance.choices(SIGNS, k=3)), "9" * 30])
        text = text[:first] + new + text[last:]
    return text


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_tune_is_read_or_refused_in_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    refused = 0
    for _ in range(60):
        for tune in split_tunes(damage(chance.choice(TUNES), chance)):
            try:
                walk_to_source(walk_tune(tune))
            except SongError:
                refused += 1
    assert refused < 60  # most of them are still music


@pytest.mark.parametrize(
    "piece",
    [
        *[
            "[",
            "{",
            '"',
            "!",
            "+",
            '["',
            "(",
            "[V:",
            "C/",
            "C/9999",
            "C,",
            "^",
            "&C",
            "C&",
            "C-",
            "(3",
            ">",
            "[CE",
        ],
        *[
            "Z999|",
            "[V:1]C|[V:2]C|",
            "w:a-",
            "\nw:a|\n",
            "%%begintext\n",
            "\nX:1\n",
            "[M:3/4]",
            "C|",
            "[K:D]",
            "\n\n",
        ],
        *[
            "\n+:a\n",
            "\nm:a=b\n",
            "\nV:1\n",
            '"Am7"C',
            "C1/3",
            "{c}",
            "!p!",
            "_",
            "Q:",
            "[Q:1/4=99]",
            ":",
            "|:",
        ],
        *["(&C", "&)", "C|&&", "&|", "Z|(&", "C>|", "\ns:!p!|*\n", "[U:k=!p!]"],
    ],
)
def test_a_piece_said_a_thousand_times_takes_no_long_time(piece: str) -> None:
    before = time.process_time()
    for tune in split_tunes("X:1\nK:C\nCDE|\n" + piece * 1000):
        try:
            walk_to_source(walk_tune(tune))
        except SongError:
            continue
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "field",
    ["Q:" + "1/4 " * 20_000, "Q:" + "1/11" * 20_000, "M:" + "2/4+" * 20_000, "K:C " + "clef" * 20_000],
)
def test_a_field_without_end_takes_no_long_time(field: str) -> None:
    before = time.process_time()
    walk_tune(f"X:1\nK:C\n{field}\nC|[{field}]D|\n")
    assert time.process_time() - before < 2
