"""musicvae: learns a latent space over the measures of songs, and writes new music from it.

Dimensions
----------
One letter means one thing everywhere: ``B`` batch or windows, ``N`` measures of a song, ``T`` steps of
a measure, ``S`` steps of a window, ``P`` pitches, ``L`` lanes, (part, pitch) pairs, ``H`` hidden, ``F``
features of a measure, ``Z`` latent.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from musicvae.compose.music_vae import MusicVAE, load
    from musicvae.compose.options import PieceOptions
    from musicvae.evaluate.drawing.song_figures import draw_song, song_pages
    from musicvae.midi.reading.reader import read_song, read_songs, read_with_report
    from musicvae.midi.saving.pretty import pretty_midi_to_song, song_to_pretty_midi
    from musicvae.midi.saving.writer import write_song
    from musicvae.midi.songs.pianoroll import Rolls, rolls_to_song, songs_to_rolls
    from musicvae.midi.songs.song import Grid, Meter, Part, Song
    from musicvae.provenance import Provenance
    from musicvae.sound.audio_file import write_audio
    from musicvae.sound.player import player
    from musicvae.sound.render import render

# Loaded when first asked for: `import musicvae` itself must not load torch.
_NAMES = {
    "compose.music_vae": ("MusicVAE", "load"),
    "compose.options": ("PieceOptions",),
    "evaluate.drawing.song_figures": ("draw_song", "song_pages"),
    "midi.reading.reader": ("read_song", "read_songs", "read_with_report"),
    "midi.saving.pretty": ("pretty_midi_to_song", "song_to_pretty_midi"),
    "midi.saving.writer": ("write_song",),
    "midi.songs.pianoroll": ("Rolls", "rolls_to_song", "songs_to_rolls"),
    "midi.songs.song": ("Grid", "Meter", "Part", "Song"),
    "provenance": ("Provenance",),
    "sound.audio_file": ("write_audio",),
    "sound.player": ("player",),
    "sound.render": ("render",),
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
    "draw_song",
    "load",
    "player",
    "pretty_midi_to_song",
    "read_song",
    "read_songs",
    "read_with_report",
    "render",
    "rolls_to_song",
    "song_pages",
    "song_to_pretty_midi",
    "songs_to_rolls",
    "write_audio",
    "write_song",
]


def __getattr__(name: str) -> Any:
    """Return a public name from the module where it lives."""
    for home, names in _NAMES.items():
        if name in names:
            return getattr(import_module(f"musicvae.{home}"), name)
    raise AttributeError(f"module 'musicvae' has no attribute {name!r}")
