from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import torch
from torch import Tensor

from musicvae.core.categorical import Draw
from musicvae.measures.data import alphabet as symbols
from musicvae.measures.data.batch import Layout, MeasureBatch, Window, lay_out
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes
from musicvae.measures.data.song_batch import SongOutline, outline_to_window
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.network.readouts import KEY
from musicvae.midi.songs.song import Meter, Part

DecoderMaker = Callable[..., NoteDecoder]
LATENT = 6
# Three songs side by side, whose measures are of other lengths.
SHAPES: list[tuple[Meter, ...]] = [
    (Meter(2, 4), Meter(3, 4), Meter(1, 8), Meter(2, 4), Meter(6, 8)),
    (Meter(1, 8),) * 5,
    (Meter(3, 4), Meter(2, 4), Meter(3, 4), Meter(3, 4), Meter(1, 8)),
]
REACHES = pytest.mark.parametrize("reach", [0, 2])


def bias_of_symbols(decoder: NoteDecoder) -> Tensor:
    return decoder.say_symbol.layers[-1].get_parameter("bias").detach()


@pytest.fixture(scope="module")
def make_decoder(make_decoder: DecoderMaker) -> DecoderMaker:
    """Return what makes decoders that know little, and so say much; they like to hold what they may."""

    plain = make_decoder

    def make(**changes: object) -> NoteDecoder:
        decoder = plain(**changes)
        bias_of_symbols(decoder)[: decoder.alphabet.lanes] += 5
        torch.nn.init.constant_(decoder.sketch.layers[-1].get_parameter("bias"), -4)
        return decoder

    return make


def seeded(temperature: float | Tensor = 1.0, seed: int = 0) -> Draw:
    return Draw(temperature, torch.Generator().manual_seed(seed))


def hints_of(layout: Layout, freedom: float = 0.0) -> NoisyCodes:
    codes = torch.randn(64, LATENT, generator=torch.Generator().manual_seed(1))[layout.place]
    return NoisyCodes(codes, torch.full((len(codes),), freedom))


@dataclass
class Piece:
    """Songs as they are written: each measure with its layout, and what is remembered after the last one."""

    measures: list[MeasureBatch] = field(default_factory=list)
    memory: Memory | None = None

    @property
    def notes(self) -> list[list[tuple[int, ...]]]:
        """Of each song: measure, step, length and symbol of its notes."""
        songs: list[list[tuple[int, ...]]] = [[] for _ in range(self.measures[0].layout.windows)]
        for number, (_, notes) in enumerate(self.measures):
            columns = (notes.measure, notes.step, notes.length, notes.symbol)
            for song, *rest in zip(*(column.tolist() for column in columns), strict=True):
                songs[song].append((number, *rest))
        return songs


@dataclass
class Shapes:
    """The meters of songs that are written side by side, all with as many measures."""

    meters: list[tuple[Meter, ...]]
    config: MeasureVAEConfig

    def layouts(self) -> list[Layout]:
        """Return the layout of each measure."""
        windows = [outline_to_window(SongOutline(meters), self.config) for meters in self.meters]
        return [
            lay_out([Window(*(column[n : n + 1] for column in window)) for window in windows])
            for n in range(len(self.meters[0]))
        ]

    def write(self, decoder: NoteDecoder, draw: Draw, freedom: float = 0.0) -> Piece:
        piece, memory = Piece(), decoder.blank(len(self.meters))
        for layout in self.layouts():
            written = decoder.write(layout, hints_of(layout, freedom), draw, memory)
            memory = written.memory
            piece.measures.append(MeasureBatch(layout, written.notes))
        piece.memory = memory
        return piece


def hear(decoder: NoteDecoder, piece: Piece, freedom: float = 0.0) -> tuple[Tensor, Memory]:
    """Return how likely the measures of a piece are, (songs, measures), and what is remembered after them."""
    memory, log_probs = decoder.blank(piece.measures[0].layout.windows), []
    for batch in piece.measures:
        log_prob, memory = decoder.hear(batch, hints_of(batch.layout, freedom), memory)
        log_probs.append(log_prob)
    return torch.stack(log_probs, dim=1), memory


@pytest.fixture(scope="module")
def shapes(config: MeasureVAEConfig) -> Shapes:
    return Shapes(SHAPES, config)


# ---- what is written is what is heard


