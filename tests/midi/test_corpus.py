from __future__ import annotations

from musicvae.midi.corpus import CORPORA


def test_every_corpus_is_found_by_its_name() -> None:
    assert list(CORPORA) == ["bach-chorales", "ryan", "oneill", "aird", "folk"]
    assert all(corpus.name == name for name, corpus in CORPORA.items())


def test_folk_is_the_three_collections_together() -> None:
    folk = CORPORA["folk"]
    assert folk.pieces == sum(CORPORA[name].pieces for name in folk.collections)


def test_everything_is_in_the_public_domain() -> None:
    assert all(corpus.licence.startswith("public domain") for corpus in CORPORA.values())
