"""The lines of a Humdrum file, each token with the path of the spine in which it stands.

Conventions
-----------
A *spine* is a column of the header; a *path* is a column of a line: the spine itself, or one of those into
which it was split ("*^") until they are joined ("*v"). A path knows where its last token ends, in the units
of `kern_tokens`; split paths begin there, joined ones go on from the latest.

Adjacent "*v" are all joined, whatever spines they come from. Where the next line has columns for one join in
each spine instead, that is meant.

A line whose columns do not fit is left out if the next one fits again; else reading ends there. Data after
the end of all spines fits none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

KERN = "**kern"
_MOST_PATHS = 9  # that one "*^9" makes
_BROKEN = "from line {} on its columns do not fit, so the music after it was left out"


@dataclass(eq=False)
class Spine:
    """A column of the header.

    Parameters
    ----------
    kind : str
        What it holds, such as "**kern"; "" as long as that is not said.
    part : str
        The label by which the spines of one instrument belong together ("*part1"), "" if it has none.
    """

    kind: str
    part: str = ""


@dataclass(eq=False)
class SpinePath:
    """A column of a line.

    Parameters
    ----------
    spine : Spine
    end : int
        Where its last token ends.
    is_cue : bool
        Whether its notes are small ones ("*cue").
    is_variant : bool
        Whether it is another reading of the path on its left ("*S/ossia").
    """

    spine: Spine
    end: int = 0
    is_cue: bool = False
    is_variant: bool = False


class HumdrumLine(NamedTuple):
    """A line that says something: its sign ("*", "=" or "" for data), and its tokens with their paths."""

    sign: str
    cells: list[tuple[SpinePath, str]]


class SpineReader:
    """What goes through the lines of a file.

    Attributes
    ----------
    paths : list of SpinePath
        The columns of the line that is read, from the left.
    spines : list of Spine
        All that have begun, in this order.
    pieces : int
        How often all spines have begun anew.
    end : int
        Where the last of the paths ends that are closed.
    """

    def __init__(self, text: str) -> None:
        self.paths: list[SpinePath] = []
        self.spines: list[Spine] = []
        self.pieces = 0
        self.end = 0
        self._header: list[Spine] = []
        self._lines = [
            (number, line.rstrip(" ").split("\t"))
            for number, line in enumerate(text.split("\n"), start=1)
            if line.strip() and not line.startswith("!")
        ]
        self._left_out: list[int] = []
        self._broken = ""

    @property
    def damage(self) -> str:
        """Why music may be missing, once all is read; "" if the columns were sound."""
        if self._broken:
            return self._broken
        if self._left_out:
            first, lines = self._left_out[0], len(self._left_out)
            return f"lines whose columns do not fit were left out: {lines} (the first is line {first})"
        return "it does not end in *-, so it may have been cut off" if self.paths else ""

    def read(self) -> Iterator[HumdrumLine]:
        """Yield the lines that say something; whoever takes one says where its tokens end before the next."""
        misfit = 0
        for index, (number, tokens) in enumerate(self._lines):
            if not self.paths:
                if tokens[0].startswith("**"):
                    self._begin(tokens)
                elif self.pieces and tokens[0][:1] not in ("*", "="):
                    self._left_out.append(number)
                continue
            sign = tokens[0][:1] if tokens[0][:1] in ("*", "=") else ""
            fitting = self._fit(tokens)
            if fitting is None and sign != "=":
                if sign == "*" and not _leads(tokens):
                    continue  # nothing hangs on it
                if sign == "*" or misfit:
                    self._broken = _BROKEN.format(misfit or number)
                    return
                misfit = number
                self._left_out.append(number)
                continue
            misfit = misfit if sign else 0
            yield HumdrumLine(sign, list(zip(self.paths, fitting or [], strict=False)))
            if sign == "*" and fitting and _leads(fitting):
                following = self._lines[index + 1 : index + 2]
                self._follow(fitting, len(following[0][1]) if following else 0)

    def _begin(self, kinds: Sequence[str]) -> None:
        """Begin all spines; a further piece goes on in the spines of the first if it has the same."""
        kinds = [kind for kind in kinds if kind]
        if [spine.kind for spine in self._header] != kinds:
            self._header = [Spine(kind) for kind in kinds]
            self.spines += self._header
        self.paths = [SpinePath(spine, self.end) for spine in self._header]
        self.pieces += 1

    def _fit(self, tokens: list[str]) -> list[str] | None:
        """Return the tokens, one for each path; more than one tab may part them."""
        if len(tokens) != len(self.paths):
            tokens = [token for token in tokens if token]
        return tokens if len(tokens) == len(self.paths) else None

    def _follow(self, tokens: list[str], room: int) -> None:
        """Split, join, swap, add and close paths; the next line has so many columns."""
        for path, token in zip(self.paths, tokens, strict=True):
            if token == "*-":
                self.end = max(self.end, path.end)
            elif token.startswith("**") and path.spine.kind != token:
                path.spine = self._name(path.spine, token)
        sources = _plan(self.paths, tokens, by_spine=False)
        if len(sources) != room and len(apart := _plan(self.paths, tokens, by_spine=True)) == room:
            sources = apart
        paths: list[SpinePath] = []
        for group in sources:
            paths.append(self._lead_on(group, paths))
        self.paths = paths

    def _name(self, spine: Spine, kind: str) -> Spine:
        """Return a spine of the kind: this one if it has none, else a new one."""
        if spine.kind:
            spine = Spine("", spine.part)
            self.spines.append(spine)
        spine.kind = kind
        return spine

    def _lead_on(self, group: tuple[SpinePath, ...], before: list[SpinePath]) -> SpinePath:
        """Return the path that comes of one or several; of none, a spine that is new beside the last one."""
        if not group:
            self.spines.append(Spine(""))
            return SpinePath(self.spines[-1], before[-1].end if before else self.end)
        path = group[0]
        if any(path is earlier for earlier in before[-_MOST_PATHS:]):
            return replace(path)
        path.end = max(each.end for each in group)
        return path


def _leads(tokens: Sequence[str]) -> bool:
    """Say whether paths begin, split, join, cross or end here."""
    return any(token in ("*v", "*x", "*+", "*-") or token.startswith(("*^", "**")) for token in tokens)


def _plan(paths: list[SpinePath], tokens: list[str], by_spine: bool) -> list[tuple[SpinePath, ...]]:
    """Return of which paths each of the next line comes: two of one are split, one of none is new."""
    sources: list[tuple[SpinePath, ...]] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        group: tuple[SpinePath, ...] = (paths[index],)
        if token == "*v":
            while tokens[index + 1 : index + 2] == ["*v"] and (
                not by_spine or paths[index + 1].spine is group[0].spine
            ):
                index += 1
                group += (paths[index],)
        if token == "*x" and tokens[index + 1 : index + 2] == ["*x"]:
            index += 1
            sources += [(paths[index],), group]
        elif token.startswith("*^"):
            sources += [group] * (int(token[2:]) if token[2:] in tuple("23456789") else 2)
        elif token == "*+":
            sources += [group, ()]
        elif token != "*-":
            sources.append(group)
        index += 1
    return sources