class Recorder:
    """A draw that adds up how likely everything was that it picked."""

    def __init__(self, draw: Draw, sums: list[float]) -> None:
        self.draw, self.sums = draw, sums

    def of(self, songs: Tensor) -> Recorder:
        return Recorder(self.draw.of(songs), self.sums)

    def pick(self, logits: Tensor) -> Tensor:
        picked = self.draw.pick(logits)
        self.sums.append(logits.log_softmax(-1).gather(1, picked.unsqueeze(1)).sum().item())
        return picked


@REACHES
@pytest.mark.parametrize("freedom", [0.0, 1.0])
@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0])
def test_what_is_drawn_is_as_likely_as_the_likelihood_says(
    make_decoder: DecoderMaker, shapes: Shapes, temperature: float, freedom: float, reach: int
) -> None:
    decoder, recorder = make_decoder(reach=reach), Recorder(seeded(temperature), [])
    piece = shapes.write(decoder, recorder, freedom)  # type: ignore[arg-type]
    assert sum(map(len, piece.notes)) > 30
    log_prob = hear(decoder, piece, freedom)[0]
    assert log_prob.sum().item() == pytest.approx(sum(recorder.sums), rel=1e-4)


@REACHES
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_after_writing_the_same_is_remembered_as_after_hearing(
    make_decoder: DecoderMaker, shapes: Shapes, reach: int, temperature: float
) -> None:
    decoder = make_decoder(reach=reach)
    piece = shapes.write(decoder, seeded(temperature))
    written, heard = piece.memory, hear(decoder, piece)[1]
    assert written is not None
    assert torch.equal(written.ringing, heard.ringing)
    assert written.ringing.any()
    assert written.measures.tolist() == heard.measures.tolist() == [5] * 3
    torch.testing.assert_close((written.recurrent, written.heard), (heard.recurrent, heard.heard))
    for ours, theirs in zip(written.pasts, heard.pasts, strict=True):
        for song in range(3):  # rows that do not exist lie elsewhere
            mine, yours = (past.measure[song] >= 0 for past in (ours, theirs))
            assert ours.measure[song, mine].tolist() == theirs.measure[song, yours].tolist()
            torch.testing.assert_close(ours.key[song, :, mine], theirs.key[song, :, yours])
            torch.testing.assert_close(ours.value[song, :, mine], theirs.value[song, :, yours])


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_written_that_cannot_be_said(
    make_decoder: DecoderMaker, shapes: Shapes, seed: int
) -> None:
    decoder = make_decoder()
    piece = shapes.write(decoder, seeded(3.0, seed), freedom=1)
    assert hear(decoder, piece, freedom=1)[0].isfinite().all()


@REACHES
def test_contents_are_drawn_as_often_as_they_are_likely(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, monkeypatch: pytest.MonkeyPatch, reach: int
) -> None:
    monkeypatch.setattr(symbols, "PITCHES", 1)
    decoder, several = make_decoder(parts=(Part("voice"),), reach=reach), 10_000
    tiny = Shapes([(Meter(1, 16), Meter(1, 8))] * several, config)  # measures of one step and of two
    piece = tiny.write(decoder, seeded())
    likely = hear(decoder, piece)[0].sum(1).exp()
    contents = [tuple(notes) for notes in piece.notes]
    often = Counter(contents)
    assert len(often) > 10
    of_each = {content: likely[contents.index(content)].item() for content in often}
    assert {content: count / several for content, count in often.items()} == pytest.approx(of_each, abs=0.02)
    assert sum(of_each.values()) == pytest.approx(1, abs=0.01)


@REACHES
def test_a_song_is_written_alike_whatever_is_written_beside_it(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, shapes: Shapes, reach: int
) -> None:
    decoder = make_decoder(reach=reach)
    bias_of_symbols(decoder)[-1] -= 1  # songs long enough to differ
    together = shapes.write(decoder, seeded(0.0), freedom=1).notes
    assert len({len(notes) for notes in together}) == 3
    for notes, meters in zip(together, SHAPES, strict=True):
        assert Shapes([meters], config).write(decoder, seeded(0.0), freedom=1).notes == [notes]


# ---- what is written is music


def test_notes_end_within_their_measure(make_decoder: DecoderMaker, shapes: Shapes) -> None:
    for layout, notes in shapes.write(make_decoder(), seeded()).measures:
        assert (notes.length >= 1).all()
        assert (notes.step + notes.length <= layout.measure_steps[notes.measure]).all()


