from __future__ import annotations

from pathlib import Path

import pytest
import typer

from musicvae_cli.outputs.pieces import name_files


def test_pieces_share_a_file_or_have_numbers() -> None:
    assert name_files(Path("a/out.mid"), 0) == (Path("a/out.mid"),)
    assert name_files(Path("a/out.mid"), 2) == (Path("a/out-1.mid"), Path("a/out-2.mid"))
    assert name_files(Path("-"), 0) == (Path("-"),)
    with pytest.raises(typer.BadParameter, match="standard output takes one file"):
        name_files(Path("-"), 2)
