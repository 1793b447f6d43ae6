from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from musicvae.errors import SongError
from musicvae.midi.reading.scores.humdrum.humdrum_file import walk_humdrum
from musicvae.midi.reading.scores.score_source import walk_to_source
from musicvae.midi.reading.scores.score_walk import TICKS_PER_BEAT, ScoreWalk
from musicvae.midi.songs.notices import Notice
from musicvae.midi.songs.song import Part


def tabbed(text: str) -> str:
    """Return the text with tabs for two spaces and more."""
    return re.sub(" {2,}", "\t", text.strip()) + "\n"


def walk(text: str) -> ScoreWalk:
    return walk_humdrum(tabbed(text))


def notes_of(text: str, part: int = 0) -> list[tuple[float, float, int]]:
    """Return the notes of a part as (start in beats, length in beats, pitch)."""
    return [
        (note.start / TICKS_PER_BEAT, (note.end - note.start) / TICKS_PER_BEAT, note.pitch)
        for note in sorted(walk(text).parts[part].notes, key=lambda note: (note.start, note.pitch))
    ]


def measures_of(text: str) -> list[tuple[float, float, str]]:
    """Return the measures as (start in beats, length in beats, meter)."""
    return [
        (measure.start / TICKS_PER_BEAT, measure.length / TICKS_PER_BEAT, str(measure.meter))
        for measure in walk(text).measures
    ]


CONTRABASS = """
**kern  **kern
*Icbass  *Ivioln
*M4/4  *M4/4
=1  =1
1CC  1cc
*-  *-
"""
SPLIT_AGAIN = """
**kern  **kern
*clefF4  *clefG2
*M2/4  *M2/4
=1  =1
*  *^
4C  4e  4g
4D  4f  4a
*  *v  *v
=2  =2
*  *^
*  *  *^
4E  4c  4e  4g
4F  4d  4f  4a
*  *v  *v  *v
=3  =3
2C  2cc
==  ==
*-  *-
"""


def test_kern_is_at_sounding_pitch_whatever_the_instrument() -> None:
    assert notes_of(CONTRABASS, 0) == [(0, 4, 72)]
    assert notes_of(CONTRABASS, 1) == [(0, 4, 36)]


def test_the_highest_staff_comes_first() -> None:
    assert [part.part for part in walk(CONTRABASS).parts] == [Part("violin", 40), Part("contrabass", 43)]


def test_spines_may_split_join_and_split_again() -> None:
    assert notes_of(SPLIT_AGAIN, 0) == [
        *[(0, 1, 64), (0, 1, 67), (1, 1, 65), (1, 1, 69)],
        *[(2, 1, 60), (2, 1, 64), (2, 1, 67), (3, 1, 62), (3, 1, 65), (3, 1, 69)],
        (4, 2, 72),
    ]
    assert notes_of(SPLIT_AGAIN, 1) == [(0, 1, 48), (1, 1, 50), (2, 1, 52), (3, 1, 53), (4, 2, 48)]


def test_voices_of_a_split_keep_their_own_time() -> None:
    text = """
**kern
*^
4.c  8e
.  8f
.  8g
8d  4a
8c  .
*v  *v
4B
*-
"""
    assert notes_of(text) == [
        *[(0, 1.5, 60), (0, 0.5, 64), (0.5, 0.5, 65), (1, 0.5, 67), (1.5, 0.5, 62), (1.5, 1, 69)],
        *[(2, 0.5, 60), (2.5, 1, 59)],
    ]


def test_a_tie_goes_on_across_splits_and_joins() -> None:
    text = """
**kern
*M2/4
[2c
=2
*^
4c_  4e
4c_  4f
*v  *v
=3
2c]
==
*-
"""
    assert notes_of(text) == [(0, 6, 60), (2, 1, 64), (3, 1, 65)]


def test_a_tie_may_lead_into_another_staff() -> None:
    text = "**kern  **kern\n2r  [2c\n2c]  2e\n*-  *-\n"
    assert notes_of(text, 0) == [(0, 4, 60), (2, 2, 64)]
    assert notes_of(text, 1) == []


def test_an_arpeggio_may_be_tied_to_its_chord() -> None:
    text = "**kern\n16c[\n16e[\n8g[\n4c] 4e] 4g]\n*-\n"
    assert notes_of(text) == [(0, 2, 60), (0.25, 1.75, 64), (0.5, 1.5, 67)]
    assert walk(text).notices == []


def test_a_tie_from_nothing_is_a_new_note_and_said() -> None:
    score = walk("**kern\n4c\n4c]\n*-\n")
    assert [(note.start, note.end) for note in score.parts[0].notes] == [(0, 10080), (10080, 20160)]
    assert score.notices == [Notice("ties that come from nothing were read as new notes", 1)]


