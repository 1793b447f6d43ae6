"""What models of one kind have in common: all that the store of models must be told of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from musicvae.errors import ModelError

if TYPE_CHECKING:
    from musicvae.core.autoencoder import Autoencoder

Model = TypeVar("Model", bound="Autoencoder[Any]")


class ModelFamily(NamedTuple, Generic[Model]):
    """Models of one kind.

    Parameters
    ----------
    kind : str
        As the config in a folder says it.
    parse_config : callable
        The config (a dataclass) of the fields that JSON holds, those of an earlier version too.
    build : callable
        An untrained model of a config.
    decisive : tuple of str
        The fields of a config that the answers of the weights depend on. What else there is may change.
    files : tuple of str
        What a folder holds for good beside config, weights and card.
    trained_by, trained_on : str
        The command that trains such a model, and what on, in one word.
    version : int
        Of what is kept of models. It rises when weights of before mean nothing to the networks of now.
    mapped : bool
        Whether weights stay in the file, mapped into memory. The last digits of products depend on where
        they lie, and what was compressed note for note on these: so each family keeps to its own way.
    """

    kind: str
    parse_config: Callable[[dict[str, Any]], Any]
    build: Callable[[Any], Model]
    decisive: tuple[str, ...]
    files: tuple[str, ...]
    trained_by: str
    trained_on: str
    version: int = 2
    mapped: bool = False

    def require_version(self, folder: Path, version: object) -> None:
        """Say so if what a folder holds is of another version.

        Raises
        ------
        ModelError
            If it is.
        """
        if version == self.version:
            return
        if isinstance(version, int) and 0 < version < self.version:
            command = f"{self.trained_by} {self.trained_on.upper()} --out {folder}"
            raise ModelError(
                f"{folder} was trained by an earlier version of musicvae: train it again by `{command}`"
            )
        raise ModelError(
            f"{folder} was written in another format than {self.version}: update musicvae, or train again"
        )
