"""Everything that is done with songs, by a model in which songs have their own instruments."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from musicvae.compose.accompany import accompany, choose_new_parts
from musicvae.compose.compression.lossless import compress_whole
from musicvae.compose.compression.squeeze import compress, expand
from musicvae.compose.compression.whole_music import take_whole
from musicvae.compose.continuation import continue_song
from musicvae.compose.generate import choose_outlines, generate
from musicvae.compose.infill import Gap, infill
from musicvae.compose.interpolate import interpolate, morph
from musicvae.compose.music_vae import MusicVAE
from musicvae.compose.options import InfillOptions, PathOptions, PieceOptions
from musicvae.compose.performance.listen import listen
from musicvae.compose.performance.reconstruct import reconstruct
from musicvae.compose.vary import vary
from musicvae.core.model_store.model_folder import load_model, save_model
from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.network.model import MeasureVAE
from musicvae.measures.network.note_decoder import NoteDecoder
from musicvae.measures.network.readouts import SeatReadout
from musicvae.midi.arranging.seats import NO_DRUMS, NO_PROGRAM, VACANT, list_programs, make_seats
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Meter, Part, Song

DRUMS, HIGH, LOW, SPARE = range(4)
FLUTE_AND_BASS, TRIO = (NO_PROGRAM, 73, 33, NO_PROGRAM), (0, 0, 40, 33)
HEARD = {1: 60.0, 5: 40.0, 6: 66.0, 10: 76.0, 17: 42.0}
CONFIG = MeasureVAEConfig(
    ensemble="seats",
    parts=make_seats(3, with_drums=True),
    steps_per_beat=4,
    meters=("2/4", "3/4"),
    meter_shares=(0.75, 0.25),
    steps=12,
    bpm=96.0,
    kinds=(SongKind(0, 0, 1, 0.75, FLUTE_AND_BASS), SongKind(0, 1, 0, 0.25, TRIO)),
    registers=tuple(HEARD.get(kind, 0.0) for kind in range(18)),
    latent=5,
    hidden=16,
    layers=2,
    reach=3,
    encoder_hidden=16,
    features=24,
)
KIT, FLUTE, BASS, PIANO = Part("kit", is_drums=True), Part("tune", 73), Part("ground", 33), Part("keys", 0)
FEW = InfillOptions(candidates=4, temperature=1.0)


@pytest.fixture(scope="module")
def model() -> MeasureVAE:
    """Return an untrained model of bands, which says a note or two at a time."""
    torch.manual_seed(1)
    network = MeasureVAE(CONFIG)
    assert isinstance(network.decoder, NoteDecoder)
    assert isinstance(network.decoder.say_symbol, SeatReadout)
    network.decoder.say_symbol.end.bias.data += 5
    network.decoder.when.readout.layers[-1].get_parameter("bias").data[-1] -= 3
    network.decoder.trust.data.zero_()
    return network.eval().requires_grad_(False)


def a_song(parts: tuple[Part, ...], *tracks: tuple[int, ...], measures: int = 4) -> Song:
    """Return a song in which each part plays its pitches over and over."""
    rows = [
        (2 * n, 2, own[n % len(own)], 80, part)
        for part, own in enumerate(tracks)
        for n in range(4 * measures)
    ]
    return Song(make_notes(rows), (Meter(2, 4),) * measures, parts, Grid(4))


def seated(model: MeasureVAE, song: Song) -> Song:
    return listen(song, model.config)


@pytest.fixture
def duo(model: MeasureVAE) -> Song:
    return seated(model, a_song((BASS, FLUTE), (40, 43), (72, 74, 76)))


@pytest.fixture
def band(model: MeasureVAE) -> Song:
    return seated(model, a_song((KIT, PIANO, BASS), (36, 38), (60, 64), (41, 45)))


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def playing(song: Song) -> set[int]:
    return set(song.notes["part"].tolist())


def test_songs_sit_down_before_they_are_heard(duo: Song, band: Song) -> None:
    assert duo.parts == (NO_DRUMS, FLUTE, BASS, VACANT)
    assert band.parts == (KIT, PIANO, BASS, VACANT)
    assert (playing(duo), playing(band)) == ({HIGH, LOW}, {DRUMS, HIGH, LOW})


def test_each_piece_draws_a_band_that_songs_have(model: MeasureVAE) -> None:
    outlines = choose_outlines(CONFIG, PieceOptions(count=400), seeded())
    drawn = Counter((list_programs(outline.parts), str(outline.meters[0])) for outline in outlines)
    assert drawn.keys() == {(FLUTE_AND_BASS, "2/4"), (TRIO, "3/4")}
    assert drawn[FLUTE_AND_BASS, "2/4"] == pytest.approx(300, abs=40)
    songs = generate(model, PieceOptions(count=6, measures=3), seeded())
    for song in songs:
        assert playing(song) <= {
            seat for seat, part in enumerate(song.parts) if part not in (VACANT, NO_DRUMS)
        }


def test_a_band_that_is_asked_for_plays_in_meters_of_bands_like_it(model: MeasureVAE) -> None:
    wanted = PieceOptions(count=20, band="piano, drums, bass")
    outlines = choose_outlines(CONFIG, wanted, seeded())
    assert {list_programs(outline.parts) for outline in outlines} == {(0, 0, 33, NO_PROGRAM)}
    assert {str(outline.meters[0]) for outline in outlines} == {"3/4"}
    [song] = generate(model, replace(wanted, count=1, measures=4), seeded())
    assert [part.name for part in song.parts[:3]] == ["drums", "grand piano", "fingered bass"]
    assert SPARE not in playing(song)


def test_what_is_made_of_a_song_keeps_its_band(model: MeasureVAE, duo: Song, band: Song) -> None:
    for song, seats in ((duo, {HIGH, LOW}), (band, {DRUMS, HIGH, LOW})):
        made = [
            *vary(model, song, 0.5, 2, 1.0, seeded()),
            reconstruct(model, [song])[0],
            *continue_song(model, song, (Meter(2, 4),) * 2, 2, 1.0, seeded()),
            infill(model, song, Gap(1, 3), FEW, seeded()),
        ]
        for piece in made:
            assert piece.parts == song.parts
            assert playing(piece) <= seats


def test_on_a_walk_the_band_changes_in_the_middle_and_each_seat_goes_its_own_way(
    model: MeasureVAE, duo: Song, band: Song
) -> None:
    way = interpolate(model, duo, band, PathOptions(3))
    assert [song.parts for song in way.songs] == [duo.parts] * 2 + [band.parts] * 3
    assert "instruments: of A until the middle, then of B" in way.notices
    ends = interpolate(model, duo, duo, PathOptions(1))
    assert ends.notices == ()
    turned = morph(model, duo, band)
    assert turned.songs[0].parts == (KIT, FLUTE, BASS, VACANT)
    assert turned.notices == ("instruments: of A throughout, and of B where A has none",)


def test_instruments_are_added_to_a_song(model: MeasureVAE, duo: Song) -> None:
    song, parts, _ = choose_new_parts(duo, "drums, piano", CONFIG)
    assert parts == (DRUMS, LOW)  # the piano sits between the two
    written = accompany(model, song, parts, Gap(0, 4), FEW, seeded())
    given = ~np.isin(written.notes["part"], parts)
    assert written.notes[given].tolist() == song.notes.tolist()
    assert song.notes["pitch"].tolist() == duo.notes["pitch"].tolist()
    assert playing(written) == {DRUMS, HIGH, LOW, SPARE}
    assert [part.name for part in written.parts] == ["drums", "tune", "grand piano", "ground"]


def test_codes_and_whole_files_bring_the_band_back(model: MeasureVAE, band: Song, tmp_path: Path) -> None:
    packed = compress(model, band)
    assert expand(model, packed.data).song == packed.copy
    assert packed.copy.parts == band.parts
    file = a_song((BASS, KIT, PIANO), (41, 45), (36, 38), (60, 64))
    back = expand(model, compress_whole(model, take_whole(file)).data).song
    assert (back.parts, back.notes.tolist()) == (file.parts, file.notes.tolist())


def test_a_model_of_bands_is_the_same_after_it_was_kept(
    model: MeasureVAE, band: Song, tmp_path: Path
) -> None:
    save_model(model, tmp_path, MUSIC_MODELS)
    kept = load_model(tmp_path, MUSIC_MODELS)
    assert kept.config == CONFIG
    assert reconstruct(kept, [band])[0] == reconstruct(model, [band])[0]


def test_in_python_codes_are_read_as_the_song_has_its_band(model: MeasureVAE, duo: Song) -> None:
    api = MusicVAE(model)
    codes = api.encode(duo)
    assert codes.shape == (4, 4 * CONFIG.latent)
    assert api.decode(codes, meter=duo).parts == duo.parts
    listed = a_song((BASS, FLUTE), (40, 43), (72, 74, 76))  # as a file has it
    assert api.decode(codes, meter=listed).parts == duo.parts
    usual = api.decode(codes, meter="2/4")
    assert list_programs(usual.parts) == FLUTE_AND_BASS
    assert api.sketch(codes, meter=duo).shape == (4, 4, 2, 8, 128)
    assert api.sample(2, seed=1, measures=2, band="violin")[0].parts[HIGH].program == 40
