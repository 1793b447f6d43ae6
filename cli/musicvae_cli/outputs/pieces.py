"""The pieces that a command has made: written, compared with the songs learned from, and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from musicvae_cli.inputs.find_model import OpenModel
from musicvae_cli.inputs.songs import describe_song
from musicvae_cli.outputs.doubts import say_doubts
from musicvae_cli.outputs.likeness import Likeness, NewMeasures, compare, say_likeness
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.outputs.written_file import Music, require_free_music, write_music
from musicvae_cli.shell.console import print_json, say
from musicvae_cli.shell.options import STANDARD

if TYPE_CHECKING:
    from musicvae.midi.editing.given_file import GivenFile
    from musicvae.midi.likeness.tune_index import TuneIndex
    from musicvae.midi.songs.song import Song
    from musicvae.provenance import Provenance


@dataclass(frozen=True)
class TitledPiece:
    """A piece.

    Parameters
    ----------
    title : str
        What it is called among others: the text of its marker.
    song : Song
    new : NewMeasures, optional
        Its new measures, where others were given.
    given : GivenFile, optional
        The file that gets the new measures; a piece without one is written by itself.
    figures : mapping of str to object
        What else the JSON says of it.
    """

    title: str
    song: Song
    new: NewMeasures | None = None
    given: GivenFile | None = None
    figures: Mapping[str, object] = field(default_factory=dict)

    def compare_with(self, tunes: TuneIndex | None) -> Likeness:
        """Return what its new measures, or all if none were given, share with training songs."""
        return compare(tunes, self.song, self.new or NewMeasures(0, self.song.measures))

    def to_json(self, likeness: Likeness) -> dict[str, object]:
        """Return it as an object for JSON; measures are counted from 1, the first and last new one named."""
        new: dict[str, object] = {"new": [self.new.first + 1, self.new.after]} if self.new else {}
        if self.new and self.new.parts is not None:
            new["new_parts"] = [self.song.parts[part].name for part in self.new.parts]
        described = describe_song(self.song)
        return {"title": self.title, **described, **new, **self.figures, **likeness.to_json()}


@dataclass(frozen=True)
class MadePieces:
    """What a command has made.

    Parameters
    ----------
    pieces : tuple of TitledPiece
    about : str
        A phrase on the pieces, for people.
    seed : int, optional
        Of all chance in them.
    given : tuple of Song
        The songs that they were made from.
    notices : tuple of str
        What was changed or left out of these, as it was said before.
    said_back : mapping of Path to float
        Where pieces are made from codes, the note F1 of each song given, said back from its own.
    """

    pieces: tuple[TitledPiece, ...]
    about: str
    seed: int | None = None
    given: tuple[Song, ...] = ()
    notices: tuple[str, ...] = ()
    said_back: Mapping[Path, float] = field(default_factory=dict)

    def describe_given(self) -> dict[str, object]:
        """Return for JSON how well the songs given come back, where that is known."""
        said_back = {str(song): note_f1 for song, note_f1 in self.said_back.items()}
        return {"said_back": said_back} if said_back else {}


@dataclass(frozen=True)
class PieceOutput:
    """Where a command writes, and how it tells of that.

    Parameters
    ----------
    path : Path
    force : bool
        Whether to replace what somebody else wrote.
    as_json : bool
    sources : tuple of Path
        The songs to be read.
    separate : int
        How many pieces there will be, if each is to have a file: see `name_files`.

    Raises
    ------
    OutputError
        If pieces cannot be written, or would be over their sources: that is found before long work.
    """

    path: Path
    force: bool
    as_json: bool
    sources: tuple[Path, ...] = ()
    separate: int = 0

    def __post_init__(self) -> None:
        """Check that there is room."""
        for path in name_files(self.path, self.separate):
            require_free_music(path, self.force, self.as_json, self.sources)

    def deliver(self, context: typer.Context, made: MadePieces, model: OpenModel) -> None:
        """Write what a command has made, and tell of it and of the training songs that it is like.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        pieces, tunes, paths = made.pieces, model.tunes, name_files(self.path, self.separate)
        provenance = make_provenance(context, self.path, model.name, made.seed, self.sources)
        likenesses = [piece.compare_with(tunes) for piece in pieces]
        share, left_out = len(pieces) // len(paths), list[str]()
        for number, path in enumerate(paths):
            inside = slice(number * share, (number + 1) * share)
            nearest = tuple(likeness.nearest for likeness in likenesses[inside]) if tunes else ()
            music = _to_music(pieces[inside], replace(provenance, nearest=nearest))
            left_out += write_music(music, path, self.force)
        say(f"wrote {', '.join(map(str, paths))}: {made.about}")
        copied = (tunes.repeats(song) for song in made.given) if tunes else ()
        say_likeness([piece.title for piece in pieces], likenesses, {copy.title for copy in copied if copy})
        doubts = say_doubts(made.said_back)
        if self.as_json:
            notices = (*model.notices, *made.notices, *left_out, *doubts)
            by = {"seed": made.seed, "model": model.name, "notices": notices, **made.describe_given()}
            told = [piece.to_json(likeness) for piece, likeness in zip(pieces, likenesses, strict=True)]
            print_json({"out": list(map(str, paths)), **by, "pieces": told})


def name_files(out: Path, separate: int) -> tuple[Path, ...]:
    """Return the path for all pieces, or of so many separate ones a path for each: out-1.mid, out-2.mid.

    Raises
    ------
    typer.BadParameter
        If separate pieces are to go to standard output.
    """
    if not separate:
        return (out,)
    if out == STANDARD:
        raise typer.BadParameter("standard output takes one file: name a file instead of -")
    return tuple(out.with_name(f"{out.stem}-{number}{out.suffix}") for number in range(1, separate + 1))


def _to_music(pieces: tuple[TitledPiece, ...], provenance: Provenance) -> Music:
    """Return some pieces as music: the file given with what is new, or all under markers."""
    first = pieces[0]
    if first.given and first.new:
        from musicvae.midi.editing.edit import edit_midi
        from musicvae.midi.editing.edited_source import read_edited
        from musicvae.midi.editing.song_edit import make_edit

        data = edit_midi(first.given.file, make_edit(first.given, first.song, *first.new), provenance)
        return Music(data, read_edited(data, first.given.source))
    from musicvae.midi.saving.writer import song_to_bytes

    song = _join(pieces)
    return Music(song_to_bytes(song, provenance), song)


def _join(pieces: tuple[TitledPiece, ...]) -> Song:
    """Return pieces one after another, each under a marker; a single one needs none."""
    from musicvae.midi.songs.joining import join_songs

    songs = [piece.song for piece in pieces]
    return songs[0] if len(songs) == 1 else join_songs(songs, [piece.title for piece in pieces])