def test_a_tie_that_is_begun_and_not_ended_joins_nothing() -> None:
    assert notes_of("**kern\n[4c\n4c\n*-\n") == [(0, 1, 60), (1, 1, 60)]


def test_triplets_and_rare_lengths_add_up() -> None:
    text = """
**kern  **kern
4C  6e
.  12f
4D  3%2g
1E  .
.  6a
*-  *-
"""
    assert notes_of(text, 1) == [(0, 1, 48), (1, 1, 50), (2, 4, 52)]
    assert [(round(start, 4), pitch) for start, _, pitch in notes_of(text)] == [
        *[(0, 64), (0.6667, 65), (1, 67), (3.6667, 69)],
    ]


def test_grace_notes_end_where_they_start() -> None:
    assert notes_of("**kern\n4c\n8qdd\n8qee\n4e\n*-\n") == [(0, 1, 60), (1, 1, 64), (1, 0, 74), (1, 0, 76)]


def test_chords_rests_and_hidden_notes() -> None:
    assert notes_of("**kern\n4c 4e- 2g\n4r\n4dyy\n*-\n") == [
        *[(0, 1, 60), (0, 1, 63), (0, 2, 67), (2, 1, 62)],
    ]


def test_staves_of_one_split_join_may_be_joined_together() -> None:
    text = """
**kern  **kern
*^  *^
4C  4E  4c  4e
*v  *v  *v  *v
4D
*-
"""
    assert notes_of(text, 1) == [(0, 1, 48), (0, 1, 52), (1, 1, 50)]
    assert notes_of(text, 0) == [(0, 1, 60), (0, 1, 64)]


def test_notes_follow_their_spine_when_spines_change_places() -> None:
    text = "**kern  **kern\n4C  4c\n*x  *x\n4d  4D\n*-  *-\n"
    assert notes_of(text, 0) == [(0, 1, 60), (1, 1, 62)]
    assert notes_of(text, 1) == [(0, 1, 48), (1, 1, 50)]


def test_a_spine_that_comes_later_begins_where_the_music_is() -> None:
    text = "**kern\n4C\n*+\n*  **kern\n4D  4d\n*-  *-\n"
    assert notes_of(text, 0) == [(1, 1, 62)]
    assert notes_of(text, 1) == [(0, 1, 48), (1, 1, 50)]


def test_a_pick_up_is_a_short_first_measure() -> None:
    assert measures_of("**kern\n*M3/4\n4c\n=1\n2.d\n=2\n2.e\n==\n*-\n") == [
        *[(0, 1, "3/4"), (1, 3, "3/4"), (4, 3, "3/4")],
    ]


@pytest.mark.parametrize("barline", ["=", "=2", "=2-", "=||", "=:|!|:", "=2:|!", "=!|:"])
def test_every_barline_begins_a_measure(barline: str) -> None:
    assert measures_of(f"**kern\n*M2/4\n=1-\n2c\n{barline}\n2d\n==\n*-\n") == [(0, 2, "2/4"), (2, 2, "2/4")]


def test_halves_around_a_repeat_sign_are_one_measure_of_the_source() -> None:
    text = "**kern\n*M4/4\n=1\n1c\n=2\n2d\n=:|!|:\n2e\n=3\n1f\n==\n*-\n"
    source = walk_to_source(walk(text))
    assert [(change.tick, str(change.meter)) for change in source.meters] == [(0, "4/4")]
    assert source.notes["start"].tolist() == [0, 40320, 60480, 80640]


def test_meters_change() -> None:
    assert measures_of("**kern\n*M3/4\n=1\n2.c\n=2\n*M2/4\n*met(c)\n2d\n=3\n2e\n==\n*-\n") == [
        *[(0, 3, "3/4"), (3, 2, "2/4"), (5, 2, "2/4")],
    ]


def test_a_barline_may_stand_within_notes_of_all_voices() -> None:
    text = """
**kern  **kern
*M2/1  *M2/1
=1  =1
1C  1c
1.D  2d
.  1e
=2  =2
1.C  1.c
==  ==
*-  *-
"""
    assert measures_of(text) == [(0, 8, "2/1"), (8, 8, "2/1")]


def test_parts_of_different_meters_have_one_measure() -> None:
    text = """
**kern  **kern
*M6/8  *M2/4
=1  =1
4.C  4c
.  4d
8D  .
4E  .
=2  =2
2.F  2e
=3  =3
*-  *-
"""
    assert measures_of(text) == [(0, 3, "6/8"), (3, 3, "6/8")]


