from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from musicvae.measures.data import alphabet as symbols
from musicvae.measures.data.batch import Layout, MeasureBatch, Notes, Window, lay_notes, lay_out
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes, exact
from musicvae.measures.data.song_batch import SongOutline, outline_to_window, songs_to_batch
from musicvae.measures.network.memory import Memory
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.midi.arranging.seats import NO_DRUMS, VACANT
from musicvae.midi.songs.measure_notes import song_to_measure_notes
from musicvae.midi.songs.notes import make_notes, tidy_notes
from musicvae.midi.songs.song import Meter, Part, Song

LATENT = 6


DecoderMaker = Callable[..., NoteDecoder]


def codes_of(layout: Layout) -> Tensor:
    """Return codes that depend on the measure's place in its song alone."""
    size = LATENT * max(1, layout.band.shape[1])
    return torch.randn(64, size, generator=torch.Generator().manual_seed(1))[layout.place]


def hints_of(layout: Layout, freedom: float = 0.0) -> NoisyCodes:
    return NoisyCodes(codes_of(layout), torch.full((len(layout.place),), freedom))


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
    contents: list[list[Said]], steps: list[int], config: MeasureVAEConfig, parts: tuple[Part, ...]
) -> MeasureBatch:
    """Return a batch of one window for each content, said by the last of the parts."""
    meters = tuple(Meter(length, 16) for length in steps)
    window = outline_to_window(SongOutline(meters, parts=parts), config)
    layout = lay_out([window] * len(contents))
    starts = np.cumsum([0, *steps])
    rows = np.array(
        [(window, *note) for window, content in enumerate(contents) for note in content], np.int64
    ).reshape(-1, 5)
    number, start, length, pitch, held = rows.T
    within = np.searchsorted(starts, start, side="right") - 1
    notes = {"step": start - starts[within], "length": length, "pitch": pitch, "held": held}
    notes["part"] = np.full_like(pitch, len(parts) - 1)
    return MeasureBatch(layout, lay_notes(layout, number * layout.measures + within, notes, config.alphabet))


