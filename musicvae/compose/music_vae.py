"""`MusicVAE`: a trained model in a few lines of Python.

::

    import musicvae

    model = musicvae.load("musicvae-model")
    codes = model.encode("a.mid")                      # (N, Z): one code a measure
    song = model.decode(codes, meter="3/4")
    for song in model.sample(5, seed=1):
        print(song)
    longer = model.continue_song("a.mid", measures=8)
    filled = model.infill("a.mid", first=4, after=8)   # measures 5 to 8: like the slice [4:8]
    clean = model.denoise("a.mid")                     # wrong notes and holes put right
    varied = model.vary("a.mid", amount=0.3, n=4)
    between = model.interpolate("a.mid", "b.mid")
    midi = musicvae.song_to_pretty_midi(between[3])
    data = model.compress("a.mid", lossless=True)      # bytes: model.expand(data) has its very notes

Songs come as `Song`, as paths or as `pretty_midi.PrettyMIDI`, and go out as `Song`. A model of several parts
adds those that a song lacks: ``musicvae.load("chorales").accompany("tune.mid")``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from musicvae.compose.accompany import accompany, choose_new_parts
from musicvae.compose.bands import seat_codes
from musicvae.compose.compression.defaults import STEP
from musicvae.compose.compression.lossless import compress_whole
from musicvae.compose.compression.squeeze import compress, expand
from musicvae.compose.compression.whole_music import take_whole
from musicvae.compose.continuation import continue_song
from musicvae.compose.denoise import denoise
from musicvae.compose.generate import generate
from musicvae.compose.infill import Gap, infill
from musicvae.compose.interpolate import interpolate, morph
from musicvae.compose.options import (
    AMOUNT,
    NEW_MEASURES,
    TEMPERATURE,
    InfillOptions,
    PathOptions,
    PieceOptions,
)
from musicvae.compose.performance.listen import listen
from musicvae.compose.performance.reconstruct import reconstruct
from musicvae.compose.performance.script import Script, perform
from musicvae.compose.pretrained import Pretrained
from musicvae.compose.vary import vary
from musicvae.core.categorical import Draw, require_temperature
from musicvae.measures.data.batch import lay_out
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import exact
from musicvae.measures.data.song_batch import SongOutline, outline_to_window
from musicvae.measures.network.model import device_of
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.song_writing import decode_songs
from musicvae.midi.songs.song import Song, parse_meters
from musicvae.provenance import Nearest

if TYPE_CHECKING:
    from musicvae.compose.performance.listen import Music

    Codes: TypeAlias = Tensor | np.ndarray
    Meters: TypeAlias = str | Sequence[str] | Song


class MusicVAE(Pretrained):
    """A trained model: songs -> codes -> songs, and new ones. Its parameters are those of `Pretrained`."""

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

    def decode(self, codes: Codes, meter: Meters = "4/4", temperature: float = 0.0, seed: int = 0) -> Song:
        """Return the song that codes stand for.

        Parameters
        ----------
        codes : Tensor or np.ndarray, shape (N, Z)
        meter : str, one for each measure, or the song whose meters they are, and who plays
            Without a song, those play who usually sit at the seats that the codes have (of a model of bands).
        temperature : float
            0 reads the codes as closely as it can; above it the notes are drawn, by the seed.
        seed : int
        """
        require_temperature(temperature)
        codes = torch.as_tensor(codes, dtype=torch.float32)
        outline = self._outline(meter, codes)
        if temperature == 0:
            return perform(self.network, [Script(outline, np.zeros(len(codes)), codes, closely=True)])[0]
        return decode_songs(self.network, [outline], [exact(codes)], Draw(temperature, _seeded(seed)))[0]

    def sketch(self, codes: Codes, meter: Meters = "4/4") -> Tensor:
        """Return the piano rolls that codes say at a glance, without a walk over steps; differentiable.

        Arguments are those of `decode`, which hears the song as well.

        Returns
        -------
        Tensor, shape (N, parts, 2, T, 128)
            How likely each cell is, in the planes onset and sustain of `songs_to_rolls`.
        """
        codes = torch.as_tensor(codes, dtype=torch.float32, device=device_of(self.network))
        outline = self._outline(meter, codes)
        layout = lay_out([outline_to_window(outline, self.config)], codes.device)
        return self.network.sketch(layout, codes)

    def _outline(self, meter: Meters, codes: Tensor) -> SongOutline:
        """Return what is known of the measures that codes stand for."""
        meters = parse_meters(meter, len(codes))
        if isinstance(meter, Song) and self.config.has_bands:
            return SongOutline(meters, parts=self.hear(meter).parts)
        return SongOutline(meters, parts=seat_codes(codes, self.config))

    def sample(self, n: int = 5, seed: int = 0, **wanted: Any) -> list[Song]:
        """Return `n` new pieces; the same seed gives the same pieces.

        Parameters
        ----------
        n, seed : int
        **wanted
            As in `PieceOptions`: measures, meter, key, style, form, bpm, temperature, from_prior, band.
        """
        return generate(self.network, PieceOptions(count=n, **wanted), _seeded(seed), self.plans)

    def continue_song(
        self, music: Music, measures: int = NEW_MEASURES, temperature: float = TEMPERATURE, seed: int = 0
    ) -> Song:
        """Return a song with new measures, in its last one's meter, that follow from it."""
        song = self.hear(music)
        meters = song.meters[-1:] * measures
        return continue_song(self.network, song, meters, 1, temperature, _seeded(seed))[0]

    def infill(self, music: Music, first: int, after: int, seed: int = 0, **how: Any) -> Song:
        """Return a song with the measures from `first` up to `after` (counted from 0) written anew.

        Further arguments are those of `InfillOptions`: candidates, weigh, temperature.
        """
        gap, options = Gap(first, after), InfillOptions(**how)
        return infill(self.network, self.hear(music), gap, options, _seeded(seed))

    def accompany(self, music: Music, add: str = "", seed: int = 0, **how: Any) -> Song:
        """Return a song with parts that fit it: those named, as in "bass,drums", or else all that it lacks.

        With a model of bands instruments are named (`bands.parse_band`), one at least.

        Further arguments are those of `InfillOptions`.
        """
        options = InfillOptions(**how)
        song, parts, _ = choose_new_parts(self.hear(music), add, self.config)
        whole = Gap(0, song.measures)
        return accompany(self.network, song, parts, whole, options, _seeded(seed))

    def vary(
        self, music: Music, amount: float, n: int = 1, temperature: float = TEMPERATURE, seed: int = 0
    ) -> list[Song]:
        """Return `n` variations: amount 0 gives the reconstruction, 1 new pieces in the song's meters."""
        return vary(self.network, self.hear(music), amount, n, temperature, _seeded(seed))

    def reconstruct(self, music: Music) -> Song:
        """Return a song said back from its codes."""
        return reconstruct(self.network, [self.hear(music)])[0]

    def denoise(self, music: Music, amount: float = AMOUNT) -> Song:
        """Return a song with wrong notes and holes put right; `amount` of its notes are taken to be wrong."""
        return denoise(self.network, self.hear(music), amount).song

    def compress(self, music: Music, lossless: bool = False, step: float = STEP) -> bytes:
        """Return a song as the bytes of an .mvz file: its codes rounded by a step, or all that its file has.

        Raises
        ------
        PacketError
            If it does not come back as it should.
        """
        if lossless:
            return compress_whole(self.network, take_whole(music)).data
        return compress(self.network, self.hear(music), step).data

    def expand(self, data: bytes) -> Song:
        """Return the song that was compressed; in the parts of its file, if it was to be lossless.

        That a song is played at 120 is said then, and tempi that change nothing are not.

        Raises
        ------
        PacketError
            If the bytes are damaged, need another model or do not come out here as they went in.
        """
        return expand(self.network, data).song

    def interpolate(
        self, a: Music, b: Music, steps: int = PathOptions.steps, natural: float = PathOptions.natural
    ) -> list[Song]:
        """Return A's reconstruction, `steps` songs between, and B's reconstruction."""
        options = PathOptions(steps, natural=natural)
        return list(interpolate(self.network, self.hear(a), self.hear(b), options).songs)

    def morph(self, a: Music, b: Music) -> Song:
        """Return one song that begins as A and turns into B."""
        return morph(self.network, self.hear(a), self.hear(b)).songs[0]

    def nearest_tune(self, music: Music) -> Nearest | None:
        """Return the training song that shares most with some music, and how much; None if none is known."""
        return None if self.tunes is None else self.tunes.nearest(self.hear(music))


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def load(name: str | Path, device: torch.device | str = "cpu") -> MusicVAE:
    """Return a model from a folder, by a name that comes with musicvae, or from the Hugging Face hub."""
    return MusicVAE.from_pretrained(name, device)
