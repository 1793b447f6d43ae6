"""musicvae: learns a latent space over the measures of songs, and writes new music from it.

Dimensions
----------
One letter means one thing everywhere: ``B`` batch or windows, ``N`` measures of a song, ``T`` steps of
a measure, ``S`` steps of a window, ``P`` pitches, ``V`` (part, pitch) pairs, ``H`` hidden, ``F``
features of a measure, ``Z`` latent.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from musicvae.compose.generate import PieceOptions
    from musicvae.compose.music_vae import MusicVAE, load
    from musicvae.midi.provenance import Provenance
    from musicvae.midi.reader import read_song
    from musicvae.midi.song import Grid, Meter, Part, Song
    from musicvae.midi.writer import write_song

# Loaded when first asked for: `import musicvae` itself must not load torch.
_HOMES = {
    "Grid": "musicvae.midi.song",
    "Meter": "musicvae.midi.song",
    "MusicVAE": "musicvae.compose.music_vae",
    "Part": "musicvae.midi.song",
    "PieceOptions": "musicvae.compose.generate",
    "Provenance": "musicvae.midi.provenance",
    "Song": "musicvae.midi.song",
    "load": "musicvae.compose.music_vae",
    "read_song": "musicvae.midi.reader",
    "write_song": "musicvae.midi.writer",
}

__version__ = "0.1.0"
__all__ = [
    "Grid",
    "Meter",
    "MusicVAE",
    "Part",
    "PieceOptions",
    "Provenance",
    "Song",
    "__version__",
    "load",
    "read_song",
    "write_song",
]


def __getattr__(name: str) -> Any:
    """Return a public name from the module where it lives."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'musicvae' has no attribute {name!r}")
