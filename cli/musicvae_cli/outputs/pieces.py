"""The pieces that a command has made: written, compared with the songs learned from, and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from musicvae_cli.inputs.songs import STANDARD, describe_song
from musicvae_cli.outputs.likeness import Likeness, New, compare, say_likeness
from musicvae_cli.outputs.midi_file import MIDI, write_midi
from musicvae_cli.outputs.written_file import require_free_file
from musicvae_cli.shell.console import print_json, say

if TYPE_CHECKING:
    from musicvae.midi.likeness.tune_index import TuneIndex
    from musicvae.midi.songs.song import Song
    from musicvae.provenance import Provenance


@dataclass(frozen=True)
class Piece:
    """A piece.

    Parameters
    ----------
    title : str
        What it is called among others: the text of its marker.
    song : Song
    new : New, optional
        Its new measures, where others were given.
    figures : mapping of str to object
        What else the JSON says of it.
    """

    title: str
    song: Song
    new: New | None = None
    figures: Mapping[str, object] = field(default_factory=dict)

    def likeness(self, tunes: TuneIndex | None) -> Likeness:
        """Return what is new in it shares with the songs that a model learned from."""
        return compare(tunes, self.song, self.new or New(0, self.song.measures))

    def to_json(self, likeness: Likeness) -> dict[str, object]:
        """Return it as an object for JSON; measures are counted from 1, the first and last new one named."""
        new = {"new": [self.new.first + 1, self.new.after]} if self.new else {}
        described = describe_song(self.song)
        return {"title": self.title, **described, **new, **self.figures, **likeness.to_json()}


@dataclass(frozen=True)
class Made:
    """What a command has made.

    Parameters
    ----------
    pieces : tuple of Piece
    provenance : Provenance
    about : str
        A phrase on the pieces, for people.
    given : tuple of Song
        The songs that they were made from.
    notices : tuple of str
        What was changed or left out of these, as it was said before.
    """

    pieces: tuple[Piece, ...]
    provenance: Provenance
    about: str
    given: tuple[Song, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Output:
    """Where a command writes, and how it tells of that.

    Parameters
    ----------
    paths : tuple of Path
        One for all pieces one after another, or one for each.
    force : bool
        Whether to replace what somebody else wrote.
    as_json : bool
    """

    paths: tuple[Path, ...]
    force: bool
    as_json: bool

    def require_free(self, *sources: Path) -> None:
        """Check, before long work, that pieces can be written, and not over their sources.

        Raises
        ------
        OutputError
            If not.
        """
        for path in self.paths:
            require_free_file(path, MIDI, self.force, self.as_json, sources)

    def deliver(self, made: Made, tunes: TuneIndex | None) -> None:
        """Write what a command has made, and tell of it and of the training songs that it is like.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        pieces, provenance = made.pieces, made.provenance
        likenesses = [piece.likeness(tunes) for piece in pieces]
        share = len(pieces) // len(self.paths)
        for number, path in enumerate(self.paths):
            inside = slice(number * share, (number + 1) * share)
            nearest = tuple(likeness.nearest for likeness in likenesses[inside]) if tunes else ()
            write_midi(_join(pieces[inside]), path, replace(provenance, nearest=nearest), self.force)
        say(f"wrote {', '.join(map(str, self.paths))}: {made.about}")
        copied = (tunes.repeats(song) for song in made.given) if tunes else ()
        say_likeness([piece.title for piece in pieces], likenesses, {copy.title for copy in copied if copy})
        if self.as_json:
            self._print(made, likenesses)

    def _print(self, made: Made, likenesses: list[Likeness]) -> None:
        told = [piece.to_json(likeness) for piece, likeness in zip(made.pieces, likenesses, strict=True)]
        by = {"seed": made.provenance.seed, "model": made.provenance.model}
        print_json({"out": list(map(str, self.paths)), **by, "notices": made.notices, "pieces": told})


def name_files(out: Path, count: int, separate: bool) -> tuple[Path, ...]:
    """Return the path for all pieces, or a path for each: out-1.mid, out-2.mid.

    Raises
    ------
    typer.BadParameter
        If separate pieces are to go to standard output.
    """
    if not separate:
        return (out,)
    if out == STANDARD:
        raise typer.BadParameter("standard output takes one file: leave --separate out")
    return tuple(out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, count + 1))


def mark_new(song: Song, new: New) -> Song:
    """Return the song with markers where its new measures begin, and where the given ones go on."""
    from musicvae.midi.songs.song import Marker

    starts = song.measure_starts.tolist()
    markers = [Marker(starts[new.first], "new")]
    if new.after < song.measures:
        markers.append(Marker(starts[new.after], "given"))
    return replace(song, markers=tuple(sorted((*song.markers, *markers))))


def _join(pieces: tuple[Piece, ...]) -> Song:
    """Return pieces one after another, each under a marker; a single one needs none."""
    from musicvae.midi.songs.joining import join_songs

    if len(pieces) == 1:
        return pieces[0].song
    return join_songs([piece.song for piece in pieces], [piece.title for piece in pieces])
