from __future__ import annotations

from inspect import signature
from typing import get_args

from musicvae.core.training.devices import Device as CoreDevice
from musicvae.measures.training import Plan
from musicvae.midi.songs.ensembles import ENSEMBLES
from musicvae_cli.commands.train import BETA, MINUTES, train
from musicvae_cli.shell.choices import Device, Ensemble


def test_the_parts_on_offer_are_those_there_are() -> None:
    assert [ensemble.value for ensemble in Ensemble] == ["auto", *ENSEMBLES]


def test_the_devices_on_offer_are_those_there_are() -> None:
    assert tuple(device.value for device in Device) == get_args(CoreDevice)


def test_a_training_has_the_defaults_of_the_library() -> None:
    said, plan = {name: p.default for name, p in signature(train).parameters.items()}, Plan()
    assert (said["latent"], said["decoder"].value, said["validation"]) == (
        plan.latent,
        plan.decoder,
        plan.validation,
    )
    assert (BETA, said["learning_rate"]) == (plan.fit.kl.beta, plan.fit.learning_rate)
    assert (said["seed"], MINUTES) == (plan.fit.seed, plan.fit.minutes)
