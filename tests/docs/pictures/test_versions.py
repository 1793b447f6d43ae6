from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from versions import (
    MOST_MEASURES,
    Version,
    draw_versions,
    new_notes,
    notes_of_measures,
    versions_figure,
)

from musicvae.evaluate.drawing.roll_axes import GIVEN_COLOUR, PART_COLOURS
from musicvae.midi.likeness.agreement import compare
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

UPPER, LOWER = Part("upper"), Part("lower")
GREY, BLUE, ORANGE = (colour.lower() for colour in (GIVEN_COLOUR, *PART_COLOURS[:2]))


def tune(measures: int = 4, raised: int = 0) -> Song:
    """Return a song with a note in both parts in each measure, the first few of the upper part raised."""
    upper = [(16 * measure, 4, 72 + (measure < raised), 80, 0) for measure in range(measures)]
    lower = [(16 * measure, 8, 48, 80, 1) for measure in range(measures)]
    return Song(make_notes(upper + lower), (Meter(4, 4),) * measures, (UPPER, LOWER), title="A tune")


def drawn(figure: Figure, row: int) -> Counter[str]:
    """Return how many notes a row has of each colour, their dark edges apart."""
    found: Counter[str] = Counter()
    for layer in figure.axes[row].collections:
        if isinstance(layer, PolyCollection) and len(layer.get_paths()):
            found[to_hex(np.asarray(layer.get_facecolor())[0].tolist())] += len(layer.get_paths())
    return Counter({colour: found[colour] for colour in (GREY, BLUE, ORANGE) if found[colour]})


def test_new_notes_are_those_that_the_original_does_not_begin() -> None:
    original, varied = tune(), tune(raised=1)
    assert new_notes(varied, original).tolist() == [True, False, False, False, False, False, False, False]
    assert not new_notes(original, original).any()


def test_a_note_of_another_length_is_not_new() -> None:
    notes = tune().notes.copy()
    notes["length"] = 1
    assert not new_notes(Song(notes, tune().meters, tune().parts), tune()).any()


def test_the_notes_that_are_not_new_are_those_that_agree() -> None:
    original, varied = tune(), tune(raised=3)
    assert np.count_nonzero(~new_notes(varied, original)) == compare(original, varied).same_onsets


def test_notes_are_looked_for_in_songs_of_one_grid_and_as_many_parts() -> None:
    melody = Song(make_notes([]), tune().meters, (UPPER,))
    with pytest.raises(ValueError, match="one grid"):
        new_notes(tune(), melody)
    with pytest.raises(ValueError, match="one grid"):
        new_notes(tune(), Song(make_notes([]), tune().meters, tune().parts, Grid(12)))


def test_a_range_of_measures_has_the_notes_that_begin_in_it() -> None:
    song = tune()
    assert song.notes[notes_of_measures(song, 1, 3)]["start"].tolist() == [16, 16, 32, 32]
    assert notes_of_measures(song, 0, 4).all()
    assert not notes_of_measures(song, 2, 2).any()


@pytest.mark.parametrize(("first", "last"), [(-1, 2), (3, 2), (0, 5)])
def test_a_range_outside_the_song_is_refused(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="in a song of 4"):
        notes_of_measures(tune(), first, last)


def test_given_notes_are_grey_and_new_ones_have_the_colour_of_their_part() -> None:
    original, varied = tune(), tune(raised=3)
    figure = versions_figure(
        [
            Version(original, "Original"),
            Version(varied, "0.3", new_notes(varied, original)),
            Version(original, "Infill", notes_of_measures(original, 1, 3)),
        ],
        "Three",
    )
    assert drawn(figure, 0) == {GREY: 8}
    assert drawn(figure, 1) == {GREY: 5, BLUE: 3}
    assert drawn(figure, 2) == {GREY: 4, BLUE: 2, ORANGE: 2}


def test_versions_stand_one_below_the_other_on_the_same_axes() -> None:
    figure = versions_figure([Version(tune(), "Original"), Version(tune(raised=4), "Higher")], "Two")
    above, below = figure.axes
    assert (above.get_xlim(), above.get_ylim()) == (below.get_xlim(), below.get_ylim())
    assert above.get_position().x0 == below.get_position().x0
    assert above.get_position().y0 > below.get_position().y1
    assert [axes.texts[0].get_text() for axes in figure.axes] == ["Original", "Higher"]
    assert figure.texts[0].get_text() == "Two"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "upper (grand piano)",
        "lower (grand piano)",
    ]


def test_a_shorter_version_has_the_same_scale_of_time() -> None:
    long, short = versions_figure([Version(tune(8), "8"), Version(tune(2), "2")], "Two").axes
    assert short.get_position().width == pytest.approx(long.get_position().width / 4)


def test_the_first_measures_of_long_songs_are_drawn() -> None:
    song = tune(MOST_MEASURES + 8)
    figure = versions_figure([Version(song, "Long", notes_of_measures(song, 15, 24))], "Long")
    assert figure.axes[0].get_xlim() == (0, 16 * MOST_MEASURES)
    assert drawn(figure, 0) == {GREY: 2 * 15, BLUE: 1, ORANGE: 1}


def test_there_must_be_a_version_and_a_value_for_each_note() -> None:
    with pytest.raises(ValueError, match="no versions"):
        versions_figure([], "None")
    with pytest.raises(ValueError, match="3 values for a song of 8 notes"):
        versions_figure([Version(tune(), "Odd", np.ones(3, bool))], "Odd")


def test_versions_are_written_as_a_picture(tmp_path: Path) -> None:
    draw_versions([Version(tune(), "Original")], tmp_path / "versions.svg", "A tune")
    assert GREY in (tmp_path / "versions.svg").read_text().lower()
