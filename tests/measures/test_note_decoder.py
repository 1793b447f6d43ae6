from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from musicvae.measures import symbols
from musicvae.measures.batch import Layout, MeasureBatch, Notes, lay_notes
from musicvae.measures.config import MeasureVAEConfig
from musicvae.measures.note_decoder import NoteDecoder
from musicvae.measures.note_network import Hints
from musicvae.measures.note_sampling import Draw
from musicvae.measures.song_batch import meters_to_layout, songs_to_batch
from musicvae.midi.song import Meter, Part, Song, make_notes, tidy_notes

LATENT = 6


def make_decoder(parts: int = 2, steps: int = 12) -> NoteDecoder:
    torch.manual_seed(0)
    decoder = NoteDecoder(symbols.Alphabet(parts), steps, meters=4, latent=LATENT, hidden=16, layers=2)
    return decoder.eval().requires_grad_(False)


def make_hints(layout: Layout, given: bool = True) -> Hints:
    """Return hints whose codes depend on the measure's place in its window alone."""
    codes = torch.randn(64, LATENT, generator=torch.Generator().manual_seed(1))[: layout.measures]
    return Hints(codes.repeat(layout.windows, 1), layout.exists & given)


def random_song(config: MeasureVAEConfig, meters: tuple[Meter, ...], seed: int, notes: int = 40) -> Song:
    rng = np.random.default_rng(seed)
    steps = sum(meter.steps(config.grid) for meter in meters)
    start = rng.integers(0, steps, notes)
    rows = zip(
        start, np.minimum(rng.integers(1, 9, notes), steps - start), rng.integers(58, 66, notes),
        np.full(notes, 80), rng.integers(0, 2, notes), strict=True,
    )  # fmt: skip
    return Song(tidy_notes(make_notes(rows)), meters, config.parts, config.grid)


# ---- the likelihood is exact


Said = tuple[int, int, int, bool]  # step of the song, length, pitch, held


def every_content(meters: list[int], pitches: int) -> Iterator[list[Said]]:
    """Yield every set of notes that measures of so many steps and a few pitches can hold."""
    starts = np.cumsum([0, *meters])
    room_at = {
        step: end - step for begin, end in zip(starts, starts[1:], strict=False) for step in range(begin, end)
    }

    def go_on(step: int, pitch: int, rings_until: tuple[int, ...], said: list[Said]) -> Iterator[list[Said]]:
        if step == starts[-1]:
            yield said
        elif pitch == pitches:
            yield from go_on(step + 1, 0, rings_until, said)
        else:
            lengths = range(1, room_at[step] + 1)
            opens, rings = step in starts, rings_until[pitch] >= step + (step not in starts)
            held = [[], *([length] for length in lengths if opens and rings)]
            struck = [[], *([length] for length in lengths if opens or not rings)]
            for hold in held:
                for strike in struck:
                    ends = [rings_until[pitch], *(step + length for length in (*hold, *strike))]
                    until = (*rings_until[:pitch], max(ends), *rings_until[pitch + 1 :])
                    notes = [(step, length, pitch, True) for length in hold]
                    notes += [(step, length, pitch, False) for length in strike]
                    yield from go_on(step, pitch + 1, until, said + notes)

    return go_on(0, 0, (-1,) * pitches, [])


def contents_to_batch(
    contents: list[list[Said]], steps: list[int], alphabet: symbols.Alphabet
) -> MeasureBatch:
    """Return a batch of one window for each content."""
    config = MeasureVAEConfig("tiny", (Part("voice"),), 4, (), (), max(steps))
    layout = meters_to_layout([[Meter(length, 16) for length in steps]] * len(contents), config)
    starts = np.cumsum([0, *steps])
    rows = np.array(
        [(window, *note) for window, content in enumerate(contents) for note in content], np.int64
    ).reshape(-1, 5)
    window, start, length, pitch, held = rows.T
    within = np.searchsorted(starts, start, side="right") - 1
    cut = {"step": start - starts[within], "length": length, "pitch": pitch, "held": held}
    cut["part"] = np.zeros_like(pitch)
    return MeasureBatch(layout, lay_notes(layout, window * layout.measures + within, cut, alphabet))


