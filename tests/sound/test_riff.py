from __future__ import annotations

from musicvae.sound.riff import RiffChunk, find_chunks, make_riff_chunk


def test_a_chunk_of_odd_length_is_filled_up_and_says_its_own_length() -> None:
    assert make_riff_chunk(b"ICMT", b"odd") == b"ICMT\x03\x00\x00\x00odd\x00"


def test_chunks_are_found_again_one_after_another() -> None:
    data = b"RIFF" + make_riff_chunk(b"odd ", b"abc") + make_riff_chunk(b"even", b"ab")
    assert list(find_chunks(data, 4, len(data))) == [RiffChunk(b"odd ", 12, 15), RiffChunk(b"even", 24, 26)]
