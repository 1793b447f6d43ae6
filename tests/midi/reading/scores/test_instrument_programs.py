from __future__ import annotations

import pytest

from musicvae.midi.reading.scores.instrument_programs import program_of


@pytest.mark.parametrize(
    ("name", "program"),
    [("Flute", 73), ("FLUTE 2", 73), ("1st Flute", 73), ("Flutes", 73), ("Piano", 0), ("Violino I", 40),
     ("Violin 1", 40), ("II. Violine", 40), ("Violins", 40), ("Viola", 41), ("Violoncello", 42),
     ("Double Bass", 43), ("Kontrabass", 43), ("Clarinet in Bb", 71), ("Clarinet in B flat 1", 71),
     ("Horn in F", 60), ("Corno 1", 60), ("Trumpet (muted)", 56), ("Soprano", 53), ("Alto", 53),
     ("Tenor", 53), ("Bass", 53), ("Alto Saxophone", 65), ("Electric Guitar", 27),
     ("Timpani", 47), ("Cor anglais", 69), ("Violin1", 40)],
)  # fmt: skip
def test_a_name_tells_the_program(name: str, program: int) -> None:
    assert program_of(name) == program


@pytest.mark.parametrize(
    ("sound", "program"),
    [("wind.flutes.flute", 73), ("wind.flutes.flute.piccolo", 72), ("strings.violin", 40),
     ("voice.vocals", 53), ("wind.reed.clarinet.bass", 71), ("pluck.guitar.electric", 27),
     ("keyboard.piano.grand", 0)],
)  # fmt: skip
def test_a_sound_of_musicxml_tells_the_program(sound: str, program: int) -> None:
    assert program_of(sound) == program


@pytest.mark.parametrize(
    "name", ["", "Part 1", "Harfner", "Drums", "2d Dessus", "wind.unknown", "1", "in F", "()", "."]
)
def test_other_names_tell_none(name: str) -> None:
    assert program_of(name) is None
