from __future__ import annotations

import pytest

import musicvae


@pytest.mark.parametrize("name", musicvae.__all__)
def test_every_public_name_is_loaded_when_it_is_asked_for(name: str) -> None:
    assert getattr(musicvae, name) is not None


def test_a_name_that_is_not_there_is_an_error_that_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'songs_to_tapes'"):
        _ = musicvae.songs_to_tapes
