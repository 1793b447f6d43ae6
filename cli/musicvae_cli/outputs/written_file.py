"""Files that commands write, of music, sound and compressed ones: at a path, or to standard output for `-`.

Music becomes MIDI, or MusicXML or sound where the name of its file ends so.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from musicvae.errors import MusicVAEError, OutputError
from musicvae.outputs import new_file, refusing, require_free
from musicvae.provenance import bytes_to_provenance
from musicvae.sound.extras import require_sound_file
from musicvae_cli.inputs.songs import say_notices
from musicvae_cli.outputs.file_kinds import SCORE, SOUND, FileKind, kind_of
from musicvae_cli.shell.options import STANDARD

if TYPE_CHECKING:
    from musicvae.midi.saving.source_musicxml import WrittenScore
    from musicvae.midi.songs.song import Song
    from musicvae.midi.songs.source import Source


def require_free_music(path: Path, force: bool, as_json: bool = False, sources: Sequence[Path] = ()) -> None:
    """Check, before long work, that a command can write music here, be it as MIDI, as MusicXML or as sound.

    Raises
    ------
    OutputError, typer.BadParameter
        As `require_free_file` does.
    SoundError
        If it is to be sound, and what makes sound is missing.
    """
    kind = kind_of(path)
    if kind is SOUND:
        require_free_sound(path, None, force, sources)
    elif path.suffix.lower() in ("", *kind.suffixes):
        require_free_file(path, kind, force, as_json, sources)
    else:
        others = f"in {SCORE.suffixes[0]} for a score, or in {' or '.join(SOUND.suffixes)} for its sound"
        raise OutputError(f"{path} would hold MIDI: end its name in .mid, {others}")


def require_free_sound(path: Path, soundfont: Path | None, force: bool, sources: Sequence[Path] = ()) -> None:
    """Check, before long work, that a command can write sound here.

    Raises
    ------
    OutputError
        If its name does not end in .wav or .flac, and as `require_free_file` does.
    SoundError
        If what makes sound is missing.
    """
    from musicvae.sound.synthesizer import require_synthesizer

    require_sound_file(path)
    require_free_file(path, SOUND, force, sources=sources)
    require_synthesizer(soundfont)


def require_free_file(
    path: Path, kind: FileKind, force: bool, as_json: bool = False, sources: Sequence[Path] = ()
) -> None:
    """Check, before long work, that a command can write its file.

    Raises
    ------
    OutputError
        If it cannot be written, holds somebody else's work and is not forced, is one of the sources or not
        named as its kind is; or if standard output, which it is to go to, is a terminal.
    typer.BadParameter
        If standard output is to take the JSON object too.
    """
    if path == STANDARD:
        if as_json:
            raise typer.BadParameter(f"standard output cannot take both {kind.name} and the JSON object")
        if sys.stdout.isatty():
            raise OutputError(f"a terminal cannot {kind.shown}: send standard output to a file or a program")
        return
    if path.suffix.lower() not in ("", *kind.suffixes):
        raise OutputError(f"{path} would hold {kind.contents}: end its name in {kind.suffixes[0]}")
    if any(path.resolve() == source.resolve() for source in sources if source != STANDARD):
        raise OutputError(f"{path} is {kind.source}")
    require_free(path, force, kind.reason_to_keep)


class Music(NamedTuple):
    """Music as a MIDI file, and what its score is written of, so that nothing is lost by way of MIDI."""

    midi: bytes
    score: Song | Source


def write_music(music: Music, path: Path, force: bool) -> tuple[str, ...]:
    """Write music as MIDI, as its score or as its sound, by the ending of the file's name.

    Say on standard error what a score leaves out or moves, and what of one MIDI cannot say; return that.

    Raises
    ------
    OutputError, SoundError
        As `require_free_music` does, or if the disk is full.
    SongError
        If it is to be sound and lasts too long for that.
    """
    from musicvae.midi.saving.writer import write_midi_bytes

    if path == STANDARD:
        _write_standard_output(music.midi)
    elif kind_of(path) is SOUND:
        _write_sound(music.midi, path, force)
    elif kind_of(path) is SCORE:
        return _write_score(music, path, force)
    else:
        write_midi_bytes(music.midi, path, overwrite=force)
        return _say_unsayable(music, path)
    return ()


def _say_unsayable(music: Music, path: Path) -> tuple[str, ...]:
    """Say what of a score its MIDI file lacks: of a MIDI file that was given nothing is lost."""
    from musicvae.midi.saving.source_midi import count_unsayable
    from musicvae.midi.songs.song import Song

    if isinstance(music.score, Song) or not music.score.is_barred:
        return ()
    return say_notices(path, count_unsayable(music.score))


def _write_sound(data: bytes, path: Path, force: bool) -> None:
    """Write the sound of a MIDI file; where that fails, the file itself: a model may have taken long."""
    from musicvae.midi.saving.writer import write_midi_bytes
    from musicvae.sound.audio_file import write_audio
    from musicvae.sound.synthesizer import synthesize

    try:
        write_audio(synthesize(data), path, bytes_to_provenance(data), overwrite=force)
    except MusicVAEError as error:
        kept = _find_free(path)
        write_midi_bytes(data, kept)
        raise type(error)(f"{error}; as MIDI the music is in {kept}") from error


def _find_free(path: Path) -> Path:
    """Return the first free name for the MIDI of what was to be sound: out.wav.mid, out.wav-2.mid ..."""
    names = (f"{path.name}{f'-{number}' if number > 1 else ''}.mid" for number in count(1))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def _write_score(music: Music, path: Path, force: bool) -> tuple[str, ...]:
    """Write the score of music, compressed where the name says so, and return what was said of it."""
    from musicvae.midi.saving.notation.musicxml import compress_musicxml

    require_free(path, force, SCORE.reason_to_keep)
    score, left_out = _make_score(music)
    with new_file(path) as temporary:
        temporary.write_bytes(compress_musicxml(score) if path.suffix.lower() == ".mxl" else score)
    return say_notices(path, left_out)


def _make_score(music: Music) -> WrittenScore:
    from musicvae.midi.saving.notation.musicxml import song_to_musicxml
    from musicvae.midi.saving.source_musicxml import WrittenScore, source_to_musicxml
    from musicvae.midi.songs.song import Song

    if isinstance(music.score, Song):
        return WrittenScore(song_to_musicxml(music.score))
    return source_to_musicxml(music.score)


def write_packed(data: bytes, path: Path, force: bool) -> None:
    """Write a compressed file.

    Raises
    ------
    OutputError
        As `require_free_file` does, or if the disk is full.
    """
    from musicvae.core.compression.packet import write_packet

    if path == STANDARD:
        _write_standard_output(data)
    else:
        write_packet(data, path, force)


def _write_standard_output(data: bytes) -> None:
    with refusing(Path("standard output")):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
