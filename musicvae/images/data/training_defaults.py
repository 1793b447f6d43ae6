"""How pictures are learned where nothing else is said: apart from what learns them, which loads torch."""

from __future__ import annotations

from musicvae.core.training.train_config import TrainConfig

# Losses are summed over pixels, so gradients are larger than those of measures.
FIT = TrainConfig(minutes=5, learning_rate=2e-3, clip=100.0, checks=30, patience=10)
LATENT = 16
WIDTH, BLOCKS = 24, 1  # see PictureConfig
NOISE = 0.3  # of a DAE, where neither noise nor dropped pixels are told
BATCH = 64
VALIDATION = 0.05
