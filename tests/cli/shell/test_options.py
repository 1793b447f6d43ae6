from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, get_args, get_type_hints

import torch

from musicvae.compose.music_vae import MusicVAE
from musicvae.compose.options import InfillOptions, PieceOptions
from musicvae.core.objective import AUTOENCODERS
from musicvae.core.training.devices import Device as CoreDevice
from musicvae.images.data.config import Binarising, LikelihoodName, Network
from musicvae.images.data.read import ReadOptions
from musicvae.images.training import TrainingSetup as PictureSetup
from musicvae.measures.training import TrainingSetup
from musicvae.midi.arranging.arrangements import ENSEMBLES
from musicvae_cli.commands.compression import compress
from musicvae_cli.commands.denoise import denoise
from musicvae_cli.commands.editing.accompany import accompany
from musicvae_cli.commands.editing.continuation import continue_song
from musicvae_cli.commands.editing.infill import infill
from musicvae_cli.commands.generate import generate
from musicvae_cli.commands.interpolate import interpolate
from musicvae_cli.commands.train import train
from musicvae_cli.commands.vary import vary
from musicvae_cli.images.commands.train import train as train_pictures
from musicvae_cli.shell import options


def choices_of(command: Callable[..., object], option: str) -> tuple[Any, ...]:
    """Return the words that an option of a command chooses from."""
    return get_args(get_type_hints(command)[option])


def test_what_music_is_trained_on_offers_is_what_there_is() -> None:
    assert choices_of(train, "parts") == ("auto", *ENSEMBLES)
    assert choices_of(train, "kind") == choices_of(train_pictures, "kind") == AUTOENCODERS
    assert choices_of(train, "device") == choices_of(train_pictures, "device") == get_args(CoreDevice)


def test_what_pictures_are_trained_on_offers_is_what_there_is() -> None:
    assert choices_of(train_pictures, "network") == get_args(Network)
    assert choices_of(train_pictures, "likelihood") == ("auto", *get_args(LikelihoodName))
    assert get_args(choices_of(train_pictures, "binarise")[0]) == get_args(Binarising)


def test_a_training_of_music_has_the_defaults_of_the_library() -> None:
    said, setup = _defaults(train), TrainingSetup()
    assert [said[name] for name in ("latent", "validation")] == [setup.network.latent, setup.validation]
    assert [said[name] for name in ("learning_rate", "seed")] == [setup.fit.learning_rate, setup.fit.seed]
    assert said["decoder"] == setup.network.decoder


def test_a_training_of_pictures_has_the_defaults_of_the_library() -> None:
    said, setup = _defaults(train_pictures), PictureSetup()
    assert [said[name] for name in ("latent", "width", "blocks")] == [setup.latent, setup.width, setup.blocks]
    assert [said[name] for name in ("learning_rate", "seed")] == [setup.fit.learning_rate, setup.fit.seed]
    assert [said[name] for name in ("beta", "batch")] == [setup.fit.kl.beta, setup.batches.size]
    assert (said["kind"], said["network"]) == (setup.autoencoder, setup.network)
    assert said["validation"] == ReadOptions().validation


def test_writing_has_the_defaults_of_the_library() -> None:
    same: list[tuple[Callable[..., object], Callable[..., object], str]] = [
        (generate, PieceOptions, "temperature"),
        (continue_song, MusicVAE.continue_song, "temperature"),
        (vary, MusicVAE.vary, "temperature"),
        (infill, InfillOptions, "candidates"),
        (infill, InfillOptions, "temperature"),
        (accompany, InfillOptions, "candidates"),
        (accompany, InfillOptions, "temperature"),
        (denoise, MusicVAE.denoise, "amount"),
        (interpolate, MusicVAE.interpolate, "steps"),
        (interpolate, MusicVAE.interpolate, "natural"),
        (compress, MusicVAE.compress, "step"),
    ]
    for command, function, name in same:
        assert _defaults(command)[name] == _defaults(function)[name], (command, name)


def _defaults(function: Callable[..., object]) -> dict[str, Any]:
    return {name: parameter.default for name, parameter in signature(function).parameters.items()}


def test_a_seed_is_taken_as_given_or_drawn() -> None:
    assert options.choose_seed(0) == 0
    assert len({options.choose_seed(None) for _ in range(4)}) > 1


def test_the_same_seed_draws_the_same() -> None:
    first, again = (torch.rand(3, generator=options.make_generator(7)) for _ in range(2))
    assert torch.equal(first, again)
