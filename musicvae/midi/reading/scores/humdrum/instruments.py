"""Instruments of Humdrum as General MIDI parts: codes such as "*Icbass", and names.

Conventions
-----------
The codes are those of the Humdrum User's Guide, appendix II, and some that are found in files. A code says
program and, where the score names nothing, name; it does not transpose. Without a code, a name that
is an instrument's says the program. A drum is one key of the General MIDI drum kit, whatever line it is on;
a kit is read by the lines of its staff.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from musicvae.midi.reading.scores.instrument_programs import program_of
from musicvae.midi.songs.drum_staff import drum_on_line
from musicvae.midi.songs.song import Part

# Programs from 0, each with its instruments: code, name.
_INSTRUMENTS = """
0 piano pianoforte, klav keyboard, forte fortepiano
4 rhode electric piano, 5 synth synthesizer, 6 cemba harpsichord, 7 clavi clavichord, 8 clest celesta
9 glock glockenspiel, 11 vibra vibraphone, 12 marim marimba, 13 xylo xylophone
14 campn bell, 14 caril carillon, 14 chime chimes, 15 dulc dulcimer, 15 psalt psaltery, 15 zithr zither
16 hammd Hammond organ, 19 organ organ, 19 porta portative organ, 20 reedo reed organ, 20 physh physharmonica
21 accor accordion, 21 ctina concertina, 22 armon harmonica, 82 calpe calliope
24 guitr guitar, 24 liuto lute, 24 archl archlute, 24 tiorb theorbo, 24 quitr gittern, 24 cetra cittern
24 ukule ukulele, 24 ud oud, 25 mando mandolin, 27 eguit electric guitar, 33 bguit electric bass
40 violn violin, 40 violp piccolo violin, 40 kit kit violin, 110 rebec rebec
40 viols treble viol, 41 viola viola, 41 viold viola d'amore, 42 cello violoncello, 42 violt tenor viol
43 cbass contrabass, 43 violb bass viol, 46 arpa harp, 47 timpa timpani
53 vox voice, 53 soprn soprano, 53 mezzo mezzo soprano, 53 calto contralto, 53 alto alto, 53 tenor tenor
53 barit baritone, 53 bass bass, 53 feme female voice, 53 male male voice, 53 nfant child's voice
53 recit recitative, 53 lyrsp lyric soprano, 53 drmsp dramatic soprano, 53 colsp coloratura soprano
53 ctenor countertenor, 53 heltn heldentenor, 53 lyrtn lyric tenor, 53 bspro basso profondo
53 bscan basso cantante, 53 false falsetto, 53 castr castrato, 53 cant canto, 53 canto canto, 52 coro chorus
53 quinto quinto, 53 mbari high baritone, 53 stim Sprechstimme
56 tromp trumpet, 56 clrno clarino, 56 cornt cornet, 56 flugh flugelhorn, 56 bugle bugle
57 tromt trombone, 57 tromb bass trombone, 57 trom trombone, 58 tuba tuba, 58 ophic ophicleide
60 cor horn, 60 horn horn, 60 corno cornett
64 saxS soprano saxophone, 64 saxN sopranino saxophone, 65 saxA alto saxophone, 66 saxT tenor saxophone
67 saxR baritone saxophone, 67 saxB bass saxophone, 67 saxC contrabass saxophone, 67 sarus sarrusophone
60 sxhS soprano saxhorn, 60 sxhA alto saxhorn, 60 sxhT tenor saxhorn, 58 sxhR baritone saxhorn
58 sxhB bass saxhorn, 58 sxhC contrabass saxhorn
68 oboe oboe, 68 oboeD oboe d'amore, 69 cangl english horn, 68 hichi hichiriki
70 fagot bassoon, 70 fag_c contrabassoon, 70 rackt racket, 68 chlms soprano shawm, 69 chlma alto shawm
70 chlmt tenor shawm, 68 krums soprano crumhorn, 69 kruma alto crumhorn, 70 krumt tenor crumhorn
70 krumb bass crumhorn, 70 heck heckelphone
71 clars clarinet, 71 clarp piccolo clarinet, 71 clara alto clarinet, 71 clarb bass clarinet
71 baset basset horn, 71 calam chalumeau, 72 picco piccolo, 72 fife fife
73 flt flute, 73 flt_a alto flute, 73 flt_b bass flute, 74 fltds recorder, 74 fltdn sopranino recorder
74 fltda alto recorder, 74 fltdt tenor recorder, 74 fltdb bass recorder, 73 bansu bansuri, 75 panpi panpipe
77 shaku shakuhachi, 77 nokan nokan, 79 ocari ocarina, 109 bagpS bagpipe, 109 bagpI bagpipe, 109 cornm musette
104 sitar sitar, 104 vina vina, 104 tambu tambura, 104 tanbr tanbur, 104 sarod sarod, 105 banjo banjo
106 shami shamisen, 106 biwa biwa, 106 pipa pipa, 107 koto koto, 107 qin qin, 107 komun komungo
110 kokyu kokyu, 110 hurdy hurdy-gurdy, 111 zurna zurna, 111 piri piri, 22 sheng sheng, 22 sho sho
114 steel steel drum, 116 tabla tabla
"""
# Keys of the General MIDI drum kit.
_DRUMS = """
36 bdrum bass drum, 38 sdrum snare drum, 38 drum drums, 38 drumP small drum, 41 tdrum tenor drum,
45 tom tom-tom, 49 crshc crash cymbal, 49 piatt cymbals, 51 ridec ride cymbal, 52 chcym China cymbal
52 gong gong, 55 spshc splash cymbal, 81 fingc finger cymbals, 81 trngl triangle, 54 tambn tambourine
39 clap hand clap, 39 slap slapstick, 60 bongo bongos, 63 conga congas, 65 paila timbales, 70 marac maracas
75 clave claves, 76 wblok woodblock, 76 tblok temple blocks, 76 casts castanets
83 sbell sleigh bells, 38 perc percussion
"""
_KITS = ("drum", "perc")


class _Instrument(NamedTuple):
    number: int
    name: str


def _parse_table(table: str) -> dict[str, _Instrument]:
    found: dict[str, _Instrument] = {}
    number = 0
    for entry in re.split(r"[,\n]\s*", table.strip()):
        head, _, rest = entry.partition(" ")
        if head.isdigit():
            number = int(head)
            head, _, rest = rest.partition(" ")
        found[head] = _Instrument(number, rest)
    return found


_BY_CODE = _parse_table(_INSTRUMENTS)
_DRUM_BY_CODE = _parse_table(_DRUMS)
_CODE = re.compile(r"\*I([a-z]\w*)")


class InstrumentSigns(NamedTuple):
    """What a spine says of its instrument: the name in full, the name in short, the code; "" for nothing."""

    name: str = ""
    short_name: str = ""
    code: str = ""


def take_sign(signs: InstrumentSigns, token: str) -> InstrumentSigns:
    """Return what is known after an interpretation; what was said first of each kind counts."""
    if token.startswith('*I"') and "=" not in token:  # "[half] = 69" is a tempo
        return signs._replace(name=signs.name or _tidy(token[3:]))
    if token.startswith("*I'"):
        return signs._replace(short_name=signs.short_name or _tidy(token[3:]))
    if found := _CODE.match(token):
        return signs._replace(code=signs.code or found[1])
    return signs


def name_part(signs: InstrumentSigns) -> Part:
    """Return a part as its signs say."""
    if drum := _DRUM_BY_CODE.get(signs.code):
        return Part(signs.name or drum.name, is_drums=True)
    if coded := _BY_CODE.get(signs.code) or _find_by_name(signs.code):
        return Part(signs.name or coded.name, coded.number)
    name = signs.name or signs.short_name
    return Part(name, program_of(name) or 0)


def sounding_pitch(pitch: int, code: str) -> int:
    """Return the pitch of a note, or its key of the drum kit where the instrument is a drum."""
    if code in _KITS:
        return drum_on_line(pitch)
    drum = _DRUM_BY_CODE.get(code)
    return drum.number if drum else pitch


def _find_by_name(code: str) -> _Instrument | None:
    """Return the instrument of a code that is a name in full, such as "*Iviolin"."""
    program = program_of(code)
    return None if program is None else _Instrument(program, code)


def _tidy(written: str) -> str:
    """Return a name without brackets of editors, line breaks and entities."""
    return " ".join(html.unescape(written).replace("\\n", " ").strip(" []:").split())
