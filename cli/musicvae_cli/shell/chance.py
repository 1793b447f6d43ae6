"""Seeds as commands take them: given, or drawn and told."""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING

from musicvae_cli.shell.options import LARGEST_SEED

if TYPE_CHECKING:
    import torch


def choose_seed(given: int | None) -> int:
    """Return the seed that was given, or else a drawn one."""
    return SystemRandom().randrange(LARGEST_SEED) if given is None else given


def make_generator(seed: int) -> torch.Generator:
    """Return the source of all chance of a command."""
    import torch

    return torch.Generator().manual_seed(seed)
