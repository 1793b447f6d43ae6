from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from musicvae.errors import OutputError
from musicvae.evaluate.drawing.figure_file import require_drawable, write_pages, write_picture

KINDS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF", ".PNG": b"\x89PNG"}


def figure(title: str = "A picture") -> Figure:
    drawn = Figure(figsize=(2, 1))
    drawn.text(0.1, 0.5, title)
    return drawn


@pytest.mark.parametrize("suffix", KINDS)
def test_the_suffix_says_the_kind_of_picture(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"roll{suffix}"
    write_picture(figure(), path)
    assert path.read_bytes().startswith(KINDS[suffix])
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", KINDS)
def test_a_picture_of_our_own_is_replaced(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"roll{suffix}"
    write_picture(figure("before"), path)
    before = path.read_bytes()
    write_picture(figure("after"), path)
    assert path.read_bytes() != before


@pytest.mark.parametrize("suffix", KINDS)
def test_the_same_figure_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    write_picture(figure(), one)
    write_picture(figure(), other)
    assert one.read_bytes() == other.read_bytes()


def test_a_picture_of_somebody_else_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "holiday.png"
    path.write_bytes(b"a holiday")
    with pytest.raises(OutputError, match="not drawn by musicvae: use --force"):
        write_picture(figure(), path)
    assert path.read_bytes() == b"a holiday"
    write_picture(figure(), path, overwrite=True)
    assert path.read_bytes() != b"a holiday"


@pytest.mark.parametrize("name", ["roll.jpg", "roll", "roll.png.txt"])
def test_another_suffix_is_refused_with_those_that_are_possible(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"\.png, \.svg, \.pdf"):
        require_drawable(tmp_path / name)


def test_a_folder_that_does_not_exist_is_an_error_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="folder does not exist"):
        write_picture(figure(), tmp_path / "nowhere" / "roll.png")


@pytest.mark.filterwarnings("error")
def test_letters_that_the_font_lacks_are_no_reason_to_complain(tmp_path: Path) -> None:
    write_picture(figure("日本語"), tmp_path / "roll.png")


def test_pages_are_files_beside_each_other(tmp_path: Path) -> None:
    pages = write_pages([figure("one"), figure("two"), figure("three")], tmp_path / "roll.png")
    assert [page.name for page in pages] == ["roll.png", "roll-page-2.png", "roll-page-3.png"]
    assert {page.name for page in pages} == {path.name for path in tmp_path.iterdir()}


def test_further_pages_of_an_earlier_drawing_go(tmp_path: Path) -> None:
    write_pages([figure("one"), figure("two"), figure("three"), figure("four")], tmp_path / "roll.png")
    (tmp_path / "roll-page-4.png").write_bytes(b"a holiday")
    write_pages([figure("other")], tmp_path / "roll.png")
    assert {path.name for path in tmp_path.iterdir()} == {"roll.png", "roll-page-4.png"}


def test_a_pdf_holds_all_pages(tmp_path: Path) -> None:
    for name in ("one.pdf", "other.pdf"):
        assert write_pages([figure("one"), figure("two")], tmp_path / name) == (tmp_path / name,)
    data = (tmp_path / "one.pdf").read_bytes()
    assert data.count(b"/Type /Page ") == 2
    assert data == (tmp_path / "other.pdf").read_bytes()
    write_pages([figure("one")], tmp_path / "one.pdf")  # which is ours


def test_no_page_is_written_where_one_would_be_over_somebody_elses_picture(tmp_path: Path) -> None:
    (tmp_path / "roll-page-2.png").write_bytes(b"a holiday")
    with pytest.raises(OutputError, match="roll-page-2.png exists and was not drawn by musicvae"):
        write_pages([figure("one"), figure("two")], tmp_path / "roll.png")
    assert not (tmp_path / "roll.png").exists()
