from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import Result

from musicvae.core.model_store.model_folder import load_model
from musicvae.core.training.report import Report
from musicvae.images.picture_family import PICTURE_MODELS
from musicvae_cli.training.progress import TrainingProgress

Run = Callable[..., Result]
Refused = Callable[[Result], str]
SHORT = ("--epochs", 1, "--latent", 4, "--width", 4, "--device", "cpu")
TRAIN = ("images", "train")
SMALL = ("images", "train", "small.npz", "--batch", 16)  # 3 steps an epoch
FILES = {
    *("config.json", "model.safetensors", "README.md", "training.pt", "metrics.csv"),
    *("curves.png", "reconstructions.png", "codes.safetensors"),
}


pytestmark = pytest.mark.usefixtures("undrawn")


@pytest.fixture(autouse=True)
def small(run: Run) -> None:
    """Lay a file of 60 small pictures where the program runs."""
    noise = np.random.default_rng(0).integers(0, 256, (60, 8, 8)).astype(np.uint8)
    np.savez("small.npz", x_train=noise)


def make_folder(folder: Path, count: int = 14) -> Path:
    """Return a folder of photographs in colour, as JPEG and PNG, of several sizes."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(count):
        pixels = rng.integers(0, 256, (70 + number, 90, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.{('jpg', 'png')[number % 2]}")
    return folder


def test_the_digits_become_a_model_folder_without_any_argument(run: Run) -> None:
    result = run(*TRAIN, *SHORT, "--seed", 3)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    folder = Path("images-model")
    assert {path.name for path in folder.iterdir()} - {"tensorboard"} == FILES
    assert "labels: 10, such as 0, 1, 2, 3, 4" in result.stderr
    config = load_model(folder, PICTURE_MODELS).config
    assert (config.autoencoder, config.size, config.latent, config.likelihood) == ("vae", 8, 4, "logistic")
    assert config.split_seed == 3
    command = "musicvae images train --epochs 1 --latent 4 --width 4 --device cpu --seed 3"
    assert command in (folder / "README.md").read_text()


def test_what_was_read_and_chosen_is_told_before_and_how_to_go_on_after(run: Run) -> None:
    said = run(*SMALL, *SHORT, "--out", "mine").stderr.splitlines()
    split = "51 to learn from, 3 to validate by, 6 to test on (drawn by the seed)"
    assert said[0] == f"pictures: 60 of 8 x 8 in grey: {split}"
    assert said[1] == "model: vae, 4 numbers a code, conv; logistic"
    assert "nats a picture, the best so far" in said[2]
    assert said[-1] == "score it by: musicvae images evaluate small.npz --model mine"


@pytest.mark.parametrize("size", [(), ("--size", 32)])
def test_a_folder_of_photographs_is_learned_from_at_any_size(run: Run, size: tuple[object, ...]) -> None:
    photographs = make_folder(Path("photographs"))
    (photographs / "broken.jpg").write_bytes(b"words")
    result = run(*TRAIN, photographs, *SHORT, *size, "--mirror", "--batch", 4)
    assert result.exit_code == 0, result.output
    assert "skipped: 1 that cannot be read" in result.stderr
    config = load_model(Path("images-model"), PICTURE_MODELS).config
    assert (config.size, config.channels, config.likelihood) == (32 if size else 64, 3, "logistic")


def test_a_dae_has_noise_and_shows_it(run: Run) -> None:
    assert run(*SMALL, *SHORT, "--kind", "dae", "--out", "a").exit_code == 0
    assert run(*SMALL, *SHORT, "--kind", "dae", "--drop", 0.2, "--out", "b").exit_code == 0
    a, b = (load_model(Path(name), PICTURE_MODELS).config for name in "ab")
    assert (a.noise, a.drop, a.likelihood) == (0.3, 0, "gaussian")
    assert (b.noise, b.drop) == (0, 0.2)


def test_choices_can_be_made(run: Run) -> None:
    options = ("--network", "dense", "--likelihood", "bernoulli", "--binarise", "threshold", "--size", 10)
    result = run(*SMALL, *SHORT, *options, "--colours", "colour")
    assert result.exit_code == 0, result.output
    config = load_model(Path("images-model"), PICTURE_MODELS).config
    assert (config.network, config.likelihood, config.binarise) == ("dense", "bernoulli", "threshold")
    assert config.shape == (3, 10, 10)
    assert "bernoulli (threshold binarisation)" in result.stderr


def test_a_training_goes_on_where_it_ended(run: Run) -> None:
    run(*SMALL, *SHORT)
    again = run(*SMALL, *SHORT, "--resume")
    assert "this training was already at its end: give it more --minutes or --epochs" in again.stderr
    longer = run(*SMALL, *SHORT, "--epochs", 2, "--resume")
    assert longer.exit_code == 0, longer.output
    steps = [line.split(",")[0] for line in Path("images-model/metrics.csv").read_text().splitlines()[1:]]
    assert steps[-1] == "6"


def test_ctrl_c_keeps_the_best_model_and_says_how_to_go_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def show(progress: TrainingProgress, report: Report) -> None:
        if report.step == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(TrainingProgress, "show", show)
    result = run(*SMALL, *SHORT, "--epochs", 3)
    assert result.exit_code == 130
    load_model(Path("images-model"), PICTURE_MODELS)
    assert result.stderr.splitlines()[-1] == (
        "go on by: musicvae images train small.npz --batch 16 --epochs 1 --latent 4 --width 4 --device cpu"
        " --epochs 3 --resume"
    )


def test_a_model_that_is_there_is_not_touched_unless_told_to(run: Run, refused: Refused) -> None:
    run(*SMALL, *SHORT)
    before = Path("images-model/model.safetensors").read_bytes()
    sentence = refused(run(*SMALL, *SHORT))
    assert sentence == "musicvae: images-model holds a model: use --resume, --force or another --out"
    assert Path("images-model/model.safetensors").read_bytes() == before
    assert run(*SMALL, *SHORT, "--seed", 1, "--force").exit_code == 0


def test_bad_data_are_told_in_a_sentence(run: Run, refused: Refused) -> None:
    Path("empty").mkdir()
    assert "no pictures under empty" in refused(run(*TRAIN, "empty"))
    assert "there is no nowhere" in refused(run(*TRAIN, "nowhere"))
    np.savez("a.npz", x_train=np.linspace(-1, 1, 20 * 64).reshape(20, 8, 8))
    assert "holds values from -1 to 1" in refused(run(*TRAIN, "a.npz"))
    Path("labels.csv").write_text("file,label\nx.png,1\n")
    photographs = make_folder(Path("photographs"))
    assert "make them match" in refused(run(*TRAIN, photographs, "--labels", "labels.csv"))
    assert not Path("images-model").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--noise", "0.3"), "add --kind dae"),
        (("--kind", "dae", "--noise", "0"), "needs something to undo"),
        (("--likelihood", "gaussian", "--binarise", "dynamic"), "no other likelihood"),
        (("--kind", "ae", "--beta", "1"), "--beta weighs what codes of a vae cost"),
        (("--kind", "dae", "--beta", "2"), "--beta weighs what codes of a vae cost"),
        (("--std", "0.1"), "is a Gaussian's"),
        (("--minutes", "0"), "--minutes"),
        (("--noise", "nan"), "--noise"),
        (("--size", "7"), "--size"),
    ],
)
def test_options_that_do_not_go_together_are_a_usage_error(run: Run, options: tuple[str], words: str) -> None:
    result = run(*TRAIN, "digits", *options)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.replace("│", " ").split())
