from __future__ import annotations

import io
import random
from pathlib import Path

import mido
import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.smf.midi_bytes import make_meta, make_midi
from musicvae.midi.reading.smf.midi_file import parse_midi
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Meter, Part
from musicvae.midi.songs.source import Lyric

ON = b"\x00\x90\x3c\x40"
OFF = b"\x60\x80\x3c\x00"
NOTE = ON + OFF


def rows(data: bytes) -> list[tuple[int, ...]]:
    """(start, end, pitch, velocity, track) of each note."""
    return [tuple(int(value) for value in note) for note in parse_midi(data).notes]


def test_notes_come_out_in_ticks_sorted_by_start_with_their_tracks() -> None:
    data = make_midi(1, 480, [[b"\x60" + NOTE[1:]], [b"\x00\x91\x40\x50", b"\x30\x81\x40\x00"]])
    assert rows(data) == [(0, 48, 64, 80, 1), (96, 192, 60, 64, 0)]


def test_overlapping_notes_of_one_pitch_end_in_the_order_in_which_they_began() -> None:
    data = make_midi(
        0, 480, [[b"\x00\x90\x3c\x40", b"\x0a\x90\x3c\x50", b"\x0a\x80\x3c\x00", b"\x0a\x80\x3c\x00"]]
    )
    assert rows(data) == [(0, 20, 60, 64, 0), (10, 30, 60, 80, 0)]


def test_notes_without_length_are_kept() -> None:
    assert rows(make_midi(0, 480, [[ON, b"\x00\x80\x3c\x00"]])) == [(0, 0, 60, 64, 0)]


def test_notes_that_never_end_last_a_beat_and_are_told() -> None:
    data = make_midi(1, 480, [[ON, b"\x60\x99\x24\x40", b"\x60\x99\x24\x40"], [NOTE * 50]])
    source = parse_midi(data)
    assert [(int(n["start"]), int(n["end"])) for n in source.notes if n["track"] != 2] == [
        (0, 480),
        (96, 576),
        (192, 672),
    ]
    assert source.notices == (Notice("notes that never end, given one beat", 3),)


def test_a_program_that_another_track_sets_holds_for_its_channel() -> None:
    data = make_midi(
        1, 480, [[b"\x00\xc0\x05\x00\xc1\x07"], [NOTE], [b"\x00\xc1\x09\x00\x91\x3c\x40\x60\x81\x3c\x00"]]
    )
    assert [track.program for track in parse_midi(data).tracks] == [5, 9]


def test_words_are_sung_by_the_track_that_plays_their_rhythm() -> None:
    words = [make_meta(delta, 5, text) for delta, text in [(96, b"la "), (96, b"lu "), (96, b"li")]]
    silent, singer = (
        [b"\x00\x91\x3c\x40\x60\x81\x3c\x00"],
        [b"\x60\x92\x3c\x40" + (b"\x60\x3c\x00\x00\x3c\x40") * 2],
    )
    lyrics = parse_midi(make_midi(1, 96, [words, silent, singer])).lyrics
    assert lyrics == (Lyric(96, "la", 1), Lyric(192, "lu", 1), Lyric(288, "li", 1))
    assert parse_midi(make_midi(1, 96, [words, silent])).lyrics[0] == Lyric(96, "la", -1)


def test_each_channel_and_each_program_of_a_track_is_an_instrument() -> None:
    off = b"\x00\x80\x3c\x00"
    name = make_meta(0, 3, b"all")
    data = make_midi(0, 480, [[name, b"\x00\xc0\x05", ON, off, b"\x00\x99\x24\x40", b"\x00\x89\x24\x00"]])
    assert parse_midi(data).tracks == (Part("all", 5), Part("all", 0, is_drums=True))
    data = make_midi(0, 480, [[b"\x00\xc0\x05", ON, off, b"\x00\xc0\x07", ON, off]])
    assert parse_midi(data).tracks == (Part("", 5), Part("", 7))


def test_tracks_without_notes_are_no_instruments() -> None:
    assert parse_midi(make_midi(1, 480, [[make_meta(0, 3, b"Title")], [NOTE]])).tracks == (Part(""),)


