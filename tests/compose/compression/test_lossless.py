"""Music comes back with every note of its file, whether the model speaks it or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicvae.compose.compression import lossless
from musicvae.compose.compression.lossless import compress_whole
from musicvae.compose.compression.note_residue import sort_rows
from musicvae.compose.compression.squeeze import expand
from musicvae.compose.compression.whole_music import WholeMusic, take_whole
from musicvae.core.compression.packet import bytes_to_packet, packet_to_bytes
from musicvae.core.model_store.model_folder import load_model
from musicvae.errors import PacketError, SongError
from musicvae.measures.folder.music_family import MUSIC_MODELS
from musicvae.measures.folder.shipped import find_model
from musicvae.measures.network.model import MeasureVAE
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.saving.pretty import song_to_pretty_midi
from musicvae.midi.saving.source_midi import source_to_midi
from musicvae.midi.saving.writer import write_song
from musicvae.midi.songs.notes import make_notes
from musicvae.midi.songs.song import Grid, Marker, Meter, Part, Song, Tempo
from musicvae.midi.songs.source import PEDAL, SOURCE_NOTE, Lyric, MeterChange, Source, TempoChange

ROOT = Path(__file__).parents[3]
TRACKS = (Part("fiddle", 40), Part("kit", 0, is_drums=True), Part("fiddle", 40))
ROWS = st.tuples(
    st.integers(0, 3000),
    st.integers(0, 900),
    st.sampled_from([0, 60, 61, 127]),
    st.integers(0, 127),
    st.integers(0, 2),
)


def make_source(*rows: tuple[int, int, int, int, int], ticks_per_beat: int = 480) -> Source:
    """Return a source of notes (start, length, pitch, velocity, track)."""
    every = [(start, start + length, *rest) for start, length, *rest in rows]
    notes = np.array(every, SOURCE_NOTE)
    return Source(
        notes[np.argsort(notes["start"], kind="stable")],
        TRACKS,
        ticks_per_beat,
        (MeterChange(0, Meter(2, 4)),),
        (TempoChange(0, 96.5),),
        lyrics=(Lyric(3, "la", 0),),
        title="Ein Lied",
    )


def bring_back(model: MeasureVAE, source: Source) -> Source:
    back = expand(model, compress_whole(model, WholeMusic(source)).data).given
    assert back is not None
    return back.source


def assert_same(source: Source, back: Source) -> None:
    assert sort_rows(source.notes).tolist() == sort_rows(back.notes).tolist()
    empty = np.empty(0, SOURCE_NOTE)
    assert vars(replace(source, notes=empty)).keys() == vars(replace(back, notes=empty)).keys()
    for name, value in vars(replace(source, notes=empty)).items():
        assert np.array_equal(value, getattr(replace(back, notes=empty), name)), name


@settings(max_examples=12, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=12), ticks=st.sampled_from([480, 96, 7, 1]))
def test_every_note_of_a_file_comes_back_to_the_tick(
    model: MeasureVAE, rows: list[tuple[int, int, int, int, int]], ticks: int
) -> None:
    source = make_source(*rows, ticks_per_beat=ticks)
    assert_same(source, bring_back(model, source))


def test_what_a_model_cannot_read_comes_back_too(model: MeasureVAE) -> None:
    """Drums alone are nothing for a model of melodies, nor are measures longer than any that it knows."""
    drums = make_source((0, 120, 36, 100, 1), (480, 120, 38, 90, 1))
    assert_same(drums, bring_back(model, drums))
    long = replace(make_source((0, 120, 60, 100, 0)), meters=(MeterChange(0, Meter(17, 4)),))
    assert_same(long, bring_back(model, long))


def test_notes_come_back_as_they_are_written_and_not_as_a_pedal_holds_them(model: MeasureVAE) -> None:
    pedals = np.array([(0, 1920, 0)], PEDAL)
    back = bring_back(model, replace(make_source((0, 240, 60, 80, 0)), pedals=pedals))
    assert back.notes["end"].tolist() == [240]
    assert not len(back.pedals)


def test_what_a_trained_model_hears_is_told_by_it_and_not_twice() -> None:
    folk = load_model(find_model("folk"), MUSIC_MODELS)
    music = take_whole(ROOT / "midi_data" / "folk" / "ryan" / "irish-wash-woman-jig.mid")
    heard, touch, rest = (bits / len(music.source.notes) for bits in compress_whole(folk, music).bits)
    assert 1 < heard < 3
    assert touch < 1
    assert rest < 0.2


def test_what_comes_again_and_again_costs_little(model: MeasureVAE) -> None:
    """Drums, which a model of melodies does not hear."""
    bar = [(0, 36), (120, 42), (240, 38), (360, 42), (480, 36), (600, 46), (720, 38), (840, 44)]
    loop = make_source(*((960 * n + at, 60, key, 90, 1) for n in range(30) for at, key in bar))
    once = make_source(*((at, 60, key, 90, 1) for at, key in bar))
    loop_bits, once_bits = (compress_whole(model, WholeMusic(source)).bits.rest for source in (loop, once))
    assert loop_bits < 2 * once_bits


def test_music_that_the_model_says_badly_is_told_without_it(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = make_source(*((240 * number, 240, 60 + number % 3, 80, 0) for number in range(60)))
    monkeypatch.setattr(lossless, "notes_to_bytes", lambda *_: bytes(9999))
    assert compress_whole(model, WholeMusic(line)).bits.heard == 0


def test_playing_costs_more_than_a_score(model: MeasureVAE) -> None:
    rows = [(240 * number, 240, 60 + number % 3, 80, 0) for number in range(40)]
    rng = np.random.default_rng(0)
    late, loud = rng.integers(-9, 10, 40), rng.integers(40, 120, 40)
    played = [
        (max(0, s + int(a)), d, p, int(v), t) for (s, d, p, _, t), a, v in zip(rows, late, loud, strict=True)
    ]
    plain, touched = (compress_whole(model, WholeMusic(make_source(*notes))).bits for notes in (rows, played))
    assert touched.touch > plain.touch + 5 * 40


def make_song(grid: Grid = Grid(4)) -> Song:  # noqa: B008 (immutable)
    beat = grid.steps_per_beat
    notes = make_notes([(0, beat, 60, 30, 0), (beat, beat, 64, 100, 1), (2 * beat, 1, 36, 127, 2)])
    parts = (Part("a", 5), Part("b", 77), Part("drums", is_drums=True))
    tempi, markers = (Tempo(0, 96.0), Tempo(2 * beat, 100.01)), (Marker(beat, "B"),)
    return Song(notes, (Meter(2, 4), Meter(3, 4)), parts, grid, tempi, markers, "Ein Lied")


@pytest.mark.parametrize("steps_per_beat", [4, 24, 7])
def test_a_song_comes_back_as_it_is_its_last_rest_too(model: MeasureVAE, steps_per_beat: int) -> None:
    song = make_song(Grid(steps_per_beat))
    assert expand(model, compress_whole(model, take_whole(song)).data).song == song


def test_a_file_and_a_pretty_midi_come_back_as_songs(model: MeasureVAE, tmp_path: Path) -> None:
    song = make_song()
    write_song(song, tmp_path / "song.mid")
    for music in (tmp_path / "song.mid", str(tmp_path / "song.mid"), song_to_pretty_midi(song)):
        back = expand(model, compress_whole(model, take_whole(music)).data).song
        assert [part.program for part in back.parts] == [5, 77, 0]
        assert back.notes["velocity"].tolist() == [30, 100, 127]
    with pytest.raises(SongError, match=r"none\.mid"):
        take_whole(tmp_path / "none.mid")


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda source: replace(source, notes=source.notes[:0]), "no notes"),
        (lambda source: replace(source, title="\ud800"), "its texts are none"),
        (lambda source: replace(source, tracks=()), "its tracks are none"),
        (lambda source: replace(source, tracks=(Part("a", 128),) * 3), "its tracks are none"),
        (lambda source: replace(source, tempi=(TempoChange(0, 0.0),)), "its tempi are none"),
        (lambda source: replace(source, tempi=(TempoChange(9, 90.0), TempoChange(3, 90.0))), "its times are"),
        (lambda source: replace(source, lyrics=(Lyric(-3, "la", 0),)), "its times are none"),
        (lambda source: replace(source, notes=loud(source.notes)), "its pitches or velocities are none"),
    ],
)
def test_what_no_file_can_have_is_refused_in_a_sentence(
    model: MeasureVAE, spoil: Callable[[Source], Source], what: str
) -> None:
    with pytest.raises(SongError, match=what):
        compress_whole(model, WholeMusic(spoil(make_source((0, 120, 60, 80, 0)))))


def loud(notes: np.ndarray) -> np.ndarray:
    louder = notes.copy()
    louder["velocity"] = 200
    return louder


def test_strokes_of_no_length_come_back_in_the_file_that_is_written(model: MeasureVAE) -> None:
    source = make_source((0, 0, 36, 90, 1), (0, 120, 38, 90, 1), (480, 0, 36, 90, 1), (480, 0, 36, 80, 1))
    back = parse_midi(source_to_midi(bring_back(model, source)))
    again = sorted(zip(*(back.notes[name].tolist() for name in ("start", "end", "pitch")), strict=True))
    assert again == [(0, 0, 36), (0, 120, 38), (480, 480, 36), (480, 480, 36)]


def test_numbers_of_arrays_are_numbers(model: MeasureVAE) -> None:
    song = replace(make_song(), markers=(Marker(make_song().measure_starts[1], "B"),))
    assert expand(model, compress_whole(model, take_whole(song)).data).song == song


def test_music_that_does_not_come_back_is_not_handed_out(
    model: MeasureVAE, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = WholeMusic(make_source((0, 1, 60, 1, 0)))
    monkeypatch.setattr(lossless, "_open", lambda *_: other)
    with pytest.raises(PacketError, match="does not come back note for note: compress it without --lossless"):
        compress_whole(model, take_whole(make_song()))


@settings(max_examples=25, deadline=None)
@given(draws=st.data())
def test_notes_that_were_tampered_with_are_an_error_and_never_wrong_notes(
    draws: st.DataObject, model: MeasureVAE
) -> None:
    """Even where the file's CRC is right."""
    song = make_song()
    packet = bytes_to_packet(compress_whole(model, take_whole(song)).data)
    payload = bytearray(packet.payload)
    payload[draws.draw(st.integers(0, len(payload) - 1))] ^= draws.draw(st.integers(1, 255))
    try:
        back = expand(model, packet_to_bytes(packet._replace(payload=bytes(payload))))
    except PacketError as error:
        assert re.search("damaged|does not come out here", str(error))
    else:
        assert back.song == song  # only the count of symbols was another


def test_progress_comes_to_its_end(model: MeasureVAE) -> None:
    told: list[tuple[int, int]] = []
    given = take_whole(make_song())
    data = compress_whole(model, given, on_progress=lambda done, of: told.append((done, of))).data
    shares = [done / of for done, of in told]
    assert shares == sorted(shares) and shares[-1] == 1
    expand(model, data, lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1]
