"""How music is made where nothing else is said. Apart from what makes it, which loads torch."""

from __future__ import annotations

from dataclasses import dataclass

TEMPERATURE = 0.9
MEASURES = 16  # of a piece
NEW_MEASURES = 8  # of a continuation
AMOUNT = 0.1  # of the notes of a song that is put right, taken to be wrong


@dataclass(frozen=True)
class PieceOptions:
    """What pieces to write.

    Parameters
    ----------
    count : int
        How many pieces.
    measures : int, optional
        Length of each; left out, that of the form or of the meters, else 16, or as many more as the
        sections of the form need to be of one length.
    meter : str, optional
        Such as "3/4", or a list such as "4/4x8,3/4x8"; left out, each piece draws meter, key and style
        as they came together in the training songs.
    key : str, optional
        Such as "G major".
    style : str, optional
        One of the model's styles.
    band : str, optional
        Instruments, such as "piano, bass, drums", of a model whose parts are the songs' own: see
        `compose.bands.parse_band`. Left out, each piece draws a band that the training songs have.
    form : str, optional
        Such as "AABA": sections of equal length, those of one letter alike. Left out, each piece draws
        a plan of repetition such as the training songs have.
    bpm : float, optional
        Quarter notes per minute; the usual tempo of the training songs if left out.
    temperature : float
        1 draws as the model has learned, less plays safer, 0 always takes the likeliest.
    from_prior : bool
        Draw each measure's code from N(0, I), as the textbook has it, instead of none, and take the
        likeliest notes for it, whatever the temperature; a decoder that does not hear the song always does.
    """

    count: int = 5
    measures: int | None = None
    meter: str | None = None
    key: str | None = None
    style: str | None = None
    form: str | None = None
    bpm: float | None = None
    temperature: float = TEMPERATURE
    from_prior: bool = False
    band: str | None = None

    def __post_init__(self) -> None:
        if self.count < 1 or (self.measures is not None and self.measures < 1):
            raise ValueError("at least one piece of one measure must be asked for")
        if self.temperature < 0:
            raise ValueError("the temperature cannot be negative")


@dataclass(frozen=True)
class InfillOptions:
    """How a gap is filled.

    Parameters
    ----------
    candidates : int
        How many fillings are written for one that is kept.
    weigh : bool
        Whether they are weighed; without, the first one drawn is kept.
    temperature : float
        1 draws as the model has learned, less plays safer, 0 always takes the likeliest.
    """

    candidates: int = 32
    weigh: bool = True
    temperature: float = 0.6

    def __post_init__(self) -> None:
        if self.candidates < 1:
            raise ValueError(f"at least one candidate must be written, got {self.candidates}")
        if self.temperature < 0:
            raise ValueError("the temperature cannot be negative")


@dataclass(frozen=True)
class PathOptions:
    """How the way from A to B is gone.

    Parameters
    ----------
    steps : int
        Songs between the two ends.
    measures : int, optional
        Take only this many measures from the beginning of each.
    natural : float
        How free the middle of the way is of its codes, 0 to 1: what lies between two songs is seldom a song,
        and with some freedom the decoder makes one of it. Towards the ends, which are reconstructions,
        freedom falls to 0.
    """

    steps: int = 7
    measures: int | None = None
    natural: float = 0.3

    def __post_init__(self) -> None:
        if self.steps < 0:
            raise ValueError(f"there cannot be {self.steps} songs between two")
        if self.measures is not None and self.measures < 1:
            raise ValueError(f"at least one measure of each song must be taken, got {self.measures}")
        if not 0 <= self.natural <= 1:
            raise ValueError(f"natural must lie between 0 and 1, got {self.natural}")
