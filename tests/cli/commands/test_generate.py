from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mido
import pytest
from typer.testing import Result

from musicvae.compose.options import PieceOptions
from musicvae.midi.reading.reader import read_song
from musicvae.midi.songs.song import Grid, Song
from musicvae.provenance import read_provenance

Run = Callable[..., Result]


def test_out_alone_is_written_with_a_marker_for_each_piece(run: Run, model: Path, tmp_path: Path) -> None:
    result = run("generate", "--n", 3, "--measures", 2, "--seed", 1, "--model", model, "out.mid")
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == ["out.mid"]
    markers = [message.text for message in mido.MidiFile("out.mid").tracks[0] if message.type == "marker"]
    assert markers == ["piece 1", "piece 2", "piece 3"]
    assert read_song("out.mid", Grid(4)).measures == 6
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
    assert read_song("a.mid", Grid(4)) != read_song("c.mid", Grid(4))


def test_a_seed_that_is_left_out_is_drawn_and_told(run: Run, model: Path) -> None:
    said = run("generate", "--measures", 2, "--model", model, "a.mid").stderr
    made = read_provenance(Path("a.mid"))
    assert made is not None
    assert said.endswith(f"seed {made.seed}\n")
    run("generate", "--measures", 2, "--model", model, "--seed", made.seed, "b.mid")
    assert read_song("a.mid", Grid(4)) == read_song("b.mid", Grid(4))


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


