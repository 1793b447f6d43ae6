from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from musicvae import player
from musicvae.errors import SongError
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song

SONG = Song(make_notes([(0, 4, 60, 80, 0)]), (Meter(),), (Part("piano"),), title="<Air> & more")


def sound_in(html: str) -> tuple[str, bytes]:
    """Return the kind and the bytes of the sound in a player."""
    [(kind, code)] = re.findall(r'<audio controls src="data:audio/(\w+);base64,([^"]+)">', html)
    return kind, base64.b64decode(code)


def test_a_notebook_shows_a_player_with_the_sound_inside() -> None:
    kind, data = sound_in(player(SONG)._repr_html_())
    assert kind == "ogg"
    assert soundfile.info(io.BytesIO(data)).subtype == "OPUS"
    assert 0.5 < soundfile.info(io.BytesIO(data)).duration < 2


def test_titles_are_anybodys() -> None:
    assert "<figcaption>&lt;Air&gt; &amp; more</figcaption>" in player(SONG)._repr_html_()


def test_without_soundfile_it_is_larger(without: Callable[..., None]) -> None:
    without("soundfile")
    kind, data = sound_in(player(SONG)._repr_html_())
    assert (kind, data[:4]) == ("wav", b"RIFF")


def test_without_the_extra_it_says_how_to_get_it(without: Callable[..., None]) -> None:
    without("midirenderer")
    shown = player(replace(SONG, title="Air"))._repr_html_()
    assert shown == "<p>Air: sound needs the extra [audio]: pip install midirenderer</p>"


def test_a_file_goes_by_its_name_and_what_is_none_is_an_error(one_note: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(one_note)
    assert player(tmp_path / "a.mid").title == "a.mid"
    assert "MThd" not in repr(player(tmp_path / "a.mid"))
    with pytest.raises(SongError, match="none.mid: it cannot be opened"):
        player(tmp_path / "none.mid")
