"""The model that a compressed song needs, found by its hash among those at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from musicvae.errors import ModelError, PacketError
from musicvae_cli.inputs.find_model import list_models
from musicvae_cli.shell.console import say

if TYPE_CHECKING:
    from musicvae.core.compression.packet import Packet
    from musicvae.measures.network.model import MeasureVAE


class FoundModel(NamedTuple):
    """A model, and what it is called in files."""

    network: MeasureVAE
    name: str


def find_model_of(packet: Packet, given: Path | None) -> FoundModel:
    """Return the model that a compressed song needs: the one given, or else the one that is at hand.

    Raises
    ------
    ModelError
        If the one given is no model.
    PacketError
        If the song needs another model than the one given, or one that is not there, or it is no song.
    """
    from musicvae.compose.compression.squeeze import require_music
    from musicvae.core.model_store.model_folder import load_model
    from musicvae.core.model_store.model_hash import identify
    from musicvae.measures.folder.music_family import MUSIC_MODELS

    require_music(packet)
    tried = []
    for chosen in list_models(given):
        tried.append(chosen.name)
        try:
            network = load_model(chosen.folder, MUSIC_MODELS)
        except ModelError:
            if given is not None and chosen.name == str(given):
                raise
            continue  # such as a training that has only begun: the next may be the one
        if given is not None:
            packet.require_model(identify(network, MUSIC_MODELS))
        if identify(network, MUSIC_MODELS) == packet.model:
            say(f"model: {chosen.name} ({chosen.why})")
            return FoundModel(network, chosen.name)
    raise PacketError(
        f"it needs the model {packet.known_model}, which is none of {', '.join(tried)}: name it by --model"
    )
