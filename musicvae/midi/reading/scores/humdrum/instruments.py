"""Instruments of Humdrum as General MIDI parts: codes such as "*Icbass", and names.

Conventions
-----------
The codes are those of the Humdrum User's Guide, appendix II, and some that are found in files. A code says
program and, where the score names nothing, name; it does not transpose. Without a code, a name that
is an instrument's says the program. A drum is one key of the General MIDI drum kit, whatever line it is on.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

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
52 vox voice, 52 soprn soprano, 52 mezzo mezzo soprano, 52 calto contralto, 52 alto alto, 52 tenor tenor
52 barit baritone, 52 bass bass, 52 feme female voice, 52 male male voice, 52 nfant child's voice
52 recit recitative, 52 lyrsp lyric soprano, 52 drmsp dramatic soprano, 52 colsp coloratura soprano
52 ctenor countertenor, 52 heltn heldentenor, 52 lyrtn lyric tenor, 52 bspro basso profondo
52 bscan basso cantante, 52 false falsetto, 52 castr castrato, 52 cant canto, 52 canto canto, 52 coro chorus
52 quinto quinto, 52 mbari high baritone, 52 stim Sprechstimme
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
36 bdrum bass drum, 38 sdrum snare drum, 38 drum drum, 38 drumP small drum, 41 tdrum tenor drum,
45 tom tom-tom, 49 crshc crash cymbal, 49 piatt cymbals, 51 ridec ride cymbal, 52 chcym China cymbal
52 gong gong, 55 spshc splash cymbal, 81 fingc finger cymbals, 81 trngl triangle, 54 tambn tambourine
39 clap hand clap, 39 slap slapstick, 60 bongo bongos, 63 conga congas, 65 paila timbales, 70 marac maracas
75 clave claves, 76 wblok woodblock, 76 tblok temple blocks, 76 casts castanets
83 sbell sleigh bells, 38 perc percussion
"""


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
_BY_NAME = {instrument.name.lower(): instrument for instrument in _BY_CODE.values()}
_SAME_NAME = {
    "piano": "pianoforte",
    "cello": "violoncello",
    "double bass": "contrabass",
    "cor anglais": "english horn",
}
_CODE = re.compile(r"\*I([a-z]\w*)")


class InstrumentSigns(NamedTuple):
    """What a spine says of its instrument: the name in full, the name in short, the code; "" for nothing."""

    name: str = ""
    short_name: str = ""
    code: str = ""


def take_sign(signs: InstrumentSigns, token: str) -> InstrumentSigns:
    """Return what is known after an interpretation; what was said first of each kind counts."""
    if token.startswith('*I"'):
        return signs._replace(name=signs.name or _tidy(token[3:]))
    if token.startswith("*I'"):
        return signs._replace(short_name=signs.short_name or _tidy(token[3:]))
    if found := _CODE.match(token):
        return signs._replace(code=signs.code or found[1])
    return signs


def name_part(signs: InstrumentSigns) -> Part:
    """Return a part as its signs say."""
    drum, coded = _DRUM_BY_CODE.get(signs.code), _BY_CODE.get(signs.code)
    known = drum or coded or _find_by_name(signs.name)
    name = signs.name or (known.name if known else "") or signs.short_name
    return Part(name, 0 if drum or not known else known.number, is_drums=drum is not None)


def drum_key(code: str) -> int | None:
    """Return the key of the drum kit that an instrument is, None if it has pitches."""
    drum = _DRUM_BY_CODE.get(code)
    return drum.number if drum else None


def _find_by_name(name: str) -> _Instrument | None:
    """Return the instrument by the first words of a name: that of "Violin I" is the violin."""
    words = name.lower().split()
    for count in range(len(words), 0, -1):
        said = " ".join(words[:count])
        if found := _BY_NAME.get(_SAME_NAME.get(said, said)):
            return found
    return None


def _tidy(written: str) -> str:
    """Return a name without brackets of editors, line breaks and entities."""
    return " ".join(html.unescape(written).replace("\\n", " ").strip(" []:").split())
