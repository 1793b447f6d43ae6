from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from musicvae.core.categorical import GREEDY, Draw
from musicvae.core.objective import Weights
from musicvae.measures.data.config import MeasureVAEConfig
from musicvae.measures.data.noisy_codes import NoisyCodes, absent, exact
from musicvae.measures.data.song_batch import SongOutline, songs_to_batch
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.writing import song_writing
from musicvae.measures.writing.coding import encode_songs
from musicvae.measures.writing.side_by_side import begin_writing
from musicvae.measures.writing.song_writing import decode_songs, write_in_groups
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Meter, Part, Song


def outlines_of(songs: list[Song]) -> list[SongOutline]:
    return [SongOutline(song.meters) for song in songs]


def told(codes: list[Tensor]) -> list[NoisyCodes]:
    return [exact(own) for own in codes]


def nothing(outlines: list[SongOutline], latent: int = 6) -> list[NoisyCodes]:
    return [absent(torch.zeros(len(outline.meters), latent)) for outline in outlines]


def test_songs_are_written_in_the_order_of_their_codes(model: MeasureVAE, short_songs: list[Song]) -> None:
    codes, outlines = encode_songs(model, short_songs), outlines_of(short_songs)
    written = decode_songs(model, outlines, told(codes), GREEDY)
    assert [song.meters for song in written] == [song.meters for song in short_songs]
    for index, song in enumerate(written):
        assert song == decode_songs(model, [outlines[index]], told([codes[index]]), GREEDY)[0]
    assert len({song.notes.tobytes() for song in written}) == 4


def test_groups_of_bounded_size_make_no_difference(
    model: MeasureVAE, short_songs: list[Song], monkeypatch: pytest.MonkeyPatch
) -> None:
    outlines, codes = outlines_of(short_songs), told(encode_songs(model, short_songs))
    written = decode_songs(model, outlines, codes, GREEDY)
    monkeypatch.setattr(song_writing, "MEASURES_AT_ONCE", 4)
    assert decode_songs(model, outlines, codes, GREEDY) == written


def test_who_waits_is_told_the_measures_of_each_group(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(song_writing, "MEASURES_AT_ONCE", 4)
    so_far: list[tuple[int, int]] = []

    def write(chosen: list[int], on_measure: Callable[[int], None]) -> list[Song]:
        on_measure(1)
        return begin_writing(model, [SongOutline((Meter(2, 4),) * 3)] * len(chosen)).songs()

    write_in_groups(model, [1, 3, 1, 2], write, lambda measures, of: so_far.append((measures, of)))
    assert so_far == [(1, 6), (2, 6), (4, 6)]


def test_without_codes_the_decoder_writes_by_the_seed(model: MeasureVAE, short_songs: list[Song]) -> None:
    outlines = outlines_of(short_songs)
    first, again, other = (
        decode_songs(model, outlines, nothing(outlines), Draw(1.0, torch.Generator().manual_seed(seed)))
        for seed in (0, 0, 1)
    )
    assert first == again != other
    assert first != decode_songs(
        model, outlines, told(encode_songs(model, short_songs)), Draw(1.0, torch.Generator().manual_seed(0))
    )


def test_songs_are_written_at_their_own_temperatures(model: MeasureVAE, short_songs: list[Song]) -> None:
    # The second song is the shortest, and so written before the others.
    temperature, outlines = torch.tensor([0.0, 1.0, 0.0, 0.0]), outlines_of(short_songs)
    safest = decode_songs(model, outlines, nothing(outlines), GREEDY)
    written = decode_songs(
        model, outlines, nothing(outlines), Draw(temperature, torch.Generator().manual_seed(0))
    )
    assert [song == safe for song, safe in zip(written, safest, strict=True)] == [True, False, True, True]


def test_many_songs_are_written_in_half_precision_where_that_is_faster(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(song_writing, "bf16_is_faster_here", lambda one_size: True)
    outlines = [SongOutline((Meter(2, 4),) * 2)] * song_writing.MANY_SONGS
    draw = Draw(1.0, torch.Generator().manual_seed(0))
    written = decode_songs(model, outlines, nothing(outlines), draw)  # songs check their notes
    assert [song.meters for song in written] == [outline.meters for outline in outlines]
    assert sum(len(song.notes) for song in written) > 10 * len(written)


def test_no_songs_are_written_from_no_codes(model: MeasureVAE) -> None:
    assert decode_songs(model, [], [], GREEDY) == []


# ---- a model that has learned two songs


@pytest.fixture(scope="module")
def pair() -> list[Song]:
    """Return two tunes of three measures in 3/4, with rests, held notes and a note across a barline."""
    parts, meters = (Part("melody"),), (Meter(3, 4),) * 3
    up = [(0, 4, 60), (4, 3, 64), (8, 6, 67), (16, 2, 72), (18, 2, 71), (24, 12, 72)]
    down = [
        (0, 2, 79),
        (2, 2, 77),
        (4, 8, 76),
        (12, 4, 74),
        (20, 4, 72),
        (24, 4, 71),
        (28, 4, 71),
        (32, 4, 67),
    ]
    return [Song(make_notes((*note, 80, 0) for note in rows), meters, parts) for rows in (up, down)]


@pytest.fixture(scope="module")
def learned(pair: list[Song]) -> MeasureVAE:
    torch.manual_seed(0)
    sizes = {"latent": 16, "hidden": 64, "layers": 2, "encoder_hidden": 32, "features": 64}
    model = MeasureVAE(MeasureVAEConfig("melody", pair[0].parts, 4, ("3/4",), (1.0,), 12, **sizes))  # type: ignore[arg-type]
    batch = songs_to_batch(pair * 4, model.config)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for step in range(80):
        optimizer.zero_grad()
        model(batch, Weights(0.01), generator=torch.Generator().manual_seed(step)).total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return model.eval()


def test_a_model_says_back_the_songs_it_has_learned(learned: MeasureVAE, pair: list[Song]) -> None:
    codes = encode_songs(learned, pair)
    assert decode_songs(learned, outlines_of(pair), told(codes), GREEDY) == pair


def test_without_codes_it_goes_on_with_what_it_has_learned(learned: MeasureVAE, pair: list[Song]) -> None:
    draw = Draw(1.0, torch.Generator().manual_seed(0))
    outlines = [SongOutline(pair[0].meters)] * 8
    written = decode_songs(learned, outlines, nothing(outlines, 16), draw)
    pitches = np.unique(np.concatenate([song.notes["pitch"] for song in written]))
    heard = np.unique(np.concatenate([song.notes["pitch"] for song in pair]))
    assert set(pitches) & set(heard)
