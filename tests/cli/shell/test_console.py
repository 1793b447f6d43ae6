from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from musicvae_cli.shell import console
from musicvae_cli.shell.console import patient_bar, print_json, print_table, printable, progress_bar, say


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Für Elise", "Für Elise"),
        ("\x1b[31mred\x07", "\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}"),
        ("caf\udce9.mid", "caf\N{REPLACEMENT CHARACTER}.mid"),  # a name in no encoding
    ],
)
def test_what_a_terminal_would_obey_is_not_printed(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_words_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    say("first\nsecond")
    assert capsys.readouterr() == ("", "first\nsecond\n")


def test_json_is_one_object_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "caf\udce9"})
    assert json.loads(capsys.readouterr().out) == {"name": "caf\udce9"}


def test_json_never_has_a_number_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="JSON"):
        print_json({"error": float("nan")})
    assert capsys.readouterr().out == ""


def test_a_table_has_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("file", "notes"), [("[bold]a.mid", 7), ("b.mid", 1234)], numbers=(1,))
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == ["file         notes", "[bold]a.mid      7", "b.mid         1234"]


def test_no_bar_is_drawn_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("reading") as advance:
        advance(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_bar_is_shown_to_those_who_have_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, int, int]] = []

    @contextmanager
    def bar(title: str) -> Iterator[Callable[[int, int, str], None]]:
        yield lambda done, total, what: shown.append((title, done, total))

    monkeypatch.setattr(console, "progress_bar", bar)
    with patient_bar("writing") as advance:
        advance(1, 9)
        assert shown == []
        monkeypatch.setattr(console, "PATIENCE", 0.0)
        advance(2, 9)
        advance(3, 9)
    assert shown == [("writing", 2, 9), ("writing", 3, 9)]
