"""What a picture model is made for and made of; stored in the model folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from musicvae.core.objective import AUTOENCODERS, AutoencoderKind
from musicvae.images.data.training_defaults import BLOCKS, LATENT, WIDTH

Network = Literal["conv", "dense"]
LikelihoodName = Literal["bernoulli", "continuous", "gaussian", "logistic"]
Binarising = Literal["dynamic", "threshold"]

SMALLEST, LARGEST = 8, 512  # pixels a side
GREY, COLOUR = 1, 3  # channels


@dataclass(frozen=True)
class PictureConfig:
    """The pictures that a model knows, and its parts.

    Parameters
    ----------
    autoencoder : str
        "ae", "dae" or "vae": see `core.bottleneck`.
    size : int
        Pixels a side, H = W.
    channels : int
        1 for grey pictures, 3 for colour, C.
    latent : int
        Numbers in a code, Z.
    network : str
        "conv" or "dense": see `images.networks`.
    likelihood : str
        "bernoulli" (pixels made 0 or 1), "continuous" (a continuous Bernoulli of pixels in [0, 1]),
        "gaussian" or "logistic" (a discretised logistic of 8-bit levels): see `core.likelihood`.
    binarise : str, optional
        How pixels become 0 or 1 for a Bernoulli: "dynamic" draws each anew every time it is seen, with
        its grey as the probability (Salakhutdinov & Murray 2008); "threshold" cuts at a half.
    std : float, optional
        The fixed standard deviation of a Gaussian; None: the network says it.
    width : int
        Channels of the conv network at its finer resolution (twice as many at the coarser), and a
        sixteenth of the units in a layer of the dense one.
    blocks : int
        Residual blocks at the coarser resolution, or hidden layers of the dense network.
    noise : float
        Of a DAE: the standard deviation of the noise on its input, which is then clipped to [0, 1].
    drop : float
        Of a DAE: the share of its input's pixels that are set to 0.
    split_seed : int
        By which pictures were dealt out: whoever scores the model finds by it those it has not seen.
    """

    autoencoder: AutoencoderKind
    size: int
    channels: int = GREY
    latent: int = LATENT
    network: Network = "conv"
    likelihood: LikelihoodName = "gaussian"
    binarise: Binarising | None = None
    std: float | None = None
    width: int = WIDTH
    blocks: int = BLOCKS
    noise: float = 0.0
    drop: float = 0.0
    split_seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be a model."""
        for name, value, choices in (
            ("kind", self.autoencoder, AUTOENCODERS),
            ("network", self.network, get_args(Network)),
            ("likelihood", self.likelihood, get_args(LikelihoodName)),
            ("channels", self.channels, (GREY, COLOUR)),
        ):
            if value not in choices:
                raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}, got {value!r}")
        if not SMALLEST <= self.size <= LARGEST:
            raise ValueError(f"the size must lie between {SMALLEST} and {LARGEST} pixels, got {self.size}")
        if min(self.latent, self.width) < 1 or self.blocks < 0:
            raise ValueError("latent and width must be 1 or more, and blocks not negative")
        if (self.likelihood == "bernoulli") != (self.binarise in get_args(Binarising)):
            raise ValueError("a Bernoulli says how pixels are binarised, and no other likelihood does")
        if self.std is not None and (self.likelihood != "gaussian" or not self.std > 0):
            raise ValueError("a fixed std must be positive, and is a Gaussian's")
        if self.noise < 0 or not 0 <= self.drop < 1:
            raise ValueError("noise cannot be negative, and drop must lie in [0, 1)")
        if (self.autoencoder == "dae") != (self.noise > 0 or self.drop > 0):
            raise ValueError("a DAE needs noise or drop, and the other kinds take none")

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of a picture, (C, H, W)."""
        return (self.channels, self.size, self.size)

    @property
    def pixels(self) -> int:
        """Numbers in a picture, C * H * W: the dimensions of "bits per dimension"."""
        return self.channels * self.size * self.size
