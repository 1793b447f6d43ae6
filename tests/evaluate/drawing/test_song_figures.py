from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from musicvae.evaluate.drawing import song_figures
from musicvae.evaluate.drawing.roll_axes import DRUM_COLOUR, PART_COLOURS, WRONG_COLOUR, Stretch
from musicvae.evaluate.drawing.roll_page import TALLEST
from musicvae.evaluate.drawing.song_figures import (
    MEASURES_IN_A_ROW,
    comparison_figure,
    draw_comparison,
    draw_song,
    song_pages,
)
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Marker, Meter, Part, Song, Tempo

FLUTE, BASS, DRUMS = Part("flute", 73), Part("bass", 33), Part("drums", is_drums=True)


def tune(measures: int = 4, markers: tuple[Marker, ...] = (), meter: Meter = Meter(4, 4)) -> Song:
    steps = 4 * meter.numerator
    notes = make_notes((steps * measure, 4, 60 + measure % 12, 80, 0) for measure in range(measures))
    return Song(notes, (meter,) * measures, (FLUTE,), markers=markers, title="A tune")


def song_figure(song: Song, title: str = "") -> Figure:
    """Return the only page of a song."""
    [page] = song_pages(song, title)
    return page


def texts(figure: Figure) -> list[str]:
    captions = [text.get_text() for axes in figure.axes for text in axes.texts]
    return [text.get_text() for text in figure.texts] + captions


def drawn(figure: Figure) -> Counter[str]:
    """Return how many note bodies or outlines the figure has of each colour."""
    found: Counter[str] = Counter()
    for axes in figure.axes:
        for layer in axes.collections:
            if isinstance(layer, PolyCollection):
                colours = np.concatenate([layer.get_facecolor(), layer.get_edgecolor()])
                found[to_hex(colours[0].tolist())] += len(layer.get_paths())
    return found


def test_the_heading_names_the_song_and_says_what_it_is() -> None:
    song = Song(
        tune().notes, (Meter(4, 4),) * 3 + (Meter(4, 4),), (FLUTE,), tempi=(Tempo(0, 96.4),), title="A tune"
    )
    assert texts(song_figure(song)) == ["A tune", "4 measures · 4/4 · ♩ = 96 · flute"]
    assert texts(song_figure(song, title="Mine"))[0] == "Mine"


def test_a_long_song_wraps_into_rows_of_one_scale() -> None:
    rows = song_figure(tune(MEASURES_IN_A_ROW + 4)).axes
    assert len(rows) == 2
    assert [axes.get_xlim() for axes in rows] == [(0, 256), (256, 320)]
    assert rows[1].get_position().width == pytest.approx(rows[0].get_position().width / 4)


@pytest.mark.parametrize(
    ("section", "in_a_row"), [(4, 16), (5, 15), (8, 16), (12, 12), (16, 16), (20, 10), (32, 16)]
)
def test_rows_begin_where_the_marked_sections_do(section: int, in_a_row: int) -> None:
    markers = (Marker(0, "Piece 1"), Marker(16 * section, "Piece 2"))
    first = song_figure(tune(max(2 * section, MEASURES_IN_A_ROW), markers)).axes[0]
    assert first.get_xlim() == (0, 16 * in_a_row)


def test_a_row_has_fewer_measures_where_they_are_long() -> None:
    long = song_figure(tune(20, meter=Meter(12, 4))).axes[0]
    assert long.get_xlim() == (0, 5 * 48)


@pytest.mark.parametrize(("measures", "in_a_row"), [(17, [17]), (35, [18, 17]), (36, [16, 16, 4])])
def test_a_few_measures_have_no_row_of_their_own(measures: int, in_a_row: list[int]) -> None:
    rows = song_figure(tune(measures)).axes
    assert [(axes.get_xlim()[1] - axes.get_xlim()[0]) / 16 for axes in rows] == in_a_row


def test_a_song_too_long_for_a_page_goes_on_on_others() -> None:
    pages = song_pages(tune(300), "Long")
    assert len(pages) > 1
    assert all(page.get_size_inches()[1] <= TALLEST for page in pages)
    edges = [axes.get_xlim() for page in pages for axes in page.axes]
    assert [edge[0] for edge in edges] == [0, *(edge[1] for edge in edges[:-1])]
    assert edges[-1][1] == 16 * 300
    assert [texts(page)[1].rpartition(" · ")[2] for page in pages][:2] == [
        f"page {number} of {len(pages)}" for number in (1, 2)
    ]


def test_measures_are_numbered_through_all_rows() -> None:
    labels = [label.get_text() for axes in song_figure(tune(36)).axes for label in axes.get_xticklabels()]
    assert labels == [str(number) for number in range(1, 37)]