@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize(("steps", "pitches"), [([1], 3), ([2], 2), ([1, 1], 2), ([2, 2], 1), ([1, 2], 2)])
def test_the_probabilities_of_all_contents_sum_to_one(
    monkeypatch: pytest.MonkeyPatch, steps: list[int], pitches: int, given: bool
) -> None:
    monkeypatch.setattr(symbols, "PITCHES", pitches)
    decoder = make_decoder(parts=1, steps=max(steps))
    contents = list(every_content(steps, pitches))
    batch = contents_to_batch(contents, steps, decoder.alphabet)
    log_prob = decoder.log_prob(batch, make_hints(batch.layout, given)).view(len(contents), -1).sum(1)
    assert len(contents) > 2 ** (pitches * len(steps)) - 1
    assert log_prob.exp().sum().item() == pytest.approx(1, abs=1e-4)


def test_contents_are_drawn_as_often_as_they_are_likely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbols, "PITCHES", 1)
    decoder, steps, many = make_decoder(parts=1, steps=2), [1, 2], 20_000
    contents = list(every_content(steps, pitches=1))
    batch = contents_to_batch(contents, steps, decoder.alphabet)
    likely = decoder.log_prob(batch, make_hints(batch.layout)).view(len(contents), -1).sum(1).exp()

    layout = contents_to_batch([[]] * many, steps, decoder.alphabet).layout
    notes = decoder.sample(layout, make_hints(layout), Draw(1.0, torch.Generator().manual_seed(0)))
    drawn: list[list[Said]] = [[] for _ in range(many)]
    for row, length, symbol in zip(
        *(x.tolist() for x in (notes.row, notes.length, notes.symbol)), strict=True
    ):
        drawn[row % many].append((row // many, length, 0, symbol == 0))
    often = torch.tensor([drawn.count(content) for content in contents]) / many
    assert often.sum() == 1
    torch.testing.assert_close(often, likely, atol=0.015, rtol=0)


# ---- what a measure's likelihood depends on


MIXED = (Meter(2, 4), Meter(3, 4), Meter(1, 8), Meter(6, 8))


@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize("measure", [1, 2, 3])
def test_a_measure_is_not_influenced_by_those_after_it(
    config: MeasureVAEConfig, measure: int, given: bool
) -> None:
    decoder, song, other = make_decoder(), random_song(config, MIXED, 0), random_song(config, MIXED, 1)
    barline = song.measure_starts[measure]
    before = song.notes[song.notes["start"] < barline].copy()  # some of them are held on
    after = other.notes[other.notes["start"] >= barline]
    changed = Song(tidy_notes(np.concatenate([before, after])), MIXED, config.parts, config.grid)
    log_prob = []
    for each in (song, changed):
        batch = songs_to_batch([each], config)
        log_prob.append(decoder.log_prob(batch, make_hints(batch.layout, given)))
    torch.testing.assert_close(log_prob[0][:measure], log_prob[1][:measure])
    assert not torch.allclose(log_prob[0][measure:], log_prob[1][measure:])


def test_a_measure_hears_those_before_it(config: MeasureVAEConfig) -> None:
    decoder, song = make_decoder(), random_song(config, MIXED, 0)
    batch = songs_to_batch([song], config)
    notes = batch.notes
    deaf = Notes(*(column[notes.measure > 0] for column in notes))
    hints = make_hints(batch.layout, given=False)
    heard = decoder.log_prob(batch, hints)[1]
    not_heard = decoder.log_prob(MeasureBatch(batch.layout, deaf), hints)[1]
    assert (heard - not_heard).abs() > 1e-3


def test_a_song_is_as_likely_in_a_batch_as_alone(config: MeasureVAEConfig) -> None:
    decoder = make_decoder()
    shapes = [MIXED, (Meter(3, 4),), (Meter(1, 8), Meter(2, 4)) * 3, (Meter(2, 4),) * 2]
    songs = [random_song(config, meters, seed) for seed, meters in enumerate(shapes)]
    together = songs_to_batch(songs, config)
    of_batch = decoder.log_prob(together, make_hints(together.layout)).view(len(songs), -1)
    for song, log_prob in zip(songs, of_batch, strict=True):
        alone = songs_to_batch([song], config)
        expected = decoder.log_prob(alone, make_hints(alone.layout))
        torch.testing.assert_close(log_prob[: song.measures], expected)
        assert (log_prob[song.measures :] == 0).all()


def test_a_code_that_is_not_given_is_not_looked_at(config: MeasureVAEConfig) -> None:
    decoder, batch = make_decoder(), songs_to_batch([random_song(config, MIXED, 0)], config)
    codes, given = make_hints(batch.layout)
    given = given & torch.tensor([True, False, True, False])
    others = torch.where(given.unsqueeze(1), codes, 100.0)
    assert torch.equal(
        decoder.log_prob(batch, Hints(codes, given)), decoder.log_prob(batch, Hints(others, given))
    )
    wrong = decoder.log_prob(batch, Hints(codes + 1, given))
    assert not torch.allclose(decoder.log_prob(batch, Hints(codes, given)), wrong)


def test_what_cannot_be_said_has_no_probability(config: MeasureVAEConfig) -> None:
    decoder = make_decoder()
    layout = meters_to_layout([[Meter(2, 4)]], config)
    doubled = Notes(*(torch.tensor(column) for column in ([0, 0], [0, 2], [4, 2], [256 + 60] * 2, [0, 2])))
    assert decoder.log_prob(MeasureBatch(layout, doubled), make_hints(layout)).item() == -torch.inf


def test_silence_is_likely_to_some_degree(config: MeasureVAEConfig) -> None:
    silence = Song(make_notes([]), MIXED, config.parts, config.grid)
    batch = songs_to_batch([silence], config)
    log_prob = make_decoder().log_prob(batch, make_hints(batch.layout))
    assert log_prob.isfinite().all()
    assert (log_prob < 0).all()


# ---- word dropout


def training_log_probs(decoder: NoteDecoder, batch: MeasureBatch, hints: Hints) -> list[Tensor]:
    decoder.train()
    return [decoder.log_prob(batch, hints, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)]


def test_in_training_steps_are_hidden_by_chance_where_a_code_is_given(config: MeasureVAEConfig) -> None:
    batch = songs_to_batch([random_song(config, MIXED, seed) for seed in range(4)], config)
    first, again, other = training_log_probs(make_decoder(), batch, make_hints(batch.layout))
    assert torch.equal(first, again)
    assert not torch.allclose(first, other)


def test_in_training_nothing_is_hidden_where_no_code_is_given(config: MeasureVAEConfig) -> None:
    batch = songs_to_batch([random_song(config, MIXED, seed) for seed in range(4)], config)
    hints = make_hints(batch.layout, given=False)
    first, _, other = training_log_probs(make_decoder(), batch, hints)
    torch.testing.assert_close(first, other)
    torch.testing.assert_close(first, make_decoder().log_prob(batch, hints))


def test_every_weight_learns(config: MeasureVAEConfig) -> None:
    decoder = make_decoder().train().requires_grad_()
    batch = songs_to_batch([random_song(config, MIXED, seed) for seed in range(4)], config)
    codes, exists = make_hints(batch.layout)
    given = exists & (torch.arange(len(exists)) % 2 == 0)
    decoder.log_prob(batch, Hints(codes, given), torch.Generator().manual_seed(0)).sum().backward()
    still = [
        name for name, weight in decoder.named_parameters() if weight.grad is None or not weight.grad.any()
    ]
    assert still == []
