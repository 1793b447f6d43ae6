from __future__ import annotations

from inspect import signature
from typing import get_args

from musicvae.core.training.devices import Device as CoreDevice
from musicvae.measures.training import TrainingSetup
from musicvae.midi.songs.ensembles import ENSEMBLES
from musicvae_cli.commands.train import BETA, MINUTES, train
from musicvae_cli.shell.choices import Device, Ensemble


def test_the_parts_on_offer_are_those_there_are() -> None:
    assert [ensemble.value for ensemble in Ensemble] == ["auto", *ENSEMBLES]


def test_the_devices_on_offer_are_those_there_are() -> None:
    assert tuple(device.value for device in Device) == get_args(CoreDevice)


def test_a_training_has_the_defaults_of_the_library() -> None:
    said, setup = {name: p.default for name, p in signature(train).parameters.items()}, TrainingSetup()
    assert (said["latent"], said["decoder"].value, said["validation"]) == (
        setup.network.latent,
        setup.network.decoder,
        setup.validation,
    )
    assert (BETA, said["learning_rate"]) == (setup.fit.kl.beta, setup.fit.learning_rate)
    assert (said["seed"], MINUTES) == (setup.fit.seed, setup.fit.minutes)