def test_notes_are_in_the_order_of_measures_steps_and_symbols(
    make_decoder: DecoderMaker, shapes: Shapes
) -> None:
    decoder = make_decoder()
    for _, notes in shapes.write(decoder, seeded()).measures:
        at = notes.measure * shapes.config.steps + notes.step
        assert ((at * decoder.alphabet.size + notes.symbol).diff() > 0).all()


def test_only_what_rings_is_held_and_what_rings_within_a_measure_is_not_struck(
    make_decoder: DecoderMaker, shapes: Shapes
) -> None:
    piece, held = shapes.write(decoder := make_decoder(), seeded(), freedom=1), 0
    for meters, notes in zip(SHAPES, piece.notes, strict=True):
        barlines = [0]
        for meter in meters:
            barlines.append(barlines[-1] + meter.steps(shapes.config.grid))
        held += count_held(notes, barlines, decoder.alphabet.lanes)
    assert held >= 10


def count_held(notes: list[tuple[int, ...]], barlines: list[int], lanes: int) -> int:
    """Go through a song in order of time, remember until when each lane rings; return how many are held."""
    rings: dict[int, int] = {}
    held = 0
    for measure, step, length, symbol in notes:
        now, lane = barlines[measure] + step, symbol % lanes
        if symbol < lanes:
            held += 1
            assert step == 0
            assert rings[lane] == now  # until this barline, and no further
        elif step > 0:
            assert rings.get(lane, 0) <= now
        rings[lane] = max(rings.get(lane, 0), now + length)
    return held


def test_a_decoder_with_nothing_to_say_writes_nothing(make_decoder: DecoderMaker, shapes: Shapes) -> None:
    silent = make_decoder()
    bias_of_symbols(silent)[silent.alphabet.end] = 1e4
    silent.when.readout.layers[-1].get_parameter("bias")[-1] = 1e4  # nothing more in the measure
    piece = shapes.write(silent, seeded())
    assert piece.notes == [[], [], []]
    assert piece.memory is not None
    assert not piece.memory.ringing.any()


# ---- how it is drawn


def test_the_same_seed_draws_the_same_notes(make_decoder: DecoderMaker, shapes: Shapes) -> None:
    decoder = make_decoder()
    first, again, other = (shapes.write(decoder, seeded(seed=seed)).notes for seed in (0, 0, 1))
    assert first == again
    assert first != other


def test_songs_have_temperatures_of_their_own(make_decoder: DecoderMaker, shapes: Shapes) -> None:
    decoder, temperature = make_decoder(), torch.tensor([0.0, 1.0, 0.0])
    safest = shapes.write(decoder, seeded(0.0)).notes
    first, other = (shapes.write(decoder, seeded(temperature, seed)).notes for seed in (0, 1))
    for song in (0, 2):
        assert first[song] == other[song] == safest[song]
    assert first[1] != safest[1]
    assert first[1] != other[1]


def test_at_temperature_0_each_symbol_is_the_likeliest(make_decoder: DecoderMaker, shapes: Shapes) -> None:
    class Checker(Recorder):
        def of(self, songs: Tensor) -> Checker:
            return Checker(self.draw.of(songs), self.sums)

        def pick(self, logits: Tensor) -> Tensor:
            picked = super().pick(logits)
            assert torch.equal(logits.gather(1, picked.unsqueeze(1)).squeeze(1), logits.max(1).values)
            return picked

    checker = Checker(seeded(torch.zeros(3)), [])
    shapes.write(make_decoder(), checker)  # type: ignore[arg-type]
    assert len(checker.sums) > 30


def say_when(decoder: NoteDecoder, next_step: float, nothing: float) -> None:
    """Make a decoder say of every row how likely something begins at the next step, beside nothing more."""
    bias = decoder.when.readout.layers[-1].get_parameter("bias")
    torch.nn.init.zeros_(decoder.when.readout.layers[-1].get_parameter("weight"))
    bias[:KEY], bias[KEY:] = 0, -30  # no step by its key
    bias[KEY], bias[-1] = next_step, nothing  # the first gap


