from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from typer.testing import Result

from musicvae.core.compression.packet import bytes_to_packet
from musicvae.core.model_store.model_folder import load_model, save_model
from musicvae.core.model_store.model_hash import identify
from musicvae.measures.folder.model_worth import save_model_worth
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.midi.reading.reader import read_song
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.song import Grid, Song
from musicvae.provenance import read_provenance
from musicvae_cli.inputs.find_model import find_model_of

Run = Callable[..., Result]


@pytest.fixture
def song(run: Run, tune: Callable[..., Song]) -> Song:
    """Return what is in song.mid: four measures of 2/4."""
    write_song(tune(1, 4), Path("song.mid"))
    return read_song("song.mid", Grid(4))


@pytest.fixture
def packed(run: Run, model: Path, song: Song) -> Path:
    """Return a file with that song in it, note for note."""
    assert run("compress", "song.mid", "song.mvz", "--lossless", "--model", model).exit_code == 0
    return Path("song.mvz")


@pytest.fixture
def other_model(model: Path, tmp_path: Path) -> Path:
    """Return the folder of another model."""
    other = load_model(model, MUSIC_MODELS)
    with torch.no_grad():
        next(other.parameters()).add_(1.0)
    (tmp_path / "other").mkdir()
    save_model(other, tmp_path / "other", MUSIC_MODELS)
    return tmp_path / "other"


def test_a_song_comes_back_note_for_note(run: Run, model: Path, song: Song, packed: Path) -> None:
    result = run("expand", packed, "back.mid", "--model", model)
    assert result.exit_code == 0, result.output
    back = read_song("back.mid", Grid(4))
    assert back.notes.tolist() == song.notes.tolist()
    assert (back.meters, back.tempi, back.title) == (song.meters, song.tempi, song.title)
    assert back.parts[0].program == song.parts[0].program
    assert "wrote back.mid: 4 measures, 16 notes" in result.stderr
    made = read_provenance(Path("back.mid"))
    assert made is not None
    assert (made.sources, made.model) == (("song.mvz",), str(model))


def test_a_song_comes_back_as_sound_where_the_name_asks_for_it(run: Run, model: Path, packed: Path) -> None:
    result = run("expand", packed, "back.wav", "--model", model)
    assert result.exit_code == 0, result.output
    assert Path("back.wav").read_bytes()[:4] == b"RIFF"


def test_the_sizes_are_told_beside_those_of_gzip_and_xz(run: Run, model: Path, song: Song) -> None:
    result = run("compress", "song.mid", "song.mvz", "--lossless", "--json", "--model", model)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["packed_bytes"] == Path("song.mvz").stat().st_size
    assert said["midi_bytes"] == Path("song.mid").stat().st_size
    assert said["packed_bytes"] < min(said["gzip_bytes"], said["xz_bytes"]) < said["midi_bytes"]
    assert (said["lossless"], said["notes"]) == (True, 16)
    assert min(said[f"{what}_bits_a_note"] for what in ("heard", "touch", "rest")) >= 0
    assert f"wrote song.mvz: {said['packed_bytes']} bytes" in result.stderr
    assert f"by gzip -9 {said['gzip_bytes']}, by xz -9 {said['xz_bytes']}" in result.stderr
    assert "every note comes back as it is in the file; pedals, bends and other" in result.stderr
    assert f"notes alone, bits each: {said['heard_bits_a_note']:.1f} by the model" in result.stderr


def test_without_lossless_the_codes_are_kept_and_it_is_said_how_alike_that_is(
    run: Run, model: Path, song: Song
) -> None:
    result = run("compress", "song.mid", "song.mvz", "--json", "--step", 0.5, "--model", model)
    assert result.exit_code == 0, result.output
    assert f"note F1 {json.loads(result.stdout)['note_f1']:.3f}" in result.stderr
    assert run("expand", "song.mvz", "back.mid", "--model", model).exit_code == 0
    assert read_song("back.mid", Grid(4)).meters == song.meters


def test_json_has_the_notices_that_were_said(run: Run, model: Path, song: Song) -> None:
    shutil.copytree(model, "hardly")
    save_model_worth({"note_f1": 0.1}, "musicvae train songs", 1.0, Path("hardly"))
    there = run("compress", "song.mid", "song.mvz", "--json", "--model", "hardly")
    assert "little of the song comes back by this model" in there.stderr
    hardly, *_, little = json.loads(there.stdout)["notices"]
    assert hardly.startswith("this model has hardly learned")
    assert little.startswith("little of the song comes back")
    back = run("expand", "song.mvz", "back.mid", "--json", "--model", "hardly")
    assert back.exit_code == 0, back.output
    assert json.loads(back.stdout)["notices"] == [hardly]


