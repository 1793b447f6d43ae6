"""`musicvae compress` and `musicvae expand`: a song in a few bytes, and back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

import musicvae_cli.shell.options as options
from musicvae.compose.compression.defaults import STEP
from musicvae_cli.inputs.find_model import OpenModel, find_model_of, open_model
from musicvae_cli.inputs.packed_file import naming_packed, read_packed
from musicvae_cli.inputs.songs import describe_song, read_bytes, read_for_model, say_notices
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
COMES_BACK = "every note comes back as it is in the file; pedals, bends and other controllers are not kept"

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
    bool, typer.Option("--lossless", help="Keep every note of the file, whether the model speaks it or not.")
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


class _Packed(NamedTuple):
    """A song compressed, and what is told of it."""

    data: bytes
    read: bytes  # of the file, if they are known
    song: Song
    notes: int
    notices: tuple[str, ...]  # that were said already
    said: tuple[str, ...]
    figures: dict[str, float]


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
        pack = _pack_whole if lossless else partial(_pack_codes, step=step)
        packed = pack(song, opened, melody)
    write_packed(packed.data, out, force)
    sizes = _measure(packed)
    say(f"wrote {out}: {_about(sizes, packed)}")
    for sentence in packed.said:
        say(sentence)
    if as_json:
        figures = {f"{name}_bytes": size for name, size in sizes._asdict().items()}
        said = (*opened.notices, *packed.notices, *packed.said)
        told = {"out": str(out), "model": opened.name, "lossless": lossless, "notices": said}
        print_json({**told, **describe_song(packed.song), "notes": packed.notes, **figures, **packed.figures})


def _pack_whole(path: Path, model: OpenModel, melody: str) -> _Packed:
    """Return a song with every note of it, and what these cost."""
    from musicvae.compose.compression.lossless import compress_whole
    from musicvae.compose.compression.whole_music import WholeMusic
    from musicvae.midi.editing.whole_midi import make_first_whole
    from musicvae.midi.reading.laid_songs import find_known_melody

    name, data = read_bytes(path)
    whole = make_first_whole(name, data)
    given, notes = WholeMusic(whole.source), len(whole.source.notes)
    notices = say_notices(name, whole.heard_notices)
    known = find_known_melody(given.source, melody)
    song = given.song()
    with patient_bar("compressing") as advance:
        packed = compress_whole(model.network, given, known, Path(model.name).name, advance)
    heard, touch, rest = (bits / notes for bits in packed.bits)
    by_what = f"{heard:.1f} by the model, {rest:.1f} beside it, {touch:.1f} for touch and timing"
    told = (f"notes alone, bits each: {by_what}", COMES_BACK)
    figures = {f"{name}_bits_a_note": bits / notes for name, bits in packed.bits._asdict().items()}
    return _Packed(packed.data, data, song, notes, notices, told, figures)


def _pack_codes(path: Path, model: OpenModel, melody: str, step: float) -> _Packed:
    """Return the codes of a song, and how alike what they bring back is."""
    from musicvae.compose.compression.squeeze import compress as squeeze
    from musicvae.midi.likeness.agreement import compare

    given, notices = read_for_model(path, model.network.config, melody)
    with patient_bar("compressing") as advance:
        packed = squeeze(model.network, given, step, Path(model.name).name, advance)
    same = compare(given, packed.copy)
    alike = f"what comes back has {same.step_accuracy:.1%} of the steps right, note F1 {same.note_f1:.3f}"
    doubts = (LITTLE_COMES_BACK,) if same.step_accuracy < ALIKE else ()
    scores = {"step_accuracy": same.step_accuracy, "onset_f1": same.onset_f1, "note_f1": same.note_f1}
    said = (f"{alike}; {NOT_KEPT}", *doubts)
    read = b"" if path == STANDARD else path.read_bytes()
    return _Packed(packed.data, read, given, len(given.notes), notices, said, scores)


def _measure(packed: _Packed) -> Sizes:
    """Return the sizes of a song; where it was not read from a MIDI file, of the one that it would make."""
    import gzip
    import lzma

    from musicvae.midi.saving.writer import song_to_bytes

    midi = packed.read if packed.read.startswith(b"MThd") else song_to_bytes(packed.song)
    return Sizes(len(packed.data), len(midi), len(gzip.compress(midi, 9)), len(lzma.compress(midi, preset=9)))


def _about(sizes: Sizes, packed: _Packed) -> str:
    a_note, a_measure = 8 * sizes.packed / packed.notes, sizes.packed / packed.song.measures
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
        from musicvae.midi.saving.source_midi import count_unsayable, source_to_midi
        from musicvae.midi.saving.writer import song_to_bytes

        with patient_bar("expanding") as advance:
            unpacked = unpack(found.network, data, advance)
    provenance = make_provenance(context, out, found.name, sources=[packed])
    song, given, lost = unpacked.song, unpacked.given, tuple[str, ...]()
    if given is None:
        music, notes = Music(song_to_bytes(song, provenance), song), len(song.notes)
    else:
        music = Music(source_to_midi(given.source, provenance, given.end), given.source)
        notes = len(given.source.notes)
        if not given.source.is_barred:  # of a score it is told when it is written
            lost = say_notices(out, count_unsayable(given.source))
    left_out = (*lost, *write_music(music, out, force))
    say(f"wrote {out}: {song.measures} measures, {notes:,} notes")
    if as_json:
        told = {"out": str(out), "model": found.name, "notices": (*found.notices, *left_out)}
        print_json({**told, **describe_song(song), "notes": notes})
