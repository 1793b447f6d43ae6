"""What a music model is made for and made of; stored in the model folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from musicvae.core.objective import AutoencoderKind
from musicvae.measures.data.alphabet import Alphabet
from musicvae.measures.data.training_defaults import LATENT
from musicvae.midi.arranging.ensembles import Ensemble
from musicvae.midi.arranging.seats import are_seats, number_instruments, take_seats
from musicvae.midi.songs.song import DEFAULT_BPM, Grid, Meter, Part

KEYS = 24  # see `midi.songs.key`


class SongKind(NamedTuple):
    """What songs begin as and who plays them, and the share of the training songs of which that is true.

    Style and key are counted from 1, as everywhere, since there may be none. The meter is counted from 0,
    unlike `MusicConfig.meter_index`: every song has one that the model knows, and model folders say it so.
    """

    style: int  # styles[style - 1]; 0: none
    meter: int  # meters[meter]
    key: int  # see `midi.songs.key`
    share: float
    programs: tuple[int, ...] = ()  # of who sits at the seats, NO_PROGRAM where nobody does; (): no seats


@dataclass(frozen=True)
class MusicConfig:
    """The music that a model speaks.

    Parameters
    ----------
    ensemble : str
    parts : tuple of Part
    steps_per_beat : int
    meters : tuple of str
        The meters it was trained on, commonest first.
    meter_shares : tuple of float
        The share of the training measures that each meter has.
    steps : int
        Steps of the longest measure, T.
    bpm : float
        The usual tempo of the training songs, quarter notes per minute.
    styles : tuple of str
        The styles (sub-folders) that the training songs came from.
    kinds : tuple of SongKind
        The style, meter, key and instruments of the training songs together, and how often they came.
    registers : tuple of float
        The mean pitch of each kind of instrument (`midi.songs.instruments`) in the training songs, 0 of one
        that they have not; none where parts are no seats.
    """

    ensemble: str
    parts: tuple[Part, ...]
    steps_per_beat: int
    meters: tuple[str, ...]
    meter_shares: tuple[float, ...]
    steps: int
    bpm: float = DEFAULT_BPM
    styles: tuple[str, ...] = ()
    kinds: tuple[SongKind, ...] = ()
    registers: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for style, meter, key, share, _ in self.kinds:
            known = style in range(len(self.styles) + 1) and meter in range(len(self.meters))
            if not (known and key in range(KEYS + 1) and share > 0):
                raise ValueError("songs are of a style, meter or key that the model does not have")

    @property
    def grid(self) -> Grid:
        """The grid of the model's songs."""
        return Grid(self.steps_per_beat)

    @property
    def alphabet(self) -> Alphabet:
        """The symbols of the model's notes."""
        return Alphabet(len(self.parts), self.has_bands, self.parts[0].is_drums)

    @property
    def arrangement(self) -> Ensemble:
        """What songs are laid out for before the model hears them."""
        return Ensemble(self.ensemble, self.parts)

    @property
    def has_bands(self) -> bool:
        """Whether songs differ in who plays: parts are seats, and more than one."""
        return are_seats(self.parts) and len(self.parts) > 1

    def number_bands(self, programs: np.ndarray) -> np.ndarray:
        """Return the kind of instrument at each seat (`midi.songs.instruments`), given the programs of songs.

        Parameters
        ----------
        programs : np.ndarray of int, shape (songs, parts)
            NO_PROGRAM where nobody sits.

        Returns
        -------
        np.ndarray of int, shape (songs, parts), or (songs, 0) where songs do not differ in who plays
        """
        if not self.has_bands:
            return np.empty((len(programs), 0), np.int64)
        return number_instruments(programs, self.parts)

    def parts_of(self, kind: SongKind) -> tuple[Part, ...]:
        """Return who plays songs of a kind."""
        return take_seats(self.parts, kind.programs) if kind.programs else self.parts

    def usual_parts(self) -> tuple[Part, ...]:
        """Return who plays where nothing is said of it: as most of the training songs have it."""
        if not (are_seats(self.parts) and self.kinds):
            return self.parts
        shares: dict[tuple[int, ...], float] = {}
        for kind in self.kinds:
            shares[kind.programs] = shares.get(kind.programs, 0) + kind.share
        return take_seats(self.parts, max(shares.items(), key=lambda item: item[1])[0])

    def can_read(self, meter: Meter) -> bool:
        """Say whether the model has room for a measure of a meter, whether it knows the meter or not."""
        return meter.fits(self.grid) and meter.steps(self.grid) <= self.steps

    def meter_index(self, meter: Meter) -> int:
        """Return the index by which the model knows a meter, 0 if it does not."""
        name = str(meter)
        return self.meters.index(name) + 1 if name in self.meters else 0

    def meter_indexes(self, meters: np.ndarray) -> np.ndarray:
        """Return `meter_index` of each (numerator, denominator) row, shape (measures,)."""
        rows, inverse = np.unique(meters, axis=0, return_inverse=True)
        known = np.array([self.meter_index(Meter(int(n), int(d))) for n, d in rows], np.int64)
        return known[inverse.ravel()] if len(rows) else np.empty(0, np.int64)


@dataclass(frozen=True)
class NetworkConfig:
    """What a model is made of.

    Parameters
    ----------
    autoencoder : str
        "vae", "ae" or "dae": what a code is (see `core.bottleneck`), and what is encoded in training.
    corrupt : float
        Of a DAE, the share of the notes that the encoder is given wrongly (`measures.data.wrong_notes`).
    decoder : str
        "recurrent" (notes, hears the song) or "conv" (piano rolls, one measure at a time).
    latent : int
        Numbers in the code of a measure, or of what is played at one of its seats.
    hidden, layers : int
        Width and depth of the decoder's recurrence.
    reach : int
        Measures that the decoder looks back over, the present one counted; 0: it cannot look back.
    encoder_hidden, features : int
        Width of the encoder's steps and of its measures.
    dropout : float
        Within the decoder's blocks, in training.
    hiding : float
        The share of rows hidden from those after them, in training where codes are given, is drawn for
        each window between 0 and this. From 1 up some windows are hidden wholly: at 2 every other one.
        With few songs, a decoder that hears them knows them by heart and needs no code: hide more.
    """

    autoencoder: AutoencoderKind = "vae"
    corrupt: float = 0.0
    decoder: str = "recurrent"
    latent: int = LATENT
    hidden: int = 256
    layers: int = 4
    reach: int = 16
    encoder_hidden: int = 192
    features: int = 512
    dropout: float = 0.0
    hiding: float = 1.0

    def __post_init__(self) -> None:
        if self.corrupt and self.autoencoder != "dae":
            raise ValueError("wrong notes are what a DAE learns from, and this is to be another kind")


@dataclass(frozen=True)
class MeasureVAEConfig(NetworkConfig, MusicConfig):
    """The music that a model speaks, and what it is made of: the fields of both, those of the music first."""

    @property
    def codes_a_measure(self) -> int:
        """How many codes lie side by side in that of a measure: one, or that of each seat."""
        return len(self.parts) if self.has_bands else 1

    @property
    def code_size(self) -> int:
        """Numbers in the code of a measure, Z."""
        return self.latent * self.codes_a_measure

    def __post_init__(self) -> None:
        NetworkConfig.__post_init__(self)
        MusicConfig.__post_init__(self)
