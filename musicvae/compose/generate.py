"""New pieces: nothing given, or a code for each measure drawn from the prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from musicvae.errors import SongError
from musicvae.measures.coding import device_of, write_songs
from musicvae.measures.model import MeasureVAE
from musicvae.measures.note_sampling import Draw
from musicvae.midi.song import Meter, Song, Tempo


@dataclass(frozen=True)
class PieceOptions:
    """What pieces to write.

    Parameters
    ----------
    count : int
        How many pieces.
    measures : int
        Length of each.
    meter : str, optional
        Such as "3/4"; left out, each piece draws one as often as it came in the training songs.
    bpm : float, optional
        Quarter notes per minute; the usual tempo of the training songs if left out.
    temperature : float
        1 draws as the model has learned, less plays safer, 0 always takes the likeliest.
    from_prior : bool
        Draw each measure's code from N(0, I), as the textbook has it, instead of none; a decoder that
        does not hear the song always does.
    """

    count: int = 5
    measures: int = 8
    meter: str | None = None
    bpm: float | None = None
    temperature: float = 0.9
    from_prior: bool = False

    def __post_init__(self) -> None:
        if self.count < 1 or self.measures < 1:
            raise ValueError("at least one piece of one measure must be asked for")
        if self.temperature < 0:
            raise ValueError("the temperature cannot be negative")


def generate(model: MeasureVAE, options: PieceOptions, generator: torch.Generator) -> list[Song]:
    """Return new pieces, each hanging together since the decoder hears what it has written.

    Raises
    ------
    SongError
        If the model does not know the meter.
    """
    meters = [(meter,) * options.measures for meter in choose_meters(model, options, generator)]
    codes = None
    if options.from_prior or not model.decoder.hears_song:
        shape = (options.count, options.measures, model.config.latent)
        codes = list(torch.randn(shape, generator=generator).to(device_of(model)))
    songs = write_songs(model, meters, Draw(options.temperature, generator), codes)
    bpm = options.bpm or model.config.bpm
    return [replace(song, tempi=(Tempo(0, bpm),)) for song in songs]


def choose_meters(model: MeasureVAE, options: PieceOptions, generator: torch.Generator) -> Sequence[Meter]:
    """Return a meter for each piece: the one asked for, or one drawn as often as it was heard.

    Raises
    ------
    SongError
        If the model does not know the meter.
    """
    known = model.config.meters
    if options.meter is not None:
        meter = Meter.parse(options.meter)
        if str(meter) not in known:
            raise SongError(f"the model never heard {meter}: ask for one of {', '.join(known)}")
        return [meter] * options.count
    shares = torch.tensor(model.config.meter_shares)
    drawn = torch.multinomial(shares, options.count, replacement=True, generator=generator)
    return [Meter.parse(known[index]) for index in drawn.tolist()]
