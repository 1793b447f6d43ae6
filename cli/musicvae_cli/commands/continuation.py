"""`musicvae continue`: a song, and measures that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

import musicvae_cli.shell.options as options
from musicvae_cli.inputs.find_model import open_model
from musicvae_cli.inputs.songs import hear, name_beside
from musicvae_cli.outputs.likeness import New
from musicvae_cli.outputs.made_by import Making
from musicvae_cli.outputs.pieces import Outlet, Piece, Works, mark_new, name_files
from musicvae_cli.shell.chance import choose_seed, make_generator
from musicvae_cli.shell.console import patient_bar

if TYPE_CHECKING:
    from musicvae.measures.data.config import MeasureVAEConfig
    from musicvae.midi.songs.song import Meter, Song

MEASURES = 8  # where nothing else is said


def continue_song(
    context: typer.Context,
    song: options.Song,
    out: options.MidiOut = None,
    measures: options.NewMeasures = None,
    meter: options.NewMeters = None,
    n: options.Ways = 1,
    temperature: options.Temperature = 0.9,
    seed: options.DrawnSeed = None,
    separate: options.Separate = False,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Go on with SONG. It is written with its new measures as SONG-continued.mid beside it."""
    path = out or name_beside(song, "continued")
    outlet = Outlet(name_files(path, n, separate), force, as_json)
    outlet.require_room(song)
    seed = choose_seed(seed)
    with open_model(model) as opened:
        from musicvae.compose.continuation import continue_song as go_on

        given, notices = hear(song, opened.network.config)
        meters = _choose_meters(opened.network.config, given, meter, measures)
        with patient_bar("writing") as advance:
            songs = go_on(opened.network, given, meters, n, temperature, make_generator(seed), advance)
    new = New(given.measures, given.measures + len(meters))
    pieces = tuple(
        Piece(f"continuation {number}", mark_new(each, new), new)
        for number, each in enumerate(songs, start=1)
    )
    about = f"{given.measures} measures given, {len(meters)} new, seed {seed}"
    provenance = Making(path, opened.name, seed, (str(song),)).provenance(context)
    outlet.deliver(Works(pieces, provenance, about, (), notices), opened.tunes)


def _choose_meters(
    config: MeasureVAEConfig, song: Song, asked: str | None, measures: int | None
) -> tuple[Meter, ...]:
    """Return the meters of the new measures: those asked for, or else that of the song's last one."""
    from musicvae.compose.generate import parse_known_meters

    if asked is None:
        return song.meters[-1:] * (measures or MEASURES)
    return parse_known_meters(config, asked, measures, MEASURES)
