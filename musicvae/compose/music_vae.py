"""`MusicVAE`: a trained model in a few lines of Python.

::

    import musicvae

    model = musicvae.load("musicvae-model")
    codes = model.encode("a.mid")                      # (N, Z): one code a measure
    song = model.decode(codes, meter="3/4")
    for song in model.sample(5, seed=1):
        print(song)
    between = model.interpolate("a.mid", "b.mid")
    midi = between[3].to_pretty_midi()

Songs come as `Song`, as paths or as `pretty_midi.PrettyMIDI`, and go out as `Song`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor

from musicvae.compose.generate import PieceOptions, generate
from musicvae.compose.interpolate import interpolate, morph
from musicvae.compose.listen import listen
from musicvae.compose.reconstruct import reconstruct
from musicvae.core.hub import download_model, upload_model
from musicvae.measures.coding import encode_songs, write_songs
from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.model import MeasureVAE
from musicvae.measures.model_folder import load_model, save_model
from musicvae.measures.note_sampling import Draw
from musicvae.midi.song import Meter, Song
from musicvae.outputs import make_folder

if TYPE_CHECKING:
    import pretty_midi

    Music: TypeAlias = Song | Path | str | pretty_midi.PrettyMIDI


class MusicVAE:
    """A trained model: songs -> codes -> songs, and new ones.

    Parameters
    ----------
    network : MeasureVAE
    """

    def __init__(self, network: MeasureVAE) -> None:
        self.network = network

    @classmethod
    def from_pretrained(cls, name: str | Path, device: torch.device | str = "cpu") -> MusicVAE:
        """Return the model in a folder, or in a repository of the Hugging Face hub ("user/model").

        Raises
        ------
        ModelError
            If there is none, or it is damaged or made by a newer musicvae.
        """
        folder = Path(name)
        if not folder.exists() and str(name).count("/") == 1 and not str(name).startswith((".", "/")):
            folder = download_model(str(name))
        return cls(load_model(folder, device))

    def save_pretrained(self, folder: Path | str) -> None:
        """Write the model to a folder, made if it is not there. Inverse of `from_pretrained`."""
        make_folder(Path(folder))
        save_model(self.network, Path(folder))

    @staticmethod
    def push_to_hub(folder: Path | str, repository: str) -> None:
        """Put a model folder, its card included, into a repository of the Hugging Face hub."""
        upload_model(Path(folder), repository)

    @property
    def config(self) -> MeasureVAEConfig:
        """What the model is made for: parts, grid, meters."""
        return self.network.config

    def hear(self, music: Music) -> Song:
        """Return a song in the model's grid and parts.

        Raises
        ------
        SongError
            If it cannot be read, or has nothing for the model's parts.
        """
        return listen(music, self.config)

    def encode(self, music: Music) -> Tensor:
        """Return the code of each measure (posterior means), shape (N, Z)."""
        return encode_songs(self.network, [self.hear(music)])[0]

    def decode(
        self, codes: Tensor, meter: str | Sequence[str] = "4/4", temperature: float = 0.0, seed: int = 0
    ) -> Song:
        """Return the song that codes stand for.

        Parameters
        ----------
        codes : Tensor, shape (N, Z)
        meter : str, or one for each measure
        temperature : float
            0 takes the likeliest notes; above it they are drawn, by the seed.
        seed : int
        """
        names = [meter] * len(codes) if isinstance(meter, str) else list(meter)
        if len(names) != len(codes):
            raise ValueError(f"{len(codes)} codes need as many meters, got {len(names)}")
        draw = Draw(temperature, torch.Generator().manual_seed(seed))
        return write_songs(self.network, [[Meter.parse(name) for name in names]], draw, [codes])[0]

    def sample(self, n: int = 5, seed: int = 0, options: PieceOptions | None = None) -> list[Song]:
        """Return `n` new pieces, or those that `options` asks for; the same seed gives the same pieces."""
        options = options or PieceOptions(count=n)
        return generate(self.network, options, torch.Generator().manual_seed(seed))

    def reconstruct(self, music: Music) -> Song:
        """Return a song said back from its codes."""
        return reconstruct(self.network, [self.hear(music)])[0]

    def interpolate(self, a: Music, b: Music, steps: int = 7) -> list[Song]:
        """Return A's reconstruction, `steps` songs between, and B's reconstruction."""
        return list(interpolate(self.network, self.hear(a), self.hear(b), steps).songs)

    def morph(self, a: Music, b: Music) -> Song:
        """Return one song that begins as A and turns into B."""
        return morph(self.network, self.hear(a), self.hear(b)).songs[0]


def load(name: str | Path, device: torch.device | str = "cpu") -> MusicVAE:
    """Return the model in a folder, or in a repository of the Hugging Face hub."""
    return MusicVAE.from_pretrained(name, device)
