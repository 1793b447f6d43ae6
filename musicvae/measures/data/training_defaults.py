"""How music is learned where nothing else is said. Apart from what learns it, which loads torch."""

from __future__ import annotations

from musicvae.core.objective import KLWeight
from musicvae.core.training.train_config import TrainConfig

FIT = TrainConfig(minutes=10, learning_rate=7e-4, kl=KLWeight(0.05))
LATENT = 128
VALIDATION = 0.1
WRONG_NOTES = 0.2  # share of the notes that a DAE is given wrongly
