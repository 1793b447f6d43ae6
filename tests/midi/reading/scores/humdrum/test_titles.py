from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.titles import find_title


@pytest.mark.parametrize(
    "records",
    [
        "!!!OTL: Die Forelle",
        "**kern\n*-\n!!!OTL:Die Forelle \n",
        "!!!OTL@EN: The Trout\n!!!OTL@@DE: Die Forelle",
        "!!!OTL@PL: Pstrąg\n!!!OTL: Die Forelle",
        "!!!OPR: Lieder\n!!!OMD: Etwas lebhaft\n!!!ONM: 3\n!!!OTL@@DE: Die Forelle",
        "!!!OTL:\n!!!OTL: Die&nbsp;Forelle".replace("&nbsp;", " "),
    ],
)
def test_the_title_is_that_of_the_original(records: str) -> None:
    assert find_title(records) == "Die Forelle"


def test_without_a_title_it_is_that_of_the_whole_work() -> None:
    assert find_title("!!!OMD: Allegro\n!!!OPR: Suite\n!!!ONM: 2\n!!!OPS: op. 3") == "Suite"


def test_a_tempo_word_is_no_title() -> None:
    assert find_title("!!!OMD: Allegro\n!!!ONM: 2\n**kern\n") == ""


def test_entities_are_letters() -> None:
    assert find_title("!!!OTL: &Eacute;tude &amp; Nocturne") == "Étude & Nocturne"
