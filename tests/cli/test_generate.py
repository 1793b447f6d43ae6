from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mido
import pytest
from typer.testing import Result

from musicvae.midi.provenance import read_provenance
from musicvae.midi.reader import read_song

Run = Callable[..., Result]


def test_out_alone_is_written_with_a_marker_for_each_piece(run: Run, model: Path, tmp_path: Path) -> None:
    result = run("generate", "--n", 3, "--measures", 2, "--seed", 1, "--model", model, "out.mid")
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == ["out.mid"]
    markers = [message.text for message in mido.MidiFile("out.mid").tracks[0] if message.type == "marker"]
    assert markers == ["piece 1", "piece 2", "piece 3"]
    assert read_song("out.mid").song.measures == 6
    assert result.stdout == ""
    assert f"model: {model} (--model)" in result.stderr


def test_the_file_says_how_it_came_about(run: Run, model: Path) -> None:
    run("generate", "--n", 1, "--seed", 5, "--model", model, "out.mid")
    made = read_provenance(Path("out.mid"))
    assert made is not None
    assert (made.seed, made.model) == (5, str(model))
    assert made.command == f"musicvae generate --n 1 --seed 5 --model {model} OUT"


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(run: Run, model: Path) -> None:
    for name, seed in (("a.mid", 7), ("b.mid", 7), ("c.mid", 8)):
        run("generate", "--measures", 2, "--seed", seed, "--model", model, name)
    assert Path("a.mid").read_bytes() == Path("b.mid").read_bytes()
    assert read_song("a.mid").song != read_song("c.mid").song


def test_a_seed_that_is_left_out_is_drawn_and_told(run: Run, model: Path) -> None:
    said = run("generate", "--measures", 2, "--model", model, "a.mid").stderr
    made = read_provenance(Path("a.mid"))
    assert made is not None
    assert said.endswith(f"seed {made.seed}\n")
    run("generate", "--measures", 2, "--model", model, "--seed", made.seed, "b.mid")
    assert read_song("a.mid").song == read_song("b.mid").song


def test_pieces_may_be_files_of_their_own(run: Run, model: Path, tmp_path: Path) -> None:
    result = run("generate", "--n", 2, "--measures", 1, "--separate", "--model", model, "out.mid")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out-1.mid", "out-2.mid"]


def test_the_json_is_all_there_is_on_standard_output(run: Run, model: Path) -> None:
    options = ("--n", 2, "--measures", 3, "--meter", "3/4", "--tempo", 90, "--seed", 1, "--json")
    said = json.loads(run("generate", *options, "--model", model, "out.mid").stdout)
    assert (said["out"], said["seed"], said["model"]) == (["out.mid"], 1, str(model))
    assert [(piece["measures"], piece["meters"], piece["tempo"]) for piece in said["pieces"]] == [
        (3, ["3/4"], 90.0),
        (3, ["3/4"], 90.0),
    ]


def test_a_dash_is_standard_output(run: Run, model: Path, tmp_path: Path) -> None:
    result = run("generate", "--n", 1, "--measures", 1, "--model", model, "-")
    assert result.exit_code == 0, result.output
    assert result.stdout_bytes.startswith(b"MThd")
    assert list(tmp_path.iterdir()) == []


def test_codes_may_be_drawn_from_the_prior(run: Run, model: Path) -> None:
    for name, options in (("without.mid", ()), ("from-prior.mid", ("--from-prior",))):
        run("generate", "--n", 1, "--measures", 2, "--seed", 2, *options, "--model", model, name)
    assert read_song("without.mid").song != read_song("from-prior.mid").song


def test_a_file_of_ours_is_replaced_and_anybody_elses_only_by_force(
    run: Run, model: Path, refused: Callable[[Result], str]
) -> None:
    options = ("--n", 1, "--measures", 1, "--model", model)
    assert [run("generate", *options, "ours.mid").exit_code for _ in range(2)] == [0, 0]
    Path("theirs.mid").write_bytes(b"a life's work")
    assert "use --force or another name" in refused(run("generate", *options, "theirs.mid"))
    assert Path("theirs.mid").read_bytes() == b"a life's work"
    assert run("generate", *options, "theirs.mid", "--force").exit_code == 0
    assert read_provenance(Path("theirs.mid")) is not None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere/out.mid"], "cannot write nowhere/out.mid: its folder does not exist"),
        (["."], "cannot write .: it is a folder"),
        (["out.mp3"], "out.mp3 would hold MIDI: end its name in .mid"),
        (["out.mid", "--meter", "5/4"], "the model never heard 5/4: ask for one of 2/4, 3/4"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    run: Run, model: Path, refused: Callable[[Result], str], arguments: list[str], sentence: str
) -> None:
    result = run("generate", *arguments, env={"MUSICVAE_MODEL": str(model)})
    assert sentence in refused(result)


@pytest.mark.parametrize(
    "arguments",
    [
        ["out.mid", "--n", "0"],
        ["out.mid", "--measures", "0"],
        ["out.mid", "--meter", "waltz"],
        ["out.mid", "--temperature", "nan"],
        ["out.mid", "--seed", "-1"],
        ["-", "--separate"],
        ["-", "--json"],
    ],
)
def test_nonsense_is_a_usage_error(run: Run, model: Path, tmp_path: Path, arguments: list[str]) -> None:
    result = run("generate", *arguments, env={"MUSICVAE_MODEL": str(model)})
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def cut_off(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def make_newer(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "format": 99}))


def lose_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut_off, "are damaged or cut off: copy the folder anew, or train again"),
        (make_newer, "was written in another format than 1: update musicvae, or train again"),
        (lose_weights, "holds no model.safetensors"),
    ],
)
def test_a_model_that_cannot_be_used_is_told_in_a_sentence(
    run: Run, model: Path, refused: Callable[[Result], str], damage: Callable[[Path], None], sentence: str
) -> None:
    folder = Path("copy")
    folder.mkdir()
    for file in model.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    damage(folder)
    assert sentence in refused(run("generate", "--model", folder, "out.mid"))
    assert not Path("out.mid").exists()


def test_a_missing_model_is_told_in_a_sentence(run: Run, refused: Callable[[Result], str]) -> None:
    assert "no model folder nowhere" in refused(run("generate", "--model", "nowhere", "out.mid"))


def test_a_model_comes_with_musicvae(run: Run) -> None:
    result = run("generate", "--seed", 1, "--n", 1, "out.mid")
    assert result.exit_code == 0, result.output
    assert "comes with musicvae" in result.output
    assert Path("out.mid").exists()


def test_nothing_slow_is_loaded_that_is_not_needed(model: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from musicvae_cli.main import app;"
        f"app(['generate', '--n', '1', '--model', {str(model)!r}, 'out.mid'], standalone_mode=False);"
        "print(*{name.split('.')[0] for name in sys.modules} | {name for name in sys.modules if '.' in name})"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    slow = {
        "accelerate",
        "music21",
        "matplotlib",
        "symusic",
        "pretty_midi",
        "huggingface_hub",
        "scipy",
        "sympy",
    }
    assert not {*slow, "torch._dynamo"}.intersection(result.stdout.split())
