from __future__ import annotations

from musicvae.core.training.precision import bf16_is_faster_here


def test_which_is_faster_is_measured_once() -> None:
    bf16_is_faster_here.cache_clear()  # other tests ask too
    assert bf16_is_faster_here(one_size=True) is bf16_is_faster_here(one_size=True)
    assert bf16_is_faster_here.cache_info().misses == 1
