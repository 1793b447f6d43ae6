"""Model folders on the Hugging Face hub. Only these two functions ever use a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from musicvae.core.model_store.model_family import ModelFamily
from musicvae.core.model_store.model_files import CARD, CONFIG, WEIGHTS
from musicvae.errors import ModelError


def download_model(repository: str, family: ModelFamily[Any]) -> Path:
    """Return the folder of a model from the hub, fetched once and kept in the hub's cache.

    Raises
    ------
    ModelError
        If there is no such repository, or the hub cannot be reached.
    """
    from huggingface_hub import snapshot_download  # heavy, and seldom needed
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repository, allow_patterns=_carried(family)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        message = f"no model {repository!r} here, and none on the hub: check the name and the connection"
        raise ModelError(message) from error


def upload_model(folder: Path, repository: str, family: ModelFamily[Any]) -> None:
    """Put a model folder into a repository of the hub, made if it is not there; needs `hf auth login`.

    Raises
    ------
    ModelError
        If the folder holds no model, or the hub refuses.
    """
    if not (folder / CONFIG).is_file() or not (folder / WEIGHTS).is_file():
        raise ModelError(f"{folder} holds no model: name a folder that `{family.trained_by}` wrote")
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        api = HfApi()
        api.create_repo(repository, exist_ok=True)
        api.upload_folder(repo_id=repository, folder_path=folder, allow_patterns=_carried(family))
    except HFValidationError as error:
        raise ModelError(f"{repository!r} is no name of a repository: write it as user/model") from error
    except (HfHubHTTPError, OSError) as error:
        raise ModelError(
            f"the hub did not take {repository!r}: log in by `hf auth login` and try again"
        ) from error


def _carried(family: ModelFamily[Any]) -> list[str]:
    """Return the files that are carried: a training's state and prepared songs stay at home."""
    return [CONFIG, WEIGHTS, CARD, *family.files]
