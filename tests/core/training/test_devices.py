from __future__ import annotations

import pytest
import torch

from musicvae.core.training import devices
from musicvae.core.training.devices import make_accelerator
from musicvae.errors import TrainingError


@pytest.mark.parametrize(("faster", "precision"), [(True, "bf16"), (False, "no")])
def test_the_cpu_computes_in_bf16_where_that_is_faster(
    monkeypatch: pytest.MonkeyPatch, faster: bool, precision: str
) -> None:
    monkeypatch.setattr(devices, "bf16_is_faster_here", lambda one_size: faster)
    made = make_accelerator("cpu")
    assert made.device == torch.device("cpu")
    assert made.mixed_precision == precision


@pytest.mark.parametrize("one_size", [True, False])
def test_how_fast_bf16_is_depends_on_whether_batches_have_one_size(
    monkeypatch: pytest.MonkeyPatch, one_size: bool
) -> None:
    monkeypatch.setattr(devices, "bf16_is_faster_here", lambda one_size: one_size)
    assert make_accelerator("cpu", one_size).mixed_precision == ("bf16" if one_size else "no")


def test_a_second_accelerator_of_a_process_computes_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "bf16_is_faster_here", lambda one_size: one_size)
    assert [make_accelerator("cpu", size).mixed_precision for size in (False, True)] == ["no", "no"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_refused() -> None:
    with pytest.raises(TrainingError, match="no device 'cuda' here: use --device cpu, or auto"):
        make_accelerator("cuda")


def test_a_device_that_nobody_knows_is_refused() -> None:
    with pytest.raises(TrainingError, match="no device 'abacus' here"):
        make_accelerator("abacus")  # type: ignore[arg-type]
