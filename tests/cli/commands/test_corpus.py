from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pytest
from typer.testing import Result

from musicvae.midi.corpora import export as corpus_export
from musicvae.midi.corpora.catalogue import CORPORA
from musicvae.midi.corpora.export import ExportOptions, ExportReport, Progress

Run = Callable[..., Result]


def test_list_names_every_corpus(run: Run) -> None:
    result = run("corpus", "list")
    assert result.exit_code == 0, result.output
    assert [line.split()[0] for line in result.stdout.splitlines()[1:] if line[0] != " "] == list(CORPORA)


def test_export_passes_on_what_was_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def export(
        name: str, folder: Path, options: ExportOptions, executor: Executor | None, progress: Progress
    ) -> ExportReport:
        progress("reading", 1, 2)
        asked.append((name, folder, options))
        return ExportReport(
            read=9, faults=("a", "b"), duplicates=3, left_out=1, paths=(folder / "x.mid",) * 3
        )

    monkeypatch.setattr(corpus_export, "export_corpus", export)
    result = run("corpus", "export", "aird", "airs", "--limit", 3, "--seed", 5)
    assert result.exit_code == 0, result.output
    [(name, folder, options)] = asked
    assert (name, folder, options.limit, options.seed) == ("aird", Path("airs"), 3, 5)
    assert options.provenance is not None
    assert options.provenance.command == "musicvae corpus export aird OUT --limit 3 --seed 5"
    assert "wrote 3 files to airs: of 9 pieces 2 are faulty, 3 come twice, 1 were not drawn" in result.stderr


def test_what_cannot_be_exported_is_told_before_the_long_reading(
    run: Run, refused: Callable[[Result], str]
) -> None:
    assert "there is no corpus 'opera'" in refused(run("corpus", "export", "opera", "airs"))
    Path("file").touch()
    result = run("corpus", "export", "aird", "file")
    assert result.exit_code == 1
    assert "musicvae: cannot write file" in result.stderr
    assert not Path("airs").exists()