def test_a_score_without_barlines_has_the_measures_of_its_meter() -> None:
    source = walk_to_source(walk("**kern\n*M3/4\n2.c\n2.d\n4e\n*-\n"))
    assert [(change.tick, str(change.meter)) for change in source.meters] == [(0, "3/4")]


def test_an_idle_voice_does_not_hold_up_the_others_and_is_said() -> None:
    text = """
**kern  **kern
=1  =1
4C  4c
4D  .
=2  =2
2E  2e
*-  *-
"""
    assert notes_of(text, 0) == [(0, 1, 60), (2, 2, 64)]
    assert walk(text).notices == [Notice("voices that end before others at a barline", 1)]


def test_tempi_and_keys_are_told_where_they_stand() -> None:
    score = walk("**kern\n*k[b-e-]\n*g:\n*MM60-70\n4c\n*k[]\n*C:\n*MM[Presto]\n*MM120\n4d\n*-\n")
    assert score.keys == [(0, "G minor"), (10080, "C major")]
    assert score.tempi == [(0, 65), (10080, 120)]


def test_small_notes_sound_and_are_said() -> None:
    score = walk("**kern\n*cue\n4c\n4d\n*Xcue\n4e\n*-\n")
    assert len(score.parts[0].notes) == 3
    assert score.notices == [Notice("small notes (cues) were read like others", 2)]


def test_of_two_readings_the_first_sounds() -> None:
    text = """
**kern
*^
*strophe  *strophe
*S/sic  *S/ossia
2c  4e
.  4f
*Xstrophe  *Xstrophe
4d  4g
*v  *v
4e
*-
"""
    assert notes_of(text) == [(0, 2, 60), (2, 1, 62), (2, 1, 67), (3, 1, 64)]
    assert walk(text).notices == [Notice("notes of other readings (strophes) were left out", 2)]


def test_octave_doublings_are_said() -> None:
    score = walk("**kern\n*coll8ba\n4c\n*Xcoll8ba\n4e\n*-\n")
    assert score.notices == [Notice("passages to be doubled in octaves (con 8va) were not doubled", 1)]


def test_a_written_transposition_moves_nothing() -> None:
    assert notes_of("**kern  **kern\n*ITrd1c2  *\n4B-  4c\n*-  *-\n", 1) == [(0, 1, 58)]


def test_a_spine_that_was_moved_is_put_back() -> None:
    text = "**kern  **kern\n*Trd1c2  *\n4c  4c\n*-  *-\n"
    assert notes_of(text, 1) == [(0, 1, 58)]
    assert notes_of(text, 0) == [(0, 1, 60)]
    assert walk(text).notices == [Notice("transposed staves were put back to sounding pitch", 1)]


def test_a_piece_that_was_transposed_as_a_whole_stays() -> None:
    text = "**kern  **kern\n*Trd1c2  *Trd1c2\n4c  4e\n*-  *-\n"
    assert (notes_of(text, 0), notes_of(text, 1)) == ([(0, 1, 64)], [(0, 1, 60)])


def test_the_staves_of_a_piano_are_two_parts_of_its_name() -> None:
    text = '**kern  **kern\n*part1  *part1\n*I"Piano  *\n*Ipiano  *\n4C  4c\n*-  *-\n'
    assert [part.part for part in walk(text).parts] == [Part("Piano"), Part("Piano")]


def test_the_heading_of_a_section_is_no_name() -> None:
    assert walk('**kern\n*Icello\n4c\n*I"Variation 1\n4d\n*-\n').parts[0].part == Part("violoncello", 42)


def test_drums_are_one_key_of_the_kit() -> None:
    text = "**kern  **kern\n*Ibdrum  *Isdrum\n4RcL  4Re\n*-  *-\n"
    assert [(part.part.is_drums, part.notes[0].pitch) for part in walk(text).parts] == [
        (True, 38),
        (True, 36),
    ]


def test_dynamics_and_lyrics_stand_where_their_notes_begin() -> None:
    text = """
**kern  **kern  **text  **text  **dynam
4C  4c  Ky-  Glo-  p
4D  4d  -ri-  .  <
4E  4e  -e  .  .
4F  4f  .  .  ff
*-  *-  *-  *-  *-
"""
    high, low = walk(text).parts
    assert high.lyrics == [(0, "Ky-"), (10080, "ri-"), (20160, "e")]
    assert high.dynamics == low.dynamics == [(0, 44), (30240, 108)]
    assert low.lyrics == []


def test_a_mark_between_lines_of_notes_holds_from_the_next_on() -> None:
    assert walk("**kern  **dynam\n4c  .\n.  f\n4d  .\n*-  *-\n").parts[0].dynamics == [(10080, 89)]


