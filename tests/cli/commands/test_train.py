from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from musicvae.core.model_store.model_files import SCORES
from musicvae.core.model_store.model_folder import load_model
from musicvae.core.model_store.training_state import load_training
from musicvae.core.training.report import Report
from musicvae.measures import training
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.reading.reader import read_song
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.song import Meter, Song
from musicvae.provenance import read_provenance
from musicvae_cli.training.progress import TrainingProgress

Run = Callable[..., Result]
HEARD = ("--epochs", 1, "--latent", 4, "--device", "cpu")
SHORT = (*HEARD, "--no-preview")
FILES = {
    *("config.json", "model.safetensors", "README.md", "scores.json", "training.pt", "metrics.csv"),
    *("tunes.safetensors", "plans.json", "prepared"),
    *("curves.png", "reconstructions.png", "reconstructions.mid"),
}


pytestmark = pytest.mark.usefixtures("small_trainings", "undrawn")


def interrupt_at(step: int, monkeypatch: pytest.MonkeyPatch, stage: str = "") -> None:
    """Have Ctrl-C pressed when a step of a stage of the training is shown; without a name it is the last."""

    def show(progress: TrainingProgress, report: Report) -> None:
        if (report.stage, report.step) == (stage, step):
            raise KeyboardInterrupt

    monkeypatch.setattr(TrainingProgress, "show", show)


def is_compact(folder: Path) -> bool:
    """Say whether of the state of a training only part was kept."""
    return not load_training(folder)["optimizer"]["state"]


def test_songs_become_a_model_folder(run: Run, songs: Path) -> None:
    result = run("train", songs, *SHORT, "--seed", 3)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    folder = Path("musicvae-model")
    assert {path.name for path in folder.iterdir()} - {"tensorboard"} == FILES
    config = load_model(folder, MUSIC_MODELS).config
    assert (config.ensemble, config.steps_per_beat, config.latent, config.meters) == (
        "seats",
        24,
        4,
        ("2/4",),
    )
    command = f"musicvae train {songs} --epochs 1 --latent 4 --device cpu --no-preview --seed 3"
    assert command in (folder / "README.md").read_text()
    made = read_provenance(folder / "reconstructions.mid")
    assert made is not None
    assert (made.command, made.seed, made.sources) == (command, 3, (str(songs),))


def test_what_was_read_and_chosen_is_told_before_and_how_to_go_on_after(run: Run, songs: Path) -> None:
    Path("bad.mid").write_text("words")
    said = run("train", songs, "bad.mid", *SHORT, "--out", "mine").stderr.splitlines()
    assert said[0] == "files: 7 (6 ok, 0 salvaged, 1 rejected)"
    assert said[1].startswith("  rejected: bad.mid: it is no MIDI file")
    assert said[2] == "music: 6 songs, 48 measures, 192 notes"
    assert said[3] == "meters: 2/4 100%"
    assert said[4] == "parts: as the songs are, one instrument"
    go_on = f"{songs} bad.mid --latent 4 --device cpu --no-preview --out mine --minutes 10 --resume"
    assert any(line.endswith(f"train it longer by `musicvae train {go_on}`") for line in said)
    assert said[-1] == "write music by: musicvae generate out.mid --model mine"


