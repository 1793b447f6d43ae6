"""ABC as abc2midi reads it, which comes with symusic (or Debian's abcmidi).

abc2midi performs a tune: it plays repeats, ornaments, grace notes and chord symbols, swings hornpipes and
spreads chords. So it is given the tune without all that, and is left to read keys, meters, units,
accidentals, lengths, broken rhythm, tuplets, ties, chords and voices. What is music and what is not is told
by this module, not by it.
"""

from __future__ import annotations

import re
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import which

import mido
import symusic

from figures.reading.heard import Heard
from figures.reading.midi_notes import pair_notes

_KEPT = "KLMV"  # fields that say how notes sound
_FIELD = re.compile(r"\s*([A-Za-z+]):(?!(?<=[A-Ga-gz]:)[|:\]])\s*(.*)")
_BLOCK = re.compile(r"%%\s*begin(\w+).*?%%\s*end\1[^\n]*", re.DOTALL)
_TOGETHER = "%%MIDI chordattack 0"  # the notes of chords, which it would spread
_SIGN = re.compile(
    r"""(?P<chord>\[(?![A-Za-z]:|\s*\d)(?:"[^"\n]*"|![^!\n]*!|[^\]|"!\n])+\][\d/]*)
    |\[(?P<field>[A-Za-z]:[^\]\n]*)\]
    |(?P<bar>\.?\[?:*\|[|\]:]*(?:\s*\d[\d,.\-]*)?|:+(?:\d[\d,.\-]*)?)
    |\[\s*\d[\d,.\-]*|"[^"\n]*"|\{[^{}\n]*\}|![^!|\n]{1,40}!
    |\+(?P<old>[^+|\n]{1,40})\+
    |Hx(?=\s*:*\|)
    |(?P<tuplet>\(\d[\d:]*)
    |(?P<kept>[_^=]*[A-Ga-gzxZX][,']*[\d/]*|[<>\-&]+)
    |(?P<blank>\s+)
    |.""",
    re.VERBOSE,
)
_OLD_CHORD = re.compile(r"(?!f{1,3}$)(?:[_^=]*[A-Ga-g][,']*[\d/]*)+")
_BESIDE_NOTES = re.compile(r'"[^"]*"|![^!]*!|[H-Wh-w~.()]')


def version() -> str:
    said = subprocess.run([_program(), "-ver"], check=False, capture_output=True, text=True)
    return said.stdout.strip().splitlines()[0]


@cache
def _program() -> str:
    """Return the program: symusic's if it has brought one."""
    brought = sorted((Path(symusic.__file__).parent / "bin").glob("abc2midi*"))
    found = str(brought[0]) if brought else which("abc2midi")
    if not found:
        raise SystemExit("there is no abc2midi: install symusic 0.6 or newer, or Debian's abcmidi")
    return found


def read_abc(data: bytes) -> Heard:
    """Return what is heard in one tune."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "tune.abc").write_text(make_plain(data.decode()))
        before = _seconds()
        command = [_program(), "tune.abc", "-o", "tune.mid", "-silent"]
        ran = subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=60)
        seconds = _seconds() - before
        said = ran.stdout.decode(errors="replace").splitlines()
        if not (written := Path(folder, "tune.mid")).exists():
            raise ValueError("nothing was written")
        notes = list(pair_notes(mido.MidiFile(written)))
    errors = dict.fromkeys(line.split(" : ")[-1] for line in said if line.startswith("Error"))
    return Heard(notes, seconds, tuple(errors))


def make_plain(tune: str) -> str:
    """Return a tune as its notes alone: no repeats, ornaments, chord symbols, words, directions."""
    return "\n".join(_plain_lines(tune)) + "\n"


def _plain_lines(tune: str) -> Iterator[str]:
    in_head = True
    for raw in _BLOCK.sub("", tune.replace("=3D", "=")).split("\n"):
        line = re.sub(r"(?<!\\)%.*", "", raw).strip()
        field = _FIELD.match(line)
        if field and field[1] in _KEPT + "X":
            yield _plain_field(field[1], field[2])
            if field[1] == "X":
                yield _TOGETHER
            in_head &= field[1] != "K"
        elif line and not field and not in_head and (music := _plain_music(line)).strip():
            yield music


def _plain_music(line: str) -> str:
    return _SIGN.sub(_plain_sign, line.rstrip("\\="))


def _plain_sign(sign: re.Match[str]) -> str:
    match sign.lastgroup:
        case "field" if sign["field"][0] in _KEPT:
            return f"[{_plain_field(sign['field'][0], sign['field'][2:].strip())}]"
        case "bar":
            return " | "
        case "chord":
            return _BESIDE_NOTES.sub("", sign[0])
        case "old" if _OLD_CHORD.fullmatch(sign["old"]):
            return f"[{sign['old']}]"
        case "tuplet" | "kept" | "blank":
            return sign[0]
    return ""


def _plain_field(letter: str, text: str) -> str:
    """Return a field; abc2midi knows no voice whose name has a line in it."""
    return f"{letter}:{text.replace('_', '') if letter == 'V' else text}"


def _seconds() -> float:
    """Return the seconds of the processor that programs took which were run here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
