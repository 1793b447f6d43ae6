"""The gated linear recurrence: every matrix product runs over all rows at once, an elementwise scan is left.

minGRU (Feng et al. 2024, "Were RNNs all we needed?", section 3.1): h_t = (1 - g_t) h_{t-1} + g_t c_t,
where the gate g_t and the candidate c_t are functions of the input alone.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx, once_differentiable

from musicvae.core.training.precision import at_least_single


def _run(a: Tensor, b: Tensor, start: Tensor) -> Tensor:
    """Return h with h_t = a_t h_{t-1} + b_t."""
    if a.device.type != "cpu":
        return scan_by_doubling(a, torch.cat([torch.addcmul(b[:1], a[:1], start.unsqueeze(0)), b[1:]]))
    states = torch.empty_like(b)
    before = start
    for a_t, b_t, h_t in zip(a.unbind(), b.unbind(), states.unbind(), strict=True):
        torch.addcmul(b_t, a_t, before, out=h_t)
        before = h_t
    return states


def _run_back(a: Tensor, grad: Tensor) -> Tensor:
    """Return g with g_t = grad_t + a_{t+1} g_{t+1}."""
    if a.device.type != "cpu":
        return scan_by_doubling(a.roll(-1, 0).flip(0), grad.flip(0)).flip(0)
    summed = torch.empty_like(grad)
    summed[-1] = grad[-1]
    after = summed[-1]
    rows = zip(
        reversed(a[1:].unbind()), reversed(grad[:-1].unbind()), reversed(summed[:-1].unbind()), strict=True
    )
    for a_after, g_t, out_t in rows:
        torch.addcmul(g_t, a_after, after, out=out_t)
        after = out_t
    return summed


def scan_by_doubling(a: Tensor, b: Tensor) -> Tensor:
    """Return h with h_t = a_t h_{t-1} + b_t and h_0 = b_0, in as many products as R has binary digits.

    After each of them a row knows of twice as many rows before it (Hillis and Steele 1986, "Data parallel
    algorithms"). That is more to compute than row by row, but a GPU takes longer to be told of a product than
    to compute it.

    Parameters
    ----------
    a, b : Tensor, shape (R, B, H)

    Returns
    -------
    Tensor, shape (R, B, H)
    """
    behind = 1
    while behind < len(b):
        b = torch.cat([b[:behind], torch.addcmul(b[behind:], a[behind:], b[:-behind])])
        a = torch.cat([a[:behind], a[behind:] * a[:-behind]])
        behind *= 2
    return b


class _Scan(torch.autograd.Function):
    """h_t = a_t h_{t-1} + b_t over the first dimension, and back over it for the gradients."""

    @staticmethod
    def forward(ctx: FunctionCtx, a: Tensor, b: Tensor, start: Tensor) -> Tensor:
        states = _run(a, b, start)
        ctx.save_for_backward(a, states, start)
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, grad: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        a, states, start = ctx.saved_tensors  # type: ignore[attr-defined]
        grad_b = _run_back(a, grad)
        grad_a = torch.empty_like(a)
        torch.mul(grad_b[1:], states[:-1], out=grad_a[1:])
        torch.mul(grad_b[0], start, out=grad_a[0])
        return grad_a, grad_b, a[0] * grad_b[0]


def scan(a: Tensor, b: Tensor, start: Tensor) -> Tensor:
    """Return h with h_t = a_t h_{t-1} + b_t and h_{-1} = start.

    Parameters
    ----------
    a, b : Tensor, shape (R, B, H)
    start : Tensor, shape (B, H)

    Returns
    -------
    Tensor, shape (R, B, H)
    """
    if not torch.is_grad_enabled():  # for one row the way through autograd takes as long as all the rest
        return _run(a, b, start)
    return _Scan.apply(a, b, start)  # type: ignore[no-untyped-call]


class MinGRU(nn.Module):
    """A minGRU over (R, B, H), with gates that at first remember for 1 to `memory` rows."""

    def __init__(self, hidden: int, memory: float = 64.0) -> None:
        super().__init__()
        self.to_gates = nn.Linear(hidden, 2 * hidden)
        with torch.no_grad():
            # A unit with gate g forgets over about 1/g steps: spread the units over time scales.
            spans = torch.logspace(0.0, math.log10(memory), hidden)
            gate = (1 / (1 + spans)).clamp(1e-3, 1 - 1e-3)
            self.to_gates.bias[:hidden] = torch.log(gate / (1 - gate))

    def forward(self, x: Tensor, start: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        """Return the states, float32 (or float64, where the weights are).

        Parameters
        ----------
        x : Tensor, shape (R, B, H)
        start : Tensor, shape (B, H), optional
            The state before the first row; zeros if left out.
        mask : Tensor of bool, shape (R, B, 1), optional
            Where it is false the state passes through unchanged.
        """
        gate, candidate = at_least_single(self.to_gates(x)).chunk(2, dim=-1)
        gate = gate.sigmoid()
        if mask is not None:
            gate = gate * mask
        if start is None:
            start = gate.new_zeros(gate.shape[1:])
        return scan(1 - gate, gate * candidate, start)


class RecurrentBlock(nn.Module):
    """A minGRU, then a gated feed-forward layer (Shazeer 2020), both residual over normalised input."""

    def __init__(self, hidden: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.norm_time = nn.LayerNorm(hidden)
        self.time = MinGRU(hidden)
        self.from_time = nn.Linear(hidden, hidden)
        self.norm_mix = nn.LayerNorm(hidden)
        self.mix_in = nn.Linear(hidden, 4 * hidden)
        self.mix_out = nn.Linear(2 * hidden, hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Tensor, start: Tensor | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the output (R, B, H) and the last state (B, H), from which a next call goes on.

        Arguments are those of `MinGRU`.
        """
        states = self.time(self.norm_time(x), start, mask)
        x = x + self.dropout(self.from_time(states))
        gate, value = self.mix_in(self.norm_mix(x)).chunk(2, dim=-1)
        return x + self.dropout(self.mix_out(nn.functional.silu(gate) * value)), states[-1]
