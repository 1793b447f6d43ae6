from __future__ import annotations

import pytest
import torch
from torch import Tensor

from musicvae.measures.data.batch import Layout, lay_out
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import (
    absent,
    add_noise,
    draw_freedom,
    exact,
    mix,
    noise_to_freedom,
)
from musicvae.measures.data.song_batch import SongOutline, outline_to_window
from musicvae.midi.songs.song import Meter

CODE, NOISE = torch.tensor([3.0, -4.0]), torch.tensor([1.0, 2.0])


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# ---- codes and noise


def test_at_freedom_0_a_code_is_itself_and_at_1_it_is_noise() -> None:
    assert torch.equal(mix(CODE, NOISE, torch.tensor(0.0)), CODE)
    torch.testing.assert_close(mix(CODE, NOISE, torch.tensor(1.0)), NOISE)


def test_half_free_a_code_and_noise_weigh_the_same() -> None:
    torch.testing.assert_close(mix(CODE, NOISE, torch.tensor(0.5)), (CODE + NOISE) / 2**0.5)


def test_a_code_counts_the_less_the_freer_it_is() -> None:
    freedom = torch.linspace(0, 1, 11)
    code, noise = (mix(x.expand(11, 1), y.expand(11, 1), freedom) for x, y in ((ONE, NONE), (NONE, ONE)))
    assert (code.diff(dim=0) < 0).all()
    assert (noise.diff(dim=0) > 0).all()
    torch.testing.assert_close(code**2 + noise**2, torch.ones(11, 1))  # the variance of N(0, I) is kept


ONE, NONE = torch.ones(1), torch.zeros(1)


@pytest.mark.parametrize("freedom", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_rough_codes_have_the_variance_of_codes(freedom: float) -> None:
    code = torch.randn(20_000, 2, generator=seeded(1))
    rough = add_noise(code, torch.full((20_000,), freedom), seeded(2))
    assert rough.code.std(0).tolist() == pytest.approx([1, 1], abs=0.02)


def test_each_measure_is_as_rough_as_its_own_freedom_says() -> None:
    code, freedom = torch.ones(2, 3, 4), torch.tensor([[0.0, 1.0, 0.5], [1.0, 0.0, 0.0]])
    noisy = add_noise(code, freedom, seeded())
    assert noisy.freedom is freedom
    untouched = (noisy.code == code).all(-1)
    assert torch.equal(untouched, freedom == 0)


def test_the_seed_decides_the_noise() -> None:
    first, again, other = (
        add_noise(CODE.expand(3, 2), torch.ones(3), seeded(seed)).code for seed in (0, 0, 1)
    )
    assert torch.equal(first, again)
    assert not torch.allclose(first, other)


def test_exact_hints_give_every_code_and_absent_ones_none() -> None:
    code = torch.zeros(3, 2, dtype=torch.bfloat16)
    assert exact(code).given.tolist() == [True] * 3
    assert absent(code).given.tolist() == [False] * 3
    assert exact(code).freedom.dtype == absent(code).freedom.dtype == torch.float32


# ---- in training


WINDOWS, MEASURES = 4000, 8


@pytest.fixture(scope="module")
def layout(config: MeasureVAEConfig) -> Layout:
    window = outline_to_window(SongOutline((Meter(1, 8),) * MEASURES), config)
    return lay_out([window] * WINDOWS)


@pytest.fixture(scope="module")
def freedom(layout: Layout) -> Tensor:
    """Return the freedom of each measure, shape (windows, measures)."""
    return draw_freedom(layout, seeded()).view(WINDOWS, MEASURES)


def share(windows: Tensor) -> float:
    return windows.float().mean().item()


def test_of_the_windows_some_are_told_all_codes_some_none_and_some_at_one_level(freedom: Tensor) -> None:
    alike = (freedom == freedom[:, :1]).all(1)
    told, withheld = (freedom == 0).all(1), (freedom == 1).all(1)
    assert share(told) == pytest.approx(0.45, abs=0.03)
    assert share(withheld) == pytest.approx(0.25, abs=0.03)
    assert share(alike & ~told & ~withheld) == pytest.approx(0.15, abs=0.03)
    assert share(~alike) == pytest.approx(0.15, abs=0.03)


def test_in_a_mixed_window_each_measure_is_told_withheld_or_at_a_level_of_its_own(freedom: Tensor) -> None:
    mixed = freedom[~(freedom == freedom[:, :1]).all(1)]
    levels = mixed[(mixed > 0) & (mixed < 1)]
    assert share(mixed == 0) == pytest.approx(1 / 3, abs=0.03)
    assert share(mixed == 1) == pytest.approx(1 / 3, abs=0.03)
    assert len(levels.unique()) > 0.99 * len(levels)


def test_levels_are_spread_evenly_from_0_to_1(freedom: Tensor) -> None:
    alike = (freedom == freedom[:, :1]).all(1)
    for levels in (freedom[alike, 0], freedom[~alike].flatten()):
        between = levels[(levels > 0) & (levels < 1)]
        quarters = torch.histc(between, bins=4, min=0, max=1) / len(between)
        assert quarters.tolist() == pytest.approx([0.25] * 4, abs=0.06)


def test_the_seed_decides_how_free_the_measures_of_a_batch_are(layout: Layout) -> None:
    first, again, other = (draw_freedom(layout, seeded(seed)) for seed in (0, 0, 1))
    assert first.shape == (WINDOWS * MEASURES,)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 1.0])
def test_the_freedom_of_a_share_of_noise_mixes_in_so_much_noise(share: float) -> None:
    freedom = torch.tensor([noise_to_freedom(share)])
    of_noise = mix(torch.zeros(1, 1), torch.ones(1, 1), freedom).item() ** 2
    of_code = mix(torch.ones(1, 1), torch.zeros(1, 1), freedom).item() ** 2
    assert (of_noise, of_code) == pytest.approx((share, 1 - share), abs=1e-6)
