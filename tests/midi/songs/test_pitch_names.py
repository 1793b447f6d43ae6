from __future__ import annotations

import pytest

from musicvae.midi.songs.pitch_names import pitch_name


@pytest.mark.parametrize(("pitch", "name"), [(60, "C4"), (61, "C♯4"), (69, "A4"), (0, "C-1"), (127, "G9")])
def test_middle_c_is_c4(pitch: int, name: str) -> None:
    assert pitch_name(pitch) == name