def test_a_song_too_long_for_pages_is_drawn_as_far_as_they_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(song_figures, "MOST_PAGES", 2)
    pages = song_pages(tune(1000))
    assert len(pages) == 2
    shown = 16 * sum(len(page.axes) for page in pages)
    assert f"the first {shown} of 1000 measures" in texts(pages[0])[1]


def test_no_more_rows_are_made_than_pages_show(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Stretch] = []

    def stretch(song: Song, begin: int, end: int) -> Stretch:
        made.append(Stretch(song, begin, end))
        return made[-1]

    monkeypatch.setattr(song_figures, "MOST_PAGES", 1)
    monkeypatch.setattr(song_figures, "Stretch", stretch)
    [page] = song_pages(tune(4000))
    assert len(made) <= len(page.axes) + 1  # the row that a page has no room for


def test_every_part_has_a_colour_and_drums_have_lanes_of_their_own() -> None:
    notes = make_notes(
        [(0, 4, 72, 80, 0), (0, 4, 40, 80, 1), (4, 4, 41, 80, 1), (0, 1, 36, 80, 2), (4, 1, 38, 80, 2)]
    )
    figure = song_figure(Song(notes, (Meter(4, 4),), (FLUTE, BASS, DRUMS)))
    roll, lanes = figure.axes
    assert [label.get_text() for label in lanes.get_yticklabels()] == ["kick", "snare"]
    assert roll.get_ylim() == (37.5, 74.5)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["flute", "fingered bass", "drums"]
    bodies = {PART_COLOURS[0].lower(): 1, PART_COLOURS[1].lower(): 2, DRUM_COLOUR.lower(): 2}
    assert bodies.items() <= drawn(figure).items()


def test_one_part_needs_no_legend() -> None:
    assert not song_figure(tune()).legends


def test_markers_and_changes_of_meter_stand_above_the_measures() -> None:
    meters = (Meter(3, 4), Meter(3, 4), Meter(4, 4), Meter(2, 4))
    song = Song(make_notes([]), meters, (FLUTE,), markers=(Marker(0, "A"), Marker(24, "B")))
    assert texts(song_figure(song))[2:] == ["A", "B · 4/4", "2/4"]


def test_a_caption_ends_before_the_next_one_begins() -> None:
    markers = (Marker(0, "a very long name for so short a section of music"), Marker(4, "B"))
    caption = texts(song_figure(tune(16, markers)))[2]
    assert caption.endswith("…")
    assert len(caption) < 10


@pytest.mark.parametrize("notes", [[], [(0, 1, 36, 80, 1)]], ids=["silence", "drums alone"])
def test_songs_without_pitches_can_be_drawn(notes: list[tuple[int, int, int, int, int]]) -> None:
    song = Song(make_notes(notes), (Meter(4, 4),), (FLUTE, DRUMS))
    assert len(song_figure(song).axes) == 1


def test_a_song_without_measures_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="without measures"):
        song_pages(Song(make_notes([]), (), (FLUTE,)))


def test_a_title_is_text_and_no_formula(tmp_path: Path) -> None:
    song = Song(make_notes([]), (Meter(4, 4),), (Part("$x_"), Part("_y$")), markers=(Marker(0, r"$\frac"),))
    draw_song(song, tmp_path / "roll.png", title=r"$\notacommand{$")


def test_faults_of_a_reconstruction_are_red() -> None:
    original = tune()
    notes = original.notes.copy()
    notes["pitch"][1] += 1  # one note wrong, and so one missing
    copy = Song(notes, original.meters, original.parts)
    figure = comparison_figure([original], [copy])
    assert texts(figure)[2:] == ["A tune", "Reconstruction: note F1 0.750"]
    assert drawn(figure)[PART_COLOURS[0].lower()] == 4 + 3
    assert drawn(figure)[WRONG_COLOUR.lower()] == 1 + 1


def test_a_comparison_shows_the_first_measures_of_the_first_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(song_figures, "MOST_PAIRS", 2)
    songs = [tune(MEASURES_IN_A_ROW + 1)] * 3
    figure = comparison_figure(songs, songs)
    assert len(figure.axes) == 2 * 2
    assert figure.axes[0].get_xlim() == (0, 16 * MEASURES_IN_A_ROW)


def test_a_comparison_needs_pairs_of_one_shape(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no songs"):
        comparison_figure([], [])
    with pytest.raises(ValueError, match="shorter"):
        comparison_figure([tune()], [])
    with pytest.raises(ValueError, match="same grid, meters"):
        draw_comparison([tune()], [tune(meter=Meter(3, 4))], tmp_path / "pairs.png")
    assert not list(tmp_path.iterdir())


def test_pictures_are_written_as_files(tmp_path: Path) -> None:
    assert draw_song(tune(), str(tmp_path / "roll.png")) == (tmp_path / "roll.png",)
    draw_comparison([tune()], [tune()], tmp_path / "pairs.svg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pairs.svg", "roll.png"]