def test_music_of_the_new_model_is_there_to_hear(
    run: Run, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MeasureVAE", MeasureVAE)  # which says more than those of `small_trainings`
    said = run("train", songs, *HEARD).stderr
    assert "to hear what it makes: musicvae-model/preview.mid, musicvae-model/walk.mid" in said.splitlines()
    assert read_song("musicvae-model/preview.mid").measures == 5 * 16
    # Silence after the last note is not read, and this model has learned little else.
    assert 0 < read_song("musicvae-model/walk.mid").measures <= 5 * 8


def test_parts_and_decoder_can_be_asked_for(run: Run, songs: Path) -> None:
    options = ("--parts", "piano", "--decoder", "conv")
    result = run("train", songs, *SHORT, *options)
    assert result.exit_code == 0, result.output
    config = load_model(Path("musicvae-model"), MUSIC_MODELS).config
    assert (config.ensemble, config.decoder) == ("piano", "conv")


def test_a_training_goes_on_where_it_ended(run: Run, songs: Path) -> None:
    run("train", songs, *SHORT)
    assert is_compact(Path("musicvae-model"))
    again = run("train", songs, *SHORT, "--resume")
    assert again.exit_code == 0, again.output
    assert "this training was already at its end: give it more --minutes or --epochs" in again.stderr
    longer = run("train", songs, *SHORT, "--epochs", 3, "--resume")
    assert longer.exit_code == 0, longer.output
    assert ", read before)" in longer.stderr
    steps = [line.split(",")[0] for line in Path("musicvae-model/metrics.csv").read_text().splitlines()[1:]]
    assert steps[0] == "1"
    assert steps[-1] == "3"


def test_a_model_that_was_not_scored_is_scored_by_going_on(run: Run, songs: Path) -> None:
    run("train", songs, *SHORT)
    (Path("musicvae-model") / SCORES).unlink()  # as whoever interrupts the scoring leaves it
    again = run("train", songs, *SHORT, "--resume")
    assert again.exit_code == 0, again.output
    assert (Path("musicvae-model") / SCORES).is_file()


def test_ctrl_c_keeps_the_best_model_and_says_how_to_go_on(
    run: Run, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_at(3, monkeypatch)
    result = run("train", songs, *SHORT, "--epochs", 9)
    assert result.exit_code == 130
    load_model(Path("musicvae-model"), MUSIC_MODELS)
    assert not is_compact(Path("musicvae-model"))  # so that it goes on as if nothing had been
    options = "--epochs 1 --latent 4 --device cpu --no-preview --epochs 9 --resume"
    assert result.stderr.splitlines()[-1] == f"go on by: musicvae train {songs} {options}"


def test_ctrl_c_before_there_is_a_model_says_so(
    run: Run, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt_at(1, monkeypatch, "sketch")
    result = run("train", songs, *SHORT, "--epochs", 99, "--force")
    assert result.exit_code == 130
    assert "no model yet: the first comes with the first validation" in result.stderr
    assert result.stderr.splitlines()[-1].endswith("--epochs 99 --resume")
    assert not Path("musicvae-model/config.json").exists()


def test_a_model_that_is_there_is_not_touched_unless_told_to(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    run("train", songs, *SHORT)
    before = Path("musicvae-model/model.safetensors").read_bytes()
    sentence = refused(run("train", songs, *SHORT))
    assert sentence == "musicvae: musicvae-model holds a model: use --resume, --force or another --out"
    assert Path("musicvae-model/model.safetensors").read_bytes() == before
    assert run("train", songs, *SHORT, "--seed", 1, "--force").exit_code == 0
    assert Path("musicvae-model/model.safetensors").read_bytes() != before


def test_other_music_cannot_resume_a_training(
    run: Run, songs: Path, tune: Callable[..., Song], refused: Callable[[Result], str]
) -> None:
    run("train", songs, *SHORT)
    Path("waltzes").mkdir()
    for number in range(3):
        write_song(tune(number, 8, Meter(3, 4)), Path(f"waltzes/{number}.mid"))
    sentence = refused(run("train", "waltzes", *SHORT, "--resume"))
    assert "was trained on other music or with other sizes" in sentence


def test_a_loss_that_is_no_number_stops_the_training(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    result = run("train", songs, *SHORT, "--epochs", 50, "--learning-rate", 1e30)
    assert "the loss is no longer a number at step" in refused(result)


def test_music_that_is_not_enough_is_told_in_a_sentence(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    sentence = refused(run("train", songs / "tune-1.mid", *SHORT))
    assert "8 measures" in sentence
    assert "16 measures are needed" in sentence


def test_songs_that_are_not_there_are_told_in_a_sentence(run: Run, refused: Callable[[Result], str]) -> None:
    Path("empty").mkdir()
    assert "no songs under empty" in refused(run("train", "empty"))
    assert "there is no nowhere" in refused(run("train", "nowhere"))
    Path("broken").mkdir()
    Path("broken/a.mid").write_text("words")
    assert "none of the 1 files holds a song to learn from" in refused(run("train", "broken"))
    assert not Path("musicvae-model").exists()


@pytest.mark.parametrize("bound", [("--minutes", "0"), ("--epochs", "0"), ("--minutes", "nan")])
def test_a_training_without_end_or_beginning_is_a_usage_error(
    run: Run, songs: Path, bound: tuple[str]
) -> None:
    assert run("train", songs, *bound).exit_code == 2


@pytest.mark.parametrize("kind", ["ae", "dae"])
def test_a_model_of_points_says_songs_back_and_works_with_them(run: Run, songs: Path, kind: str) -> None:
    result = run("train", songs, *SHORT, "--kind", kind)
    assert result.exit_code == 0, result.output
    assert "at 0.0 nats a measure" in result.stderr
    config = load_model(Path("musicvae-model"), MUSIC_MODELS).config
    assert (config.autoencoder, config.corrupt) == (kind, 0.2 if kind == "dae" else 0.0)
    song, other = songs / "tune-1.mid", songs / "tune-2.mid"
    for command in (
        ("reconstruct", song, "--out", "copy.mid"),
        ("vary", song, "--n", 1, "--out", "varied.mid"),
        ("interpolate", song, other, "--steps", 1, "--out", "between.mid"),
        ("denoise", song, "--out", "clean.mid"),
        ("generate", "--n", 1, "--measures", 2, "new.mid"),
    ):
        done = run(*command)
        assert done.exit_code == 0, done.output


def test_a_model_of_points_has_no_prior_to_draw_from(
    run: Run, songs: Path, refused: Callable[[Result], str]
) -> None:
    run("train", songs, *SHORT, "--kind", "ae")
    assert "leave out --from-prior" in refused(run("generate", "--from-prior", "new.mid"))
    run("train", songs, *SHORT, "--kind", "dae", "--decoder", "conv", "--out", "deaf")
    said = refused(run("generate", "--model", "deaf", "new.mid"))
    assert "has no prior to draw new ones from" in said


def test_the_share_of_wrong_notes_is_for_a_dae(run: Run, songs: Path) -> None:
    assert run("train", songs, *SHORT, "--kind", "dae", "--corrupt", 0.4).exit_code == 0
    assert load_model(Path("musicvae-model"), MUSIC_MODELS).config.corrupt == 0.4
    refused = run("train", songs, *SHORT, "--corrupt", 0.4, "--out", "other")
    assert refused.exit_code == 2
    assert "add --kind dae" in " ".join(refused.stderr.split())
    assert not Path("other").exists()


def test_what_codes_cost_is_for_a_vae(run: Run, songs: Path) -> None:
    refused = run("train", songs, *SHORT, "--kind", "ae", "--beta", 0.3)
    assert refused.exit_code == 2
    assert "--beta weighs what codes of a vae cost" in " ".join(refused.stderr.split())


def test_points_need_two_numbers(run: Run, songs: Path) -> None:
    result = run("train", songs, "--epochs", 1, "--latent", 1, "--kind", "ae")
    assert result.exit_code == 2
    assert "two numbers or more" in " ".join(result.stderr.split())