def test_meters_tempi_key_and_title_are_read() -> None:
    metas = [
        make_meta(0, 3, "Gavotte in A♭".encode()),
        make_meta(0, 0x58, b"\x06\x03\x24\x08"),
        make_meta(0, 0x59, b"\xfc\x00"),
        make_meta(0, 0x51, (545_454).to_bytes(3)),
        make_meta(960, 0x58, b"\x03\x02\x18\x08"),
    ]
    source = parse_midi(make_midi(1, 480, [metas, [NOTE]]))
    assert source.title == "Gavotte in A♭"
    assert source.meters == ((0, Meter(6, 8)), (960, Meter(3, 4)))
    assert source.tempi == ((0, 110.0),)
    assert source.key == "Ab major"


@pytest.mark.parametrize(
    ("signs", "minor", "key"),
    [
        (0, 0, "C major"),
        (0, 1, "A minor"),
        (1, 0, "G major"),
        (-7, 0, "Cb major"),
        (7, 1, "A# minor"),
        (-7, 1, "Ab minor"),
    ],
)
def test_key_signatures_have_names(signs: int, minor: int, key: str) -> None:
    signature = make_meta(0, 0x59, bytes((signs & 255, minor)))
    assert parse_midi(make_midi(0, 480, [[signature, NOTE]])).key == key


def test_tempi_on_other_tracks_count() -> None:
    tempo = make_meta(480, 0x51, (500_000).to_bytes(3))
    assert parse_midi(make_midi(1, 480, [[NOTE], [tempo]])).tempi == ((480, 120.0),)


def test_names_that_say_nothing_are_no_title() -> None:
    assert parse_midi(make_midi(1, 480, [[make_meta(0, 3, b"control track")], [NOTE]])).title == ""


def test_a_file_that_lost_many_notes_is_salvaged() -> None:
    double_offs = b"\x00\x80\x3c\x00" * 3
    source = parse_midi(make_midi(0, 480, [[double_offs, ON, ON]]))
    assert source.damage == "notes that never end, left out: 2"


def test_a_file_without_notes_is_read() -> None:
    assert len(parse_midi(make_midi(0, 480, [[]])).notes) == 0


def test_more_than_a_thousand_instruments_are_refused() -> None:
    every = [bytes((0, 0xC0 | c, p, 0, 0x90 | c, 60, 64, 1, 60, 0)) for c in range(16) for p in range(128)]
    with pytest.raises(SongError, match="1,000 instruments"):
        parse_midi(make_midi(0, 480, [every]))


def _good_file() -> bytes:
    file = mido.MidiFile()
    for channel in (0, 9):
        track = file.add_track(f"part {channel}")
        track.append(mido.MetaMessage("set_tempo", tempo=400_000))
        track.append(mido.Message("program_change", program=30, channel=channel))
        for pitch in range(40, 80):
            track.append(mido.Message("note_on", note=pitch, channel=channel, time=30))
            track.append(mido.Message("note_off", note=pitch, channel=channel, time=200))
        track.append(mido.Message("sysex", data=(1, 2, 3)))
    written = io.BytesIO()
    file.save(file=written)
    return written.getvalue()


def _mutant(data: bytes, chance: random.Random) -> bytes:
    mutant, place = bytearray(data), chance.randrange(len(data))
    match chance.randrange(5):
        case 0:
            return data[:place]
        case 1:
            del mutant[place : place + chance.randint(1, 8)]
        case 2:
            mutant[place:place] = chance.randbytes(chance.randint(1, 8))
        case 3:
            mutant[place : place + 3] = (
                b"\xff" + chance.choice([b"\x51", b"\x58", b"\x2f"]) + bytes([chance.randrange(6)])
            )
        case _:
            for _ in range(chance.choice([1, 1, 2, 50])):
                mutant[chance.randrange(len(mutant))] ^= 1 << chance.randrange(8)
    return bytes(mutant)


@pytest.mark.parametrize("seed", range(20))
def test_damaged_files_are_read_or_refused(seed: int) -> None:
    good, chance = _good_file(), random.Random(seed)
    for _ in range(50):
        try:
            source = parse_midi(_mutant(good, chance))
        except SongError:
            continue
        notes = source.notes
        assert (notes["end"] >= notes["start"]).all()
        assert not len(notes) or notes["start"].min() >= 0


@pytest.mark.corpora
def test_real_files_give_every_note_that_begins_in_them(shared_corpora: Path) -> None:
    for path in sorted(shared_corpora.glob("groove/**/*.mid"))[:20]:
        source = parse_midi(path.read_bytes())
        tracks = mido.MidiFile(path).tracks
        count = sum(
            message.type == "note_on" and message.velocity > 0 for track in tracks for message in track
        )
        assert (len(source.notes), source.damage) == (count, "")
