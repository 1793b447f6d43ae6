"""What spares the models here, which have learned nothing, most of their work."""

from __future__ import annotations

import pytest

from musicvae.measures.writing import closest


@pytest.fixture(autouse=True)
def few_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a measure only twice: a model that has learned nothing never reads it as it is."""
    monkeypatch.setattr(closest, "READINGS", (2,))
