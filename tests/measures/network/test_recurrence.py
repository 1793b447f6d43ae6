from __future__ import annotations

import pytest
import torch
from torch import Tensor

from musicvae.measures.network.recurrence import MinGRU, RecurrentBlock, scan, scan_by_doubling


def numbers(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype) * 2 - 1


def scan_step_by_step(a: Tensor, b: Tensor, start: Tensor) -> Tensor:
    states, state = [], start
    for a_t, b_t in zip(a, b, strict=True):
        state = a_t * state + b_t
        states.append(state)
    return torch.stack(states)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_the_scan_is_the_loop_that_it_says(steps: int) -> None:
    a, b, start = numbers(steps, 3, 4), numbers(steps, 3, 4, seed=1), numbers(3, 4, seed=2)
    torch.testing.assert_close(scan(a, b, start), scan_step_by_step(a, b, start))


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 13])
def test_the_scan_by_doubling_is_that_loop_too(steps: int) -> None:
    a, b = numbers(steps, 3, 4), numbers(steps, 3, 4, seed=1)
    nothing = torch.zeros(3, 4, dtype=torch.float64)
    torch.testing.assert_close(scan_by_doubling(a, b), scan_step_by_step(a, b, nothing))


def test_the_scan_is_the_same_where_no_gradient_is_wanted() -> None:
    a, b, start = numbers(7, 3, 4), numbers(7, 3, 4, seed=1), numbers(3, 4, seed=2)
    expected = scan(a, b, start)
    for off in (torch.no_grad, torch.inference_mode):
        with off():
            assert torch.equal(scan(a, b, start), expected)


@pytest.mark.parametrize("steps", [1, 5])
def test_the_gradients_of_the_scan_are_right(steps: int) -> None:
    inputs = numbers(steps, 2, 3), numbers(steps, 2, 3, seed=1), numbers(2, 3, seed=2)
    assert torch.autograd.gradcheck(scan, tuple(x.requires_grad_() for x in inputs))


def test_a_long_scan_of_forgetting_states_stays_finite() -> None:
    a = torch.full((5000, 1, 1), 0.999)
    assert scan(a, torch.ones(5000, 1, 1), torch.zeros(1, 1))[-1].item() == pytest.approx(993.3, rel=1e-3)


def test_a_mingru_mixes_its_state_with_what_it_reads() -> None:
    gru, x = MinGRU(4), numbers(6, 2, 4, dtype=torch.float32)
    gate, candidate = gru.to_gates(x).chunk(2, dim=-1)
    state, expected = torch.zeros(2, 4), []
    for g, c in zip(gate.sigmoid(), candidate, strict=True):
        state = (1 - g) * state + g * c
        expected.append(state)
    torch.testing.assert_close(gru(x), torch.stack(expected))


def test_a_state_passes_through_masked_steps_unchanged() -> None:
    gru, x = MinGRU(4), numbers(5, 2, 4, dtype=torch.float32)
    mask = torch.tensor([True, True, False, False, True]).view(5, 1, 1).expand(5, 2, 1)
    states = gru(x, mask=mask)
    assert torch.equal(states[2], states[1])
    assert torch.equal(states[3], states[1])
    torch.testing.assert_close(states[mask[:, 0, 0]], gru(x[mask[:, 0, 0]]))


def test_gates_remember_from_one_step_to_as_many_as_asked() -> None:
    gate = MinGRU(32, memory=50).to_gates.bias[:32].sigmoid()
    assert gate[0].item() == pytest.approx(1 / 2)
    assert gate[-1].item() == pytest.approx(1 / 51)


def test_states_are_in_full_precision_within_half_precision() -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert MinGRU(4)(torch.zeros(3, 1, 4)).dtype == torch.float32


def test_a_block_goes_on_from_its_last_state() -> None:
    block, x = RecurrentBlock(8), numbers(9, 2, 8, dtype=torch.float32)
    whole, last = block(x)
    first, state = block(x[:4])
    second, last_of_both = block(x[4:], state)
    torch.testing.assert_close(torch.cat([first, second]), whole)
    torch.testing.assert_close(last_of_both, last)
