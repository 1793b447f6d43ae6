"""`musicvae expand`: the song of a compressed file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

import musicvae_cli.shell.options as options
from musicvae.errors import PacketError
from musicvae_cli.inputs.packed_model import find_model_of
from musicvae_cli.inputs.songs import describe_song
from musicvae_cli.outputs.made_by import Making
from musicvae_cli.outputs.midi_file import require_room, write_midi
from musicvae_cli.outputs.packed_file import name_packed, read_packed
from musicvae_cli.shell.console import patient_bar, print_json, say

if TYPE_CHECKING:
    from musicvae.measures.network.model import MeasureVAE
    from musicvae.midi.songs.song import Song


def expand(
    context: typer.Context,
    packed: options.Packed,
    out: options.Out,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write the song that `compress` put into PACKED to OUT. It takes the model that packed it."""
    require_room((out,), force, as_json, (packed,))
    from musicvae.core.compression.packet import bytes_to_packet

    data = read_packed(packed)
    try:
        found = find_model_of(bytes_to_packet(data), model)
        song = _unpack(found.network, data)
    except PacketError as error:
        raise name_packed(packed, error) from error
    provenance = Making(out, found.name, sources=(str(packed),)).provenance(context)
    write_midi(song, out, provenance, force)
    say(f"wrote {out}: {song.measures} measures, {len(song.notes):,} notes")
    if as_json:
        print_json({"out": str(out), "model": found.name, **describe_song(song)})


def _unpack(network: MeasureVAE, data: bytes) -> Song:
    from musicvae.compose.compression.squeeze import expand as unpack

    with patient_bar("expanding") as advance:
        return unpack(network, data, advance)
