"""Sound as files, .wav or .flac by their suffix, each with a comment that says how it came about."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from musicvae.outputs import new_file, require_free
from musicvae.provenance import (
    SOUND_BY_A_PROGRAM,
    Provenance,
    provenance_to_text,
    reason_to_keep_sound,
    seal,
)
from musicvae.sound.encoding import audio_to_flac, audio_to_wav
from musicvae.sound.extras import require_sound_file
from musicvae.sound.synthesizer import Audio

_ENCODERS = {".wav": audio_to_wav, ".flac": audio_to_flac}


def write_audio(
    audio: Audio, path: Path | str, provenance: Provenance | None = None, overwrite: bool = False
) -> None:
    """Write sound as a file.

    Parameters
    ----------
    audio : Audio
    path : Path or str
        Ends in .wav or .flac.
    provenance : Provenance, optional
        How it came about; without it the file says that a program wrote it, which may write it again.
    overwrite : bool
        Whether to replace somebody's work.

    Raises
    ------
    OutputError
        If the file exists and is not as musicvae wrote it or, given how it came about, is a program's; or if
        it cannot be written.
    SoundError
        If a library is missing.
    """
    path = Path(path)
    require_sound_file(path)
    require_free(path, overwrite, partial(reason_to_keep_sound, from_program=provenance is None))
    comment = provenance_to_text(provenance or Provenance(SOUND_BY_A_PROGRAM))
    with new_file(path) as temporary:
        temporary.write_bytes(seal(_ENCODERS[path.suffix.lower()](audio, comment)))