@pytest.fixture
def rare(make_decoder: DecoderMaker) -> Callable[[float, float], NoteDecoder]:
    """Return what makes decoders that say a note at every barline, and later one that they are so sure of."""

    def make(hazard: float, chance: float) -> NoteDecoder:
        decoder = make_decoder()
        torch.nn.init.zeros_(decoder.trust)  # the sketch says nothing
        for readout in (decoder.say_symbol, decoder.say_length):
            torch.nn.init.zeros_(readout.layers[-1].get_parameter("weight"))
        symbols, lanes = bias_of_symbols(decoder), decoder.alphabet.lanes
        # Note 60 has the chance, all other onsets share the rest; "no more" follows any of them.
        symbols[:] = torch.log(torch.tensor((1 - chance) / (lanes - 1)))
        symbols[lanes + 60] = torch.log(torch.tensor(chance))
        symbols[decoder.alphabet.end] = 10
        lengths = decoder.say_length.layers[-1].get_parameter("bias")
        lengths[:] = -30
        lengths[0] = 0
        odds = torch.tensor(hazard / (1 - hazard))
        say_when(decoder, float(torch.log(odds)), 0.0)
        return decoder

    return make


@pytest.mark.parametrize(
    ("hazard", "chance", "steps"),
    [(0.9, 0.9, [1, 2, 3]), (0.6, 0.9, [1, 2, 3]), (0.6, 0.6, []), (0.9, 0.05, []), (0.4, 0.99, [])],
)
def test_greedily_a_step_is_left_whose_likeliest_note_is_no_likelier_than_nothing(
    rare: Callable[[float, float], NoteDecoder],
    config: MeasureVAEConfig,
    hazard: float,
    chance: float,
    steps: list[int],
) -> None:
    quarter = Shapes([(Meter(1, 4),)], config)
    [notes] = quarter.write(rare(hazard, chance), seeded(0.0)).notes
    assert [step for _, step, _, _ in notes] == steps  # at the barline "no more" is likeliest
    [drawn] = quarter.write(rare(0.9, 0.05), seeded(1.0)).notes
    assert drawn  # by chance nothing is left


LOGITS = torch.tensor([[0.0, 1.0, -torch.inf, 2.0]])
MANY = 20_000


def shares(picked: Tensor) -> Tensor:
    return picked.bincount(minlength=4) / len(picked)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_a_draw_follows_its_temperature(temperature: float) -> None:
    expected = (LOGITS[0] / temperature).softmax(0)
    picked = seeded(temperature).pick(LOGITS.expand(MANY, 4))
    torch.testing.assert_close(shares(picked), expected, atol=0.015, rtol=0)


@pytest.mark.parametrize("temperature", [0.0, 1e-9])
def test_without_temperature_the_likeliest_is_taken(temperature: float) -> None:
    assert shares(seeded(temperature).pick(LOGITS.expand(MANY, 4))).tolist() == [0, 0, 0, 1]


def test_each_row_is_drawn_at_its_own_temperature() -> None:
    rows = torch.tensor([0.0, 1.0, 2.0]).repeat(MANY)
    picked = seeded(rows).pick(LOGITS.expand(3 * MANY, 4)).view(MANY, 3)
    assert shares(picked[:, 0]).tolist() == [0, 0, 0, 1]
    for column, temperature in ((1, 1.0), (2, 2.0)):
        expected = (LOGITS[0] / temperature).softmax(0)
        torch.testing.assert_close(shares(picked[:, column]), expected, atol=0.015, rtol=0)


def test_a_draw_for_some_of_the_songs_keeps_their_temperatures() -> None:
    draw = seeded(torch.tensor([0.0, 1.0, 2.0]))
    some = draw.of(torch.tensor([2, 0]))
    assert isinstance(some.temperature, Tensor)
    assert some.temperature.tolist() == [2, 0]
    assert some.generator is draw.generator
    assert seeded(0.7).of(torch.tensor([2, 0])).temperature == 0.7


@pytest.mark.parametrize(
    ("temperature", "greedy"),
    [(0, True), (0.1, False), (torch.zeros(2), True), (torch.tensor([0.0, 0.1]), False)],
)
def test_a_draw_is_greedy_if_nothing_is_left_to_chance(temperature: float | Tensor, greedy: bool) -> None:
    assert Draw(temperature).is_greedy == greedy


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_nothing_is_drawn_from_nothing(temperature: float) -> None:
    assert seeded(temperature).pick(torch.empty(0, 4)).tolist() == []