def test_a_piece_without_notes_is_told(
    run: Run, model: Path, tune: Callable[..., Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = replace(tune(1), notes=tune(1).notes[:0])
    monkeypatch.setattr("musicvae.compose.generate.generate", lambda *_: [tune(1), silent])
    result = run("generate", "--n", 2, "--seed", 1, "--json", "--model", model, "out.mid")
    assert result.exit_code == 0, result.output
    notice = "no notes in piece 2, though drawn again: try another --seed, or train the model longer"
    assert notice in result.stderr.splitlines()
    assert json.loads(result.stdout)["notices"] == [notice]


def test_a_dash_is_standard_output(run: Run, model: Path, tmp_path: Path) -> None:
    result = run("generate", "--n", 1, "--measures", 1, "--model", model, "-")
    assert result.exit_code == 0, result.output
    assert result.stdout_bytes.startswith(b"MThd")
    assert list(tmp_path.iterdir()) == []


def test_codes_may_be_drawn_from_the_prior(run: Run, model: Path) -> None:
    for name, options in (("without.mid", ()), ("from-prior.mid", ("--from-prior",))):
        run("generate", "--n", 1, "--measures", 2, "--seed", 2, *options, "--model", model, name)
    assert read_song("without.mid", Grid(4)) != read_song("from-prior.mid", Grid(4))


def test_codes_of_the_prior_take_their_likeliest_notes_and_the_help_says_so(run: Run, model: Path) -> None:
    for name, temperature in (("cold.mid", 0), ("hot.mid", 2)):
        how = ("--from-prior", "--temperature", temperature, "--seed", 2)
        run("generate", "--n", 1, "--measures", 2, *how, "--model", model, name)
    assert read_song("cold.mid", Grid(4)) == read_song("hot.mid", Grid(4))
    shown = " ".join(run("generate", "--help").stdout.replace("│", " ").split())
    assert "whatever the --temperature" in shown


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


def test_a_piece_alone_needs_no_marker(run: Run, model: Path) -> None:
    run("generate", "--n", 1, "--measures", 1, "--model", model, "out.mid")
    assert [message for message in mido.MidiFile("out.mid").tracks[0] if message.type == "marker"] == []


@pytest.mark.parametrize(
    ("options", "measures", "meters"),
    [
        ((), 16, None),
        (("--measures", 3, "--meter", "3/4"), 3, ["3/4"]),
        (("--meter", "2/4x3,3/4x2"), 5, ["2/4", "3/4"]),
        (("--meter", "2/4,3/4"), 2, ["2/4", "3/4"]),
        (("--form", "AAB", "--measures", 6), 6, None),
        (("--form", "A2 B1 A2"), 5, None),
        (("--form", "ABA'", "--meter", "2/4x2,3/4x2,2/4x2"), 6, ["2/4", "3/4"]),
    ],
)
def test_measures_are_those_asked_for_or_of_form_and_meters(
    run: Run, model: Path, options: tuple[object, ...], measures: int, meters: list[str] | None
) -> None:
    result = run("generate", "--n", 1, *options, "--json", "--model", model, "out.mid")
    assert result.exit_code == 0, result.output
    [piece] = json.loads(result.stdout)["pieces"]
    assert piece["measures"] == measures
    assert meters is None or piece["meters"] == meters


def test_sections_of_one_letter_are_alike(run: Run, model: Path) -> None:
    options = ("--form", "AB", "--measures", 4, "--meter", "2/4", "--seed", 3)
    run("generate", "--n", 1, *options, "--model", model, "ab.mid")
    run("generate", "--n", 1, "--form", "AA", *options[2:], "--model", model, "aa.mid")
    song = read_song("aa.mid", Grid(4))
    assert song.cut(0, 2) == song.cut(2, 4)
    other = read_song("ab.mid", Grid(4))
    assert other.cut(0, 2) != other.cut(2, 4)


def test_what_is_asked_for_is_passed_on(
    run: Run, model: Path, monkeypatch: pytest.MonkeyPatch, tune: Callable[..., Song]
) -> None:
    asked: list[PieceOptions] = []

    def generate(network: object, options: PieceOptions, *others: object) -> list[Song]:
        asked.append(options)
        return [tune(1)]

    monkeypatch.setattr("musicvae.compose.generate.generate", generate)
    music = ("--key", "G major", "--style", "jig", "--form", "AABA", "--meter", "2/4", "--tempo", 90)
    run("generate", "--n", 1, *music, "--temperature", 0.5, "--from-prior", "--model", model, "out.mid")
    assert asked == [PieceOptions(1, None, "2/4", "G major", "jig", "AABA", 90.0, 0.5, True)]


def test_the_nearest_song_learned_from_is_told_with_each_piece(
    run: Run, informed: Path, monkeypatch: pytest.MonkeyPatch, tune: Callable[..., Song]
) -> None:
    silence = replace(tune(2), notes=tune(2).notes[:0])
    monkeypatch.setattr("musicvae.compose.generate.generate", lambda *_: [tune(2, 10), silence])
    result = run("generate", "--seed", 1, "--json", "--model", informed, "out.mid")
    assert result.exit_code == 0, result.output
    copy, silent = json.loads(result.stdout)["pieces"]
    assert copy["nearest"] == {"title": "Tune 2", "share": 1.0}
    assert copy["repeats"] == {"title": "Tune 2", "first": 1, "measures": 8}
    assert (silent["nearest"], silent["repeats"]) == (None, None)
    assert "nearest of the songs learned from: Tune 2 (100%), to piece 1" in result.stderr
    assert "warning: piece 1 repeats Tune 2 in its measures 1 to 8" in result.stderr
    made = read_provenance(Path("out.mid"))
    assert made is not None
    assert made.nearest == (("Tune 2", 1.0), None)


def test_files_of_their_own_each_say_what_they_are_near_to(
    run: Run, informed: Path, monkeypatch: pytest.MonkeyPatch, tune: Callable[..., Song]
) -> None:
    monkeypatch.setattr("musicvae.compose.generate.generate", lambda *_: [tune(1), tune(3)])
    run("generate", "--n", 2, "--separate", "--model", informed, "out.mid")
    made = [read_provenance(Path(f"out-{number}.mid")) for number in (1, 2)]
    assert [each and each.nearest for each in made] == [(("Tune 1", 1.0),), (("Tune 3", 1.0),)]


def test_a_model_that_does_not_know_its_songs_compares_nothing(run: Run, model: Path) -> None:
    result = run("generate", "--n", 1, "--json", "--model", model, "out.mid")
    [piece] = json.loads(result.stdout)["pieces"]
    assert (piece["nearest"], piece["repeats"]) == (None, None)
    assert "nearest" not in result.stderr
    made = read_provenance(Path("out.mid"))
    assert made is not None
    assert made.nearest == ()


def test_plans_come_from_the_songs_learned_from(run: Run, model: Path, informed: Path) -> None:
    for folder, name in ((model, "a.mid"), (informed, "b.mid")):
        result = run("generate", "--n", 1, "--meter", "2/4", "--seed", 4, "--model", folder, name)
        assert result.exit_code == 0, result.output
    assert read_song("a.mid", Grid(4)) != read_song("b.mid", Grid(4))


def test_a_decoder_that_does_not_hear_the_song_has_neither_form_nor_key_nor_style(
    run: Run, deaf: Path, refused: Callable[[Result], str]
) -> None:
    assert run("generate", "--n", 1, "--measures", 2, "--model", deaf, "out.mid").exit_code == 0
    for option in (("--form", "AABA"), ("--key", "Am"), ("--style", "jig")):
        sentence = refused(run("generate", *option, "--model", deaf, "out.mid"))
        assert "this needs one that hears the song" in sentence


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere/out.mid"], "cannot write nowhere/out.mid: its folder does not exist"),
        (["."], "cannot write .: it is a folder"),
        (["out.mp3"], "out.mp3 would hold MIDI: end its name in .mid"),
        (["out.mid", "--meter", "5/4"], "the model never heard 5/4: ask for one of 2/4, 3/4"),
        (["out.mid", "--meter", "3/4x4,5/4x4"], "the model never heard 5/4"),
        (["out.mid", "--meter", "waltz"], "'waltz' is not a meter: write it as 3/4, or a list"),
        (["out.mid", "--meter", "3/4x8", "--measures", "9"], "3/4x8 has 8 measures, not 9"),
        (["out.mid", "--form", "A-1"], "'A-1' is not a form: write it as AABA"),
        (["out.mid", "--form", "AABA", "--measures", "10"], "10 measures cannot be cut into 4 sections"),
        (["out.mid", "--key", "H dur"], "'H dur' is not a key: write it as G major"),
        (["out.mid", "--style", "polka"], "no style 'polka': ask for one of jig, reel"),
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
        (make_newer, "was written in another format than 3: update musicvae, or train again"),
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


def test_sound_is_written_where_the_name_asks_for_it(run: Run, model: Path, tmp_path: Path) -> None:
    options = ("--n", 2, "--measures", 2, "--seed", 1, "--separate", "--model", model)
    result = run("generate", *options, "out.flac")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out-1.flac", "out-2.flac"]
    assert Path("out-1.flac").read_bytes()[:4] == b"fLaC"


def test_without_the_extra_no_model_works_in_vain(
    run: Run, refused: Callable[[Result], str], without: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    without("midirenderer")
    monkeypatch.setattr(
        "musicvae_cli.commands.generate.open_model", lambda _: pytest.fail("a model is loaded")
    )
    sentence = refused(run("generate", "out.wav"))
    assert sentence == "musicvae: out.wav: sound needs the extra [audio]: pip install midirenderer"
