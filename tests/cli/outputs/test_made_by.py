from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from musicvae_cli.outputs.made_by import make_provenance, version
from musicvae_cli.shell.errors import ARGUMENTS


def context(*arguments: str) -> Any:
    return SimpleNamespace(meta={ARGUMENTS: arguments})


def test_it_says_model_seed_sources_and_version() -> None:
    made = make_provenance(context("generate"), None, "folk", 7, [Path("a.mid")])
    assert (made.model, made.seed, made.sources, made.version) == ("folk", 7, ("a.mid",), version())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("generate", "--n", "5", "out.mid"), "musicvae generate --n 5 OUT"),
        (("generate", "./out.mid", "--seed", "3"), "musicvae generate OUT --seed 3"),
        (("reconstruct", "my song.mid", "--out=out.mid"), "musicvae reconstruct 'my song.mid' --out=OUT"),
        (("reconstruct", "my song.mid", "-oout.mid"), "musicvae reconstruct 'my song.mid' -oOUT"),
        (("reconstruct", "my song.mid", "-o", "out.mid"), "musicvae reconstruct 'my song.mid' -o OUT"),
        (("corpus", "export", "out.mid", "out.mid"), "musicvae corpus export out.mid OUT"),
        (("reconstruct", "my song.mid"), "musicvae reconstruct 'my song.mid'"),
    ],
)
def test_the_command_is_kept_but_for_the_name_of_the_output(typed: tuple[str, ...], kept: str) -> None:
    assert make_provenance(context(*typed), Path("out.mid")).command == kept
