from __future__ import annotations

from dataclasses import dataclass, field

import pytest
import torch
from torch import Tensor

from musicvae.measures.batch import Layout, MeasureBatch, Notes
from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.note_decoder import NoteDecoder
from musicvae.measures.note_network import Hints
from musicvae.measures.note_sampling import Draw
from musicvae.measures.song_batch import meters_to_layout, notes_to_songs
from musicvae.midi.song import Meter

SONGS = [[Meter(2, 4), Meter(3, 4), Meter(1, 8), Meter(2, 4)], [Meter(1, 8)], [Meter(3, 4)] * 3]


def bias_of_symbols(decoder: NoteDecoder) -> Tensor:
    return decoder.say_symbol.layers[-1].get_parameter("bias").detach()


@pytest.fixture(scope="module")
def decoder(config: MeasureVAEConfig) -> NoteDecoder:
    """Return a decoder that knows nothing, and so says much; it likes to hold what it may."""
    torch.manual_seed(0)
    decoder = NoteDecoder(config.alphabet, config.steps, meters=4, latent=6, hidden=16, layers=2)
    bias_of_symbols(decoder)[: config.alphabet.voices] += 5
    return decoder.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def layout(config: MeasureVAEConfig) -> Layout:
    return meters_to_layout(SONGS, config)


def make_hints(layout: Layout, given: bool = True) -> Hints:
    codes = torch.randn(len(layout.exists), 6, generator=torch.Generator().manual_seed(1))
    return Hints(codes, layout.exists & given)


def seeded(temperature: float = 1.0, seed: int = 0) -> Draw:
    return Draw(temperature, torch.Generator().manual_seed(seed))


@dataclass
class Recorder:
    """A draw that adds up how likely everything was that it picked."""

    draw: Draw
    log_prob: float = 0.0
    picks: list[int] = field(default_factory=list)

    @property
    def temperature(self) -> float:
        return self.draw.temperature

    def pick(self, logits: Tensor) -> Tensor:
        picked = self.draw.pick(logits)
        self.log_prob += logits.log_softmax(-1).gather(1, picked.unsqueeze(1)).sum().item()
        self.picks.append(len(picked))
        return picked


@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0])
def test_what_is_drawn_is_as_likely_as_the_likelihood_says(
    decoder: NoteDecoder, layout: Layout, temperature: float, given: bool
) -> None:
    hints, recorder = make_hints(layout, given), Recorder(seeded(temperature))
    notes = decoder.sample(layout, hints, recorder)  # type: ignore[arg-type]
    assert len(notes.row) > 50
    log_prob = decoder.log_prob(MeasureBatch(layout, notes), hints).sum().item()
    assert log_prob == pytest.approx(recorder.log_prob, rel=1e-4)


def test_a_window_is_written_alike_whatever_is_written_beside_it(
    config: MeasureVAEConfig, decoder: NoteDecoder, layout: Layout
) -> None:
    together = decoder.sample(layout, make_hints(layout, given=False), Draw(0))
    for index, meters in enumerate(SONGS):
        alone_layout = meters_to_layout([meters], config)
        alone = decoder.sample(alone_layout, make_hints(alone_layout, given=False), Draw(0))
        own = together.measure // layout.measures == index
        assert (together.measure[own] - index * layout.measures).tolist() == alone.measure.tolist()
        for name in ("step", "length", "symbol"):
            assert getattr(together, name)[own].tolist() == getattr(alone, name).tolist()


def test_notes_end_within_their_measure(decoder: NoteDecoder, layout: Layout) -> None:
    notes = decoder.sample(layout, make_hints(layout), seeded())
    assert (notes.length >= 1).all()
    assert (notes.step + notes.length <= layout.measure_steps[notes.measure]).all()
    assert layout.exists[notes.measure].all()


def test_notes_lie_where_they_say(decoder: NoteDecoder, layout: Layout) -> None:
    notes = decoder.sample(layout, make_hints(layout), seeded())
    assert torch.equal(notes.row, layout.first_row[notes.measure] + notes.step * layout.windows)
    in_order = notes.row * decoder.alphabet.size + notes.symbol
    assert (in_order.diff() > 0).all()


def test_only_what_rings_is_held_and_what_rings_within_a_measure_is_not_struck(
    decoder: NoteDecoder, layout: Layout
) -> None:
    notes = decoder.sample(layout, make_hints(layout), seeded())
    assert_possible(notes, layout, decoder.alphabet.voices)


def assert_possible(notes: Notes, layout: Layout, voices: int) -> None:
    """Go through the notes in order of time, and remember until which row each voice of each window rings."""
    rings: dict[tuple[int, int], int] = {}
    held_notes = 0
    columns = (notes.row, notes.step, notes.length, notes.symbol)
    for row, step, length, symbol in zip(*(column.tolist() for column in columns), strict=True):
        now, window = divmod(row, layout.windows)
        voice = (window, symbol % voices)
        if symbol < voices:
            held_notes += 1
            assert step == 0
            assert rings[voice] == now  # until this barline, and no further
        elif step > 0:
            assert rings.get(voice, 0) <= now
        rings[voice] = max(rings.get(voice, 0), now + length)
    assert held_notes >= 10


def test_what_is_drawn_makes_songs(config: MeasureVAEConfig, decoder: NoteDecoder, layout: Layout) -> None:
    notes = decoder.sample(layout, make_hints(layout), seeded())
    songs = notes_to_songs(notes, layout, SONGS, [config.parts] * 3, config)  # which check their notes
    assert [song.meters for song in songs] == [tuple(meters) for meters in SONGS]
    assert all(len(song.notes) for song in songs)


def test_the_same_seed_draws_the_same_notes(decoder: NoteDecoder, layout: Layout) -> None:
    first, again, other = (
        decoder.sample(layout, make_hints(layout), seeded(seed=seed)).symbol.tolist() for seed in (0, 0, 1)
    )
    assert first == again != other


def test_a_decoder_with_nothing_to_say_writes_nothing(config: MeasureVAEConfig, layout: Layout) -> None:
    silent = NoteDecoder(config.alphabet, config.steps, meters=4, latent=6, hidden=16, layers=1)
    bias_of_symbols(silent)[config.alphabet.end] = 1e4
    assert len(silent.sample(layout, make_hints(layout), seeded()).row) == 0


# ---- one draw


LOGITS = torch.tensor([[0.0, 1.0, -torch.inf, 2.0]])


def shares(temperature: float) -> Tensor:
    picked = seeded(temperature).pick(LOGITS.expand(20_000, 4))
    return picked.bincount(minlength=4) / 20_000


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_a_draw_follows_its_temperature(temperature: float) -> None:
    expected = (LOGITS[0] / temperature).softmax(0)
    torch.testing.assert_close(shares(temperature), expected, atol=0.015, rtol=0)


def test_a_temperature_of_zero_takes_the_likeliest() -> None:
    assert shares(0.0).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_nothing_is_drawn_from_nothing(temperature: float) -> None:
    assert seeded(temperature).pick(torch.empty(0, 4)).tolist() == []
