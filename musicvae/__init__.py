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
    from musicvae.compose.music_vae import MusicVAE, load
    from musicvae.compose.options import PieceOptions
    from musicvae.midi.reading.reader import read_song
    from musicvae.midi.saving.pretty import pretty_midi_to_song, song_to_pretty_midi
    from musicvae.midi.saving.writer import write_song
    from musicvae.midi.songs.pianoroll import Rolls, rolls_to_song, songs_to_rolls
    from musicvae.midi.songs.song import Grid, Meter, Part, Song
    from musicvae.provenance import Provenance

# Loaded when first asked for: `import musicvae` itself must not load torch.
_HOMES = {
    "Grid": "musicvae.midi.songs.song",
    "Meter": "musicvae.midi.songs.song",
    "MusicVAE": "musicvae.compose.music_vae",
    "Part": "musicvae.midi.songs.song",
    "PieceOptions": "musicvae.compose.options",
    "Provenance": "musicvae.provenance",
    "Rolls": "musicvae.midi.songs.pianoroll",
    "Song": "musicvae.midi.songs.song",
    "load": "musicvae.compose.music_vae",
    "pretty_midi_to_song": "musicvae.midi.saving.pretty",
    "read_song": "musicvae.midi.reading.reader",
    "rolls_to_song": "musicvae.midi.songs.pianoroll",
    "song_to_pretty_midi": "musicvae.midi.saving.pretty",
    "songs_to_rolls": "musicvae.midi.songs.pianoroll",
    "write_song": "musicvae.midi.saving.writer",
}

__version__ = "0.1.0"
__all__ = [
    "Grid",
    "Meter",
    "MusicVAE",
    "Part",
    "PieceOptions",
    "Provenance",
    "Rolls",
    "Song",
    "__version__",
    "load",
    "pretty_midi_to_song",
    "read_song",
    "rolls_to_song",
    "song_to_pretty_midi",
    "songs_to_rolls",
    "write_song",
]


def __getattr__(name: str) -> Any:
    """Return a public name from the module where it lives."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'musicvae' has no attribute {name!r}")
