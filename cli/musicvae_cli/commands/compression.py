"""`musicvae compress` and `musicvae expand`: a song in a few bytes, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.compression.defaults import STEP
from musicvae_cli.inputs.find_model import find_model_of, open_model
from musicvae_cli.inputs.packed_file import naming_packed, read_packed
from musicvae_cli.inputs.songs import describe_song, read_for_model
from musicvae_cli.outputs.file_kinds import PACKED
from musicvae_cli.outputs.made_by import make_provenance
from musicvae_cli.outputs.written_file import (
    Music,
    require_free_file,
    require_free_music,
    write_music,
    write_packed,
)
from musicvae_cli.shell.console import patient_bar, print_json, say
from musicvae_cli.shell.options import STANDARD

if TYPE_CHECKING:
    from musicvae.midi.songs.song import Song

ALIKE = 0.5  # of the steps, from which on a song comes back at all
LITTLE_COMES_BACK = "little of the song comes back by this model: train it longer, or compress --lossless"
NOT_KEPT = "velocities are not kept: notes come back equally loud"

PackedOut = Annotated[
    Path,
    typer.Argument(
        metavar="OUT", help="The compressed file to write, .mvz; - is standard output.", show_default=False
    ),
]
Packed = Annotated[
    Path,
    typer.Argument(
        metavar="PACKED",
        help="What `musicvae compress` wrote; - reads it from standard input.",
        show_default=False,
    ),
]
Lossless = Annotated[
    bool, typer.Option("--lossless", help="Keep every note, by the probabilities that the model gives it.")
]
CodeStep = Annotated[
    float,
    typer.Option(
        "--step",
        min=0.016,
        max=100,
        callback=options.finite,
        help="Without --lossless: how coarsely codes are rounded; more is smaller and less like the song.",
    ),
]


class Sizes(NamedTuple):
    """Bytes of the compressed file and of the MIDI file, as it is and by two well-known programs."""

    packed: int
    midi: int
    gzip: int
    xz: int


def compress(
    song: options.Song,
    out: PackedOut,
    lossless: Lossless = False,
    step: CodeStep = STEP,
    melody: options.Melody = "",
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write SONG to OUT in a few bytes. These are the codes of its measures, or its very notes."""
    require_free_file(out, PACKED, force, as_json, [song])
    with open_model(model) as opened:
        from musicvae.compose.compression.squeeze import compress as squeeze
        from musicvae.midi.likeness.agreement import compare

        given, notices = read_for_model(song, opened.network.config, melody)
        with patient_bar("compressing") as advance:
            packed = squeeze(opened.network, given, lossless, step, Path(opened.name).name, advance)
    write_packed(packed.data, out, force)
    sizes, same = _measure(packed.data, song, given), compare(given, packed.copy)
    say(f"wrote {out}: {_about(sizes, given)}")
    alike = f"what comes back has {same.step_accuracy:.1%} of the steps right, note F1 {same.note_f1:.3f}"
    say(NOT_KEPT if lossless else f"{alike}; {NOT_KEPT}")
    doubts = (LITTLE_COMES_BACK,) if same.step_accuracy < ALIKE else ()
    for doubt in doubts:
        say(doubt)
    if as_json:
        figures = {f"{name}_bytes": size for name, size in sizes._asdict().items()}
        scores = {"step_accuracy": same.step_accuracy, "onset_f1": same.onset_f1, "note_f1": same.note_f1}
        said = (*opened.notices, *notices, NOT_KEPT, *doubts)
        told = {"out": str(out), "model": opened.name, "lossless": lossless, "notices": said}
        print_json({**told, **describe_song(given), **figures, **scores})


def _measure(packed: bytes, path: Path, song: Song) -> Sizes:
    """Return the sizes of a song; where it was not read from a MIDI file, of the one that it would make."""
    import gzip
    import lzma

    from musicvae.midi.saving.writer import song_to_bytes

    midi = b"" if path == STANDARD else path.read_bytes()
    if not midi.startswith(b"MThd"):
        midi = song_to_bytes(song)
    return Sizes(len(packed), len(midi), len(gzip.compress(midi, 9)), len(lzma.compress(midi, preset=9)))


def _about(sizes: Sizes, song: Song) -> str:
    a_note, a_measure = 8 * sizes.packed / len(song.notes), sizes.packed / song.measures
    return (
        f"{sizes.packed:,} bytes ({a_note:.1f} bits a note, {a_measure:.1f} bytes a measure);"
        f" the MIDI file has {sizes.midi:,}, by gzip -9 {sizes.gzip:,}, by xz -9 {sizes.xz:,}"
    )


def expand(
    context: typer.Context,
    packed: Packed,
    out: options.Out,
    model: options.Model = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    """Write the song that `compress` put into PACKED to OUT. It takes the model that packed it."""
    require_free_music(out, force, as_json, [packed])
    from musicvae.core.compression.packet import bytes_to_packet

    data = read_packed(packed)
    with naming_packed(packed):
        found = find_model_of(bytes_to_packet(data), model)
        from musicvae.compose.compression.squeeze import expand as unpack
        from musicvae.midi.saving.writer import song_to_bytes

        with patient_bar("expanding") as advance:
            song = unpack(found.network, data, advance)
    provenance = make_provenance(context, out, found.name, sources=[packed])
    left_out = write_music(Music(song_to_bytes(song, provenance), song), out, force)
    say(f"wrote {out}: {song.measures} measures, {len(song.notes):,} notes")
    if as_json:
        told = {"out": str(out), "model": found.name, "notices": (*found.notices, *left_out)}
        print_json({**told, **describe_song(song)})
