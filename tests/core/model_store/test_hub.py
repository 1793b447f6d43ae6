from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import huggingface_hub
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from musicvae.core.model_store.hub import download_model, upload_model
from musicvae.core.model_store.model_family import ModelFamily
from musicvae.core.model_store.model_files import CARD, CONFIG, WEIGHTS
from musicvae.errors import ModelError

FAMILY: ModelFamily[Any] = ModelFamily(
    "music", dict, MagicMock, (), ("tunes", "plans"), "musicvae train", "songs"
)
FILES = [CONFIG, WEIGHTS, CARD, "tunes", "plans"]


def test_only_the_model_itself_is_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    def snapshot_download(repository: str, **options: Any) -> str:
        asked.update(options, repository=repository)
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    assert download_model("somebody/tunes", FAMILY) == tmp_path
    assert asked == {"repository": "somebody/tunes", "allow_patterns": FILES}


def test_a_hub_out_of_reach_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_reach(repository: str, **options: Any) -> str:
        raise LocalEntryNotFoundError("no connection")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", out_of_reach)
    with pytest.raises(ModelError, match="no model 'somebody/tunes' here, and none on the hub: check"):
        download_model("somebody/tunes", FAMILY)


def test_a_training_and_its_songs_stay_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / CONFIG).touch()
    (tmp_path / WEIGHTS).touch()
    calls: list[tuple[str, dict[str, Any]]] = []

    class Api:
        def create_repo(self, repository: str, **options: Any) -> None:
            calls.append(("create", {"repository": repository, **options}))

        def upload_folder(self, **options: Any) -> None:
            calls.append(("upload", options))

    monkeypatch.setattr(huggingface_hub, "HfApi", Api)
    upload_model(tmp_path, "somebody/tunes", FAMILY)
    assert [name for name, _ in calls] == ["create", "upload"]
    assert calls[1][1]["folder_path"] == tmp_path
    assert calls[1][1]["allow_patterns"] == FILES


def test_a_name_that_no_repository_can_have_is_told(tmp_path: Path) -> None:
    for name in (CONFIG, WEIGHTS):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ModelError, match="'a bad name!' is no name of a repository: write it as user/model"):
        upload_model(tmp_path, "a bad name!", FAMILY)


def test_a_folder_without_a_model_is_not_uploaded(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model: name a folder that `musicvae train` wrote"):
        upload_model(tmp_path, "somebody/tunes", FAMILY)
