from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from typer.testing import Result

from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.song import Song

Run = Callable[..., Result]


def test_the_picture_is_where_it_was_asked_for(run: Run, songs: Path) -> None:
    result = run("plot", songs / "tune-1.mid", "-o", "roll.svg", "--title", "A tune of mine")
    assert result.exit_code == 0, result.output
    assert "A tune of mine" in Path("roll.svg").read_text()


def test_a_picture_of_ours_is_replaced_and_anybody_elses_only_by_force(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    song = songs / "tune-1.mid"
    assert [run("plot", song, "-o", "roll.png").exit_code for _ in range(2)] == [0, 0]
    Path("photo.png").write_bytes(b"a photo")
    assert "use --force or another name" in refused(run("plot", song, "-o", "photo.png"))
    assert Path("photo.png").read_bytes() == b"a photo"
    assert run("plot", song, "-o", "photo.png", "--force").exit_code == 0


def test_what_cannot_be_drawn_is_told_in_a_sentence(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    Path("bad.mid").write_text("words")
    assert "bad.mid: it is no MIDI file" in refused(run("plot", "bad.mid", "-o", "roll.png"))
    assert "end its name in .png" in refused(run("plot", songs / "tune-1.mid", "-o", "roll.gif"))
    assert "its folder does not exist" in refused(run("plot", songs / "tune-1.mid", "-o", "no/roll.png"))


def test_a_song_from_standard_input_needs_a_name_for_its_picture(run: Run, songs: Path) -> None:
    midi = (songs / "tune-1.mid").read_bytes()
    assert run("plot", "-", input=midi).exit_code == 2
    assert run("plot", "-", "-o", "roll.png", input=midi).exit_code == 0


def test_an_untitled_song_from_standard_input_is_called_that(run: Run, tune: Callable[..., Song]) -> None:
    write_song(replace(tune(1), title=""), Path("song.mid"))
    assert run("plot", "-", "-o", "roll.svg", input=Path("song.mid").read_bytes()).exit_code == 0
    assert "standard input" in Path("roll.svg").read_text()


def test_a_long_song_goes_on_on_further_pages(run: Run, tune: Callable[..., Song]) -> None:
    write_song(tune(1, 300), Path("long.mid"))
    result = run("plot", "long.mid")
    drawn = sorted(path.name for path in Path().glob("*.png"))
    assert len(drawn) > 1
    assert "long-page-2.png" in drawn
    assert all(name in result.stderr for name in drawn)