def test_dashes_read_and_write_the_standard_streams(run: Run, model: Path, song: Song) -> None:
    midi = Path("song.mid").read_bytes()
    there = run("compress", "-", "-", "--lossless", "--model", model, input=midi)
    assert there.exit_code == 0, there.output
    back = run("expand", "-", "-", "--model", model, input=there.stdout_bytes)
    assert back.exit_code == 0, back.output
    Path("back.mid").write_bytes(back.stdout_bytes)
    assert read_song("back.mid", Grid(4)).notes.tolist() == song.notes.tolist()


@pytest.mark.parametrize("place", ["given", "environment", "here"])
def test_the_model_that_fits_is_found(
    run: Run,
    model: Path,
    packed: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    if place == "environment":
        monkeypatch.setenv("MUSICVAE_MODEL", str(model))
    if place == "here":
        shutil.copytree(model, "musicvae-model")
    result = run("expand", packed, "back.mid", *(("--model", model) if place == "given" else ()))
    assert result.exit_code == 0, result.output
    where = {"given": "--model", "environment": "$MUSICVAE_MODEL", "here": "trained here"}
    assert f"({where[place]})" in result.stderr


def test_a_model_that_is_another_one_or_is_not_there_is_named(
    run: Run, packed: Path, other_model: Path, refused: Callable[[Result], str]
) -> None:
    sentence = refused(run("expand", packed, "back.mid"))
    assert "song.mvz: it needs the model " in sentence
    assert "which is none of folk, chorales: name it by --model" in sentence
    sentence = refused(run("expand", packed, "back.mid", "--model", other_model))
    assert "song.mvz: it needs another model, " in sentence
    assert not Path("back.mid").exists()


def test_a_model_that_is_named_is_identified_once(
    model: Path, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identified: list[bytes] = []

    def remember(*about: object) -> bytes:
        identified.append(identify(*about))  # type: ignore[arg-type, type-var]
        return identified[-1]

    monkeypatch.setattr("musicvae.core.model_store.model_hash.identify", remember)
    find_model_of(bytes_to_packet(packed.read_bytes()), model)
    assert len(identified) == 1


def test_a_model_named_that_is_none_is_said(
    run: Run, packed: Path, refused: Callable[[Result], str], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    assert "empty holds no config.json" in refused(run("expand", packed, "back.mid", "--model", "empty"))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda data: data[:-1], "song.mvz: it is damaged or cut off: copy the file anew"),
        (lambda data: data[:40] + bytes([data[40] ^ 4]) + data[41:], "song.mvz: it is damaged or cut off"),
        (lambda data: b"", "song.mvz: it was not written by `musicvae compress`: name a file that was"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence(
    run: Run,
    model: Path,
    packed: Path,
    refused: Callable[[Result], str],
    damage: Callable[[bytes], bytes],
    sentence: str,
) -> None:
    packed.write_bytes(damage(packed.read_bytes()))
    assert sentence in refused(run("expand", packed, "back.mid", "--model", model))
    assert not Path("back.mid").exists()


def test_a_file_that_is_not_there_is_told_in_a_sentence(run: Run, refused: Callable[[Result], str]) -> None:
    assert "none.mvz cannot be read" in refused(run("expand", "none.mvz", "back.mid"))


def test_what_somebody_else_wrote_is_replaced_by_force_alone(
    run: Run, model: Path, song: Song, refused: Callable[[Result], str]
) -> None:
    Path("out.mvz").write_text("mine")
    command = ("compress", "song.mid", "out.mvz", "--lossless", "--model", model)
    assert "out.mvz exists and was not written by `musicvae compress`" in refused(run(*command))
    assert Path("out.mvz").read_text() == "mine"
    assert run(*command, "--force").exit_code == 0
    assert run(*command).exit_code == 0  # ours now


@pytest.mark.parametrize(
    ("out", "sentence"),
    [("out.mid", "would hold a compressed file: end its name in .mvz"), ("nowhere/out.mvz", "nowhere")],
)
def test_a_place_where_nothing_can_be_written_is_told_first(
    run: Run, model: Path, song: Song, refused: Callable[[Result], str], out: str, sentence: str
) -> None:
    assert sentence in refused(run("compress", "song.mid", out, "--model", model))


def test_the_file_that_is_read_is_never_written_over(
    run: Run, model: Path, song: Song, refused: Callable[[Result], str]
) -> None:
    Path("song.mid").rename("song")
    sentence = refused(run("compress", "song", "song", "--force", "--model", model))
    assert "is the file to be read" in sentence


def test_json_and_the_file_do_not_share_standard_output(run: Run, model: Path, song: Song) -> None:
    assert run("compress", "song.mid", "-", "--json", "--model", model).exit_code == 2