def test_chord_symbols_are_told() -> None:
    assert walk("**kern  **mxhm\n4c  C major\n4d  .\n*-  *-\n").parts[0].chords == [(0, (48, 52, 55))]


def test_sections_repeats_and_comments_are_passed_over() -> None:
    text = """
!!!OTL: A Test
**kern
*>[A,A,B]
*>A
!! all
! here
*rep
4c
*Xrep
*>B
4d
*-
!!!END: 2020
"""
    assert notes_of(text) == [(0, 1, 60), (1, 1, 62)]
    assert walk(text).title == "A Test"


def test_pieces_in_one_file_are_put_one_after_another_and_said() -> None:
    text = "**kern\n4c\n*-\n**kern\n4d\n*-\n"
    assert notes_of(text) == [(0, 1, 60), (1, 1, 62)]
    assert walk(text).notices == [Notice("pieces in the file were put one after another", 2)]


def test_what_is_left_of_a_damaged_file_is_read_and_said() -> None:
    score = walk("**kern  **kern\n4C  4c\n4D\n4E  4e\n*-  *-\n")
    assert [note.pitch for note in score.parts[0].notes] == [60, 64]
    assert walk_to_source(score).damage.startswith("lines whose columns do not fit were left out: 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"cannot be read as Humdrum: it has no \*\*kern spine"),
        ("this is no Humdrum", r"no \*\*kern spine"),
        ("**mens\nSc\n*-\n", r"no \*\*kern spine"),
        ("**kern\n4r\n*-\n", "cannot be read as Humdrum: there are no notes in it$"),
        ("**kern\t**kern\n4c\n4d\n", r"no notes in it \(from line 2 on its columns do not fit"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(SongError, match=message):
        walk_humdrum(text)


@pytest.mark.corpora
def test_the_spines_of_real_scores_agree_at_every_line(shared_corpora: Path) -> None:
    for file in sorted(shared_corpora.glob("chopin/*.krn"))[::20]:
        score = walk_humdrum(file.read_text(encoding="utf-8"))
        assert score.damage == ""
        assert not [
            notice for notice in score.notices if "together" in notice.what or "barline" in notice.what
        ]


SOUND = tabbed("""
!!!OTL: Sound
**kern  **kern  **text  **dynam
*part2  *part1  *part1  *part1
*Icello  *Iflt  *  *
*k[b-]  *k[b-]  *  *
*F:  *F:  *  *
*M3/4  *M3/4  *  *
*MM96  *MM96  *  *
4r  4cc  O  p
=1  =1  =1  =1
*  *^  *  *
2.F  4.a  [2f  wie-  .
.  8b-  .  -der  <
.  8qcc  .  .  .
.  4cc  4f]  schön  f
*  *v  *v  *  *
=2  =2  =2  =2
*cue  *  *  *
6C  2.dd 2.b-  ist  .
6D  .  .  .
6E  .  .  .
[2F  .  .  .
*Xcue  *  *  *
=3:|!  =3:|!  =3:|!  =3:|!
4F]  *x  .  .
2.FF  2.a  es  ff
==  ==  ==  ==
*-  *-  *-  *-
""")


def damaged(text: str, chance: random.Random) -> str:
    """Return a text with one to three faults: lines cut, swapped, doubled, or characters changed."""
    for _ in range(chance.randint(1, 3)):
        lines = text.split("\n")
        one, other = (chance.randrange(len(lines)) for _ in range(2))
        match chance.randrange(6):
            case 0:
                del lines[one]
            case 1:
                lines[one], lines[other] = lines[other], lines[one]
            case 2:
                lines.insert(one, lines[other])
            case 3:
                lines = lines[: one + 1]
            case 4:
                lines[one] = lines[one].replace("\t", " ", 1)
            case _:
                at = chance.randrange(len(lines[one]) + 1)
                new = chance.choice(
                    ["\t", "9", "0", "*^", "*v", "*-", "[", "q", "%", "c", "**kern", "\x00", "99999"]
                )
                lines[one] = lines[one][:at] + new + lines[one][at + 1 :]
        text = "\n".join(lines)
    return text


def test_damage_is_never_worse_than_a_refusal() -> None:
    chance, outcomes = random.Random(1), set()
    for _ in range(600):
        try:
            source = walk_to_source(walk_humdrum(damaged(SOUND, chance)))
        except SongError:
            outcomes.add("refused")
            continue
        outcomes.add("salvaged" if source.damage else "read")
        assert source.notes["start"].min() >= 0
        assert (source.notes["end"] >= source.notes["start"]).all()
    assert outcomes == {"refused", "salvaged", "read"}
