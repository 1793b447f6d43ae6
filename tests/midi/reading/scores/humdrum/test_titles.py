from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.humdrum.titles import find_composer, find_title


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


def test_composers_are_named_as_the_file_names_them() -> None:
    records = (
        "!!!COM: Chopin, Fryderyk\n!!!COM-rismID: pe3\n!!!CDT: 1810\n!!!COM2: Franchomme, A.\n!!!OTL: Duo"
    )
    assert (find_composer(records), find_title(records)) == ("Chopin, Fryderyk; Franchomme, A.", "Duo")
    assert find_composer("!!!OTL: Duo\n!!!COM:\n**kern") == ""
