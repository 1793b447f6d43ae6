"""`musicvae interpolate`: from one song to another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import musicvae_cli.options as options
from musicvae_cli.console import print_json, say
from musicvae_cli.midi_output import require_room, write_midi
from musicvae_cli.models import open_model
from musicvae_cli.provenance import Making
from musicvae_cli.songs import STANDARD, describe_song, read_one, require_names

if TYPE_CHECKING:
    from musicvae.compose.interpolate import Interpolation
    from musicvae.midi.song import Song


def interpolate(
    context: typer.Context,
    a: options.SongA,
    b: options.SongB,
    out: options.MidiOut = None,
    steps: options.Steps = 7,
    measures: options.FirstMeasures = None,
    morph: options.Morph = False,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Walk from song A to song B, and write the songs on the way as A-to-B.mid beside A."""
    if a == b == STANDARD:
        raise typer.BadParameter("standard input holds one song: name a file for A or for B")
    path = out or _name_file(a, b)
    require_room([path], force, as_json, sources=[a, b])
    with open_model(model) as (network, name):
        from musicvae.compose.interpolate import interpolate as walk
        from musicvae.compose.interpolate import morph as turn

        start, end = (read_one(song, network.config.grid, network.config.ensemble) for song in (a, b))
        found = turn(network, start, end, measures) if morph else walk(network, start, end, steps, measures)
    for notice in _notices(found, start, end):
        say(notice)
    provenance = Making(path, name, sources=(str(a), str(b))).provenance(context)
    write_midi(_join(found), path, provenance, force)
    say(f"wrote {path}: {', '.join(found.titles)}")
    if as_json:
        pieces = [
            {"title": title, **describe_song(song)}
            for title, song in zip(found.titles, found.songs, strict=True)
        ]
        print_json(
            {"out": [str(path)], "seed": None, "model": name, "notices": found.notices, "pieces": pieces}
        )


def _name_file(a: Path, b: Path) -> Path:
    require_names(a, b)
    return a.with_name(f"{a.stem}-to-{b.stem}.mid")


def _notices(found: Interpolation, start: Song, end: Song) -> tuple[str, ...]:
    same = [part.program for part in start.parts] == [part.program for part in end.parts]
    return found.notices if same else (*found.notices, "instruments: of A throughout")


def _join(found: Interpolation) -> Song:
    """Return the songs one after another; a file has one instrument a part, and it is A's."""
    from musicvae.midi.song import join_songs

    return join_songs([replace(song, parts=found.songs[0].parts) for song in found.songs], found.titles)