@pytest.mark.parametrize("freedom", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("reach", [0, 2])
@pytest.mark.parametrize(("steps", "pitches"), [([1], 3), ([2], 2), ([1, 1], 2), ([2, 2], 1), ([1, 2], 2)])
@pytest.mark.parametrize("seats", [(), (NO_DRUMS, VACANT), (VACANT, NO_DRUMS, VACANT)], ids=len)
def test_the_probabilities_of_all_contents_sum_to_one(
    make_decoder: DecoderMaker,
    config: MeasureVAEConfig,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[int],
    pitches: int,
    reach: int,
    freedom: float,
    seats: tuple[Part, ...],
) -> None:
    monkeypatch.setattr(symbols, "PITCHES", pitches)
    tiny = {"parts": seats or (Part("voice"),), "steps": max(steps), "reach": reach}
    decoder, contents = make_decoder(**tiny), list(every_content(steps, pitches))
    parts = (*seats[:-1], Part("voice", program=52))  # of seats all are vacant but the last
    batch = contents_to_batch(contents, steps, replace(config, **tiny), parts)  # type: ignore[arg-type]
    log_prob = decoder.log_prob(batch, hints_of(batch.layout, freedom)).view(len(contents), -1).sum(1)
    assert len(contents) > 2 ** (pitches * len(steps)) - 1
    assert log_prob.exp().sum().item() == pytest.approx(1, abs=1e-4)


# ---- what a measure's likelihood depends on


MIXED = (Meter(2, 4), Meter(3, 4), Meter(1, 8), Meter(6, 8))
REACHES = pytest.mark.parametrize("reach", [0, 2])


@REACHES
@pytest.mark.parametrize("freedom", [0.0, 1.0])
@pytest.mark.parametrize("measure", [1, 2, 3])
def test_a_measure_is_not_influenced_by_those_after_it(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, measure: int, freedom: float, reach: int
) -> None:
    decoder, song, other = (
        make_decoder(reach=reach),
        random_song(config, MIXED, 0),
        random_song(config, MIXED, 1),
    )
    barline = song.measure_starts[measure]
    before = song.notes[song.notes["start"] < barline].copy()  # some of them are held on
    after = other.notes[other.notes["start"] >= barline]
    changed = Song(tidy_notes(np.concatenate([before, after])), MIXED, config.parts, config.grid)
    log_prob = []
    for each in (song, changed):
        batch = songs_to_batch([each], config)
        log_prob.append(decoder.log_prob(batch, hints_of(batch.layout, freedom)))
    torch.testing.assert_close(log_prob[0][:measure], log_prob[1][:measure])
    assert not torch.allclose(log_prob[0][measure:], log_prob[1][measure:])


@REACHES
def test_a_measure_hears_those_before_it(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, reach: int
) -> None:
    decoder, batch = make_decoder(reach=reach), songs_to_batch([random_song(config, MIXED, 0)], config)
    notes = batch.notes
    deaf = Notes(*(column[notes.measure > 0] for column in notes))
    noisy = hints_of(batch.layout, freedom=1)
    heard = decoder.log_prob(batch, noisy)[1]
    not_heard = decoder.log_prob(MeasureBatch(batch.layout, deaf), noisy)[1]
    assert (heard - not_heard).abs() > 1e-3


def test_looking_back_makes_a_difference_from_the_second_row_on(
    make_decoder: DecoderMaker, config: MeasureVAEConfig
) -> None:
    batch = songs_to_batch([random_song(config, MIXED, 0)], config)
    looking = make_decoder()
    blind = make_decoder()
    for layer in blind.layers:
        if layer.look is not None:
            torch.nn.init.zeros_(layer.look.out.weight)
    one, other = (each.log_prob(batch, hints_of(batch.layout, 1)) for each in (looking, blind))
    assert ((one - other).abs() > 1e-3).all()


@REACHES
def test_a_song_is_as_likely_in_a_batch_as_alone(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, reach: int
) -> None:
    decoder = make_decoder(reach=reach)
    shapes = [MIXED, (Meter(3, 4),), (Meter(1, 8), Meter(2, 4)) * 3, (Meter(2, 4),) * 2]
    songs = [random_song(config, meters, seed) for seed, meters in enumerate(shapes)]
    together = songs_to_batch(songs, config)
    of_batch = decoder.log_prob(together, hints_of(together.layout)).view(len(songs), -1)
    for song, log_prob in zip(songs, of_batch, strict=True):
        alone = songs_to_batch([song], config)
        expected = decoder.log_prob(alone, hints_of(alone.layout))
        torch.testing.assert_close(log_prob[: song.measures], expected)
        assert (log_prob[song.measures :] == 0).all()


def test_a_code_that_is_not_given_is_not_looked_at(
    make_decoder: DecoderMaker, config: MeasureVAEConfig
) -> None:
    decoder, batch = make_decoder(), songs_to_batch([random_song(config, MIXED, 0)], config)
    codes, freedom = codes_of(batch.layout), torch.tensor([0.0, 1.0, 0.5, 1.0])
    others = torch.where(freedom.unsqueeze(1) < 1, codes, 100.0)
    known = decoder.log_prob(batch, NoisyCodes(codes, freedom))
    assert torch.equal(known, decoder.log_prob(batch, NoisyCodes(others, freedom)))
    assert not torch.allclose(known, decoder.log_prob(batch, NoisyCodes(codes + 1, freedom)))


def test_a_measure_is_told_how_free_it_is(make_decoder: DecoderMaker, config: MeasureVAEConfig) -> None:
    decoder, batch = make_decoder(), songs_to_batch([random_song(config, (Meter(2, 4),), 0)], config)
    of_levels = [decoder.log_prob(batch, hints_of(batch.layout, level)).item() for level in (0, 0.3, 0.7, 1)]
    assert np.min(np.abs(np.diff(sorted(of_levels)))) > 1e-3


@pytest.mark.parametrize("name", ["key", "style"])
def test_a_song_is_told_its_key_and_style(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, name: str
) -> None:
    decoder, song = make_decoder(), random_song(config, MIXED, 0)
    draws = torch.Generator().manual_seed(0)
    torch.nn.init.normal_(getattr(decoder, name).weight, generator=draws)  # which say nothing at first
    batch = songs_to_batch([song] * 3, config)
    told = torch.tensor([0, 1, 2]).repeat_interleave(song.measures)
    layout = Layout(**{**batch.layout._asdict(), name: told})
    log_prob = decoder.log_prob(MeasureBatch(layout, batch.notes), hints_of(layout, 1)).view(3, -1).sum(1)
    assert torch.pdist(log_prob.unsqueeze(1)).min() > 0.1


def test_what_cannot_be_said_has_no_probability(make_decoder: DecoderMaker, config: MeasureVAEConfig) -> None:
    layout = lay_out([outline_to_window(SongOutline((Meter(2, 4),)), config)])
    doubled = Notes(*(torch.tensor(column) for column in ([0, 0], [0, 2], [4, 2], [256 + 60] * 2)))
    assert make_decoder().log_prob(MeasureBatch(layout, doubled), hints_of(layout)).item() == -torch.inf


def test_silence_is_likely_to_some_degree(make_decoder: DecoderMaker, config: MeasureVAEConfig) -> None:
    silence = Song(make_notes([]), MIXED, config.parts, config.grid)
    batch = songs_to_batch([silence], config)
    log_prob = make_decoder().log_prob(batch, hints_of(batch.layout))
    assert log_prob.isfinite().all()
    assert (log_prob < 0).all()


# ---- songs heard in parts


def cut_batch(songs: list[Song], config: MeasureVAEConfig, first: int, after: int) -> MeasureBatch:
    """Return some measures of each of the songs, as far as it has them."""
    whole = [outline_to_window(SongOutline(song.meters), config) for song in songs]
    layout = lay_out([Window(*(field[first:after] for field in window)) for window in whole])
    by_song = [song_to_measure_notes(song) for song in songs]
    by_song = [notes[(notes["measure"] >= first) & (notes["measure"] < after)] for notes in by_song]
    measure = [index * layout.measures + notes["measure"] - first for index, notes in enumerate(by_song)]
    return MeasureBatch(
        layout, lay_notes(layout, np.concatenate(measure), np.concatenate(by_song), config.alphabet)
    )


# Side by side: measures of other lengths, and songs of five, seven and six measures.
SHAPES = [
    (Meter(2, 4), Meter(3, 4), Meter(1, 8), Meter(6, 8), Meter(2, 4)),
    (Meter(1, 8),) * 3 + (Meter(3, 4),) * 4,
    (Meter(3, 4), Meter(2, 4)) * 3,
]


def hear_in_parts(
    decoder: NoteDecoder, songs: list[Song], config: MeasureVAEConfig, edges: list[int], freedom: float
) -> tuple[Tensor, Memory]:
    """Return how likely the measures are, (songs, measures), and what is remembered at the end."""
    memory, log_probs = decoder.blank(len(songs)), []
    for first, after in zip([0, *edges], [*edges, 7], strict=True):
        batch = cut_batch(songs, config, first, after)
        heard = decoder.hear(batch, hints_of(batch.layout, freedom), memory)
        memory = heard.memory
        log_probs.append(heard.log_prob.view(len(songs), -1))
    return torch.cat(log_probs, dim=1), memory


@pytest.mark.parametrize("reach", [0, 1, 2, 16])
@pytest.mark.parametrize("freedom", [0.0, 1.0])
@pytest.mark.parametrize("edges", [[], [1, 2, 3, 4], [2], [3, 4], [1, 4]])
def test_a_song_heard_in_parts_is_as_likely_as_heard_at_once(
    make_decoder: DecoderMaker, config: MeasureVAEConfig, reach: int, freedom: float, edges: list[int]
) -> None:
    decoder = make_decoder(reach=reach)
    songs = [random_song(config, meters, seed) for seed, meters in enumerate(SHAPES)]
    whole = songs_to_batch(songs, config)
    expected = decoder.log_prob(whole, hints_of(whole.layout, freedom)).view(3, -1)
    in_parts, memory = hear_in_parts(decoder, songs, config, edges, freedom)
    torch.testing.assert_close(in_parts, expected)
    at_once = hear_in_parts(decoder, songs, config, [], freedom)[1]
    torch.testing.assert_close(memory.recurrent, at_once.recurrent)
    torch.testing.assert_close(memory.heard, at_once.heard)
    assert torch.equal(memory.ringing, at_once.ringing)
    assert memory.measures.tolist() == [5, 7, 6]


def test_a_memory_tells_which_notes_sound_until_the_barline(
    make_decoder: DecoderMaker, config: MeasureVAEConfig
) -> None:
    rows = [(0, 2, 60, 80, 0), (4, 4, 62, 80, 0), (5, 2, 64, 80, 0), (7, 1, 36, 80, 1)]
    songs = [Song(make_notes(rows), (Meter(2, 4),), config.parts, config.grid)]
    songs.append(Song(make_notes(rows[:1]), (Meter(1, 8),), config.parts, config.grid))
    batch = songs_to_batch(songs, config)
    memory = (decoder := make_decoder()).hear(batch, hints_of(batch.layout), decoder.blank(2)).memory
    assert memory.ringing.nonzero().tolist() == [[0, 62], [0, 128 + 36], [1, 60]]


# ---- learning


def four_songs(config: MeasureVAEConfig) -> MeasureBatch:
    return songs_to_batch([random_song(config, MIXED, seed) for seed in range(4)], config)


def test_every_weight_learns(make_decoder: DecoderMaker, config: MeasureVAEConfig) -> None:
    decoder, batch = make_decoder().train().requires_grad_(), four_songs(config)
    told = torch.tensor([1, 2, 0, 1]).repeat_interleave(4)
    layout = batch.layout._replace(key=told, style=told)
    noisy = NoisyCodes(codes_of(layout), torch.tensor([0.0, 1.0, 0.5, 0.0] * 4))
    generator = torch.Generator().manual_seed(0)
    decoder.log_prob(MeasureBatch(layout, batch.notes), noisy, generator).sum().backward()
    still = [
        name for name, weight in decoder.named_parameters() if weight.grad is None or not weight.grad.any()
    ]
    assert still == []


def test_exact_codes_are_at_freedom_0(make_decoder: DecoderMaker, config: MeasureVAEConfig) -> None:
    decoder, batch = make_decoder(), four_songs(config)
    of_exact = decoder.log_prob(batch, exact(codes_of(batch.layout)))
    assert torch.equal(of_exact, decoder.log_prob(batch, hints_of(batch.layout, 0.0)))
