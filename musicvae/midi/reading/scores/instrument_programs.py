"""General MIDI programs of instruments, by the names that scores give them."""

from __future__ import annotations

import re

_PROGRAMS = {
    0: "piano pianoforte klavier fortepiano grand-piano acoustic-grand-piano piano-forte",
    4: "electric-piano e-piano rhodes",
    6: "harpsichord cembalo clavicembalo clavecin",
    7: "clavichord",
    8: "celesta celeste",
    9: "glockenspiel",
    11: "vibraphone vibraphon",
    12: "marimba",
    13: "xylophone xylophon",
    14: "tubular-bells",
    15: "dulcimer",
    19: "organ orgel organo orgue pipe-organ church-organ",
    20: "harmonium reed-organ",
    21: "accordion akkordeon",
    22: "harmonica mundharmonika",
    24: "guitar gitarre chitarra guitare classical-guitar acoustic-guitar lute laute ukulele",
    26: "jazz-guitar",
    27: "electric-guitar",
    32: "acoustic-bass upright-bass",
    33: "electric-bass bass-guitar e-bass",
    35: "fretless-bass",
    40: "violin violine violino violon geige fiddle",
    41: "viola bratsche",
    42: "violoncello cello violoncelle violoncell",
    43: "contrabass contrabasso kontrabass double-bass doublebass contrebasse string-bass",
    46: "harp harfe arpa harpe",
    47: "timpani pauken kettledrums",
    48: "strings string-ensemble streicher archi",
    52: "choir chor coro chorus choeur",
    53: (
        "voice vocals singer gesang singstimme stimme voix chant canto voce soprano sopran alto alt "
        "contralto tenor tenore bass basso baritone bariton baritono mezzo-soprano mezzosoprano treble "
        "cantus altus bassus"
    ),
    56: "trumpet trompete tromba trompette cornet kornett",
    57: "trombone posaune bass-trombone tenor-trombone",
    58: "tuba",
    60: "horn corno french-horn waldhorn cor",
    61: "brass brass-section",
    64: "soprano-saxophone soprano-sax sopransaxophon",
    65: "alto-saxophone alto-sax saxophone saxophon sax altsaxophon",
    66: "tenor-saxophone tenor-sax tenorsaxophon",
    67: "baritone-saxophone baritone-sax bari-sax baritonsaxophon",
    68: "oboe hautbois hoboe",
    69: "english-horn englischhorn cor-anglais corno-inglese",
    70: "bassoon fagott fagotto basson contrabassoon kontrafagott contrafagotto",
    71: "clarinet klarinette clarinetto clarinette bass-clarinet bassklarinette",
    72: "piccolo piccolo-flute ottavino flauto-piccolo pikkolo",
    73: "flute flöte floete flauto flûte traverso querflöte transverse-flute",
    74: "recorder blockflöte",
    75: "pan-flute",
    78: "whistle tin-whistle",
    79: "ocarina",
    104: "sitar",
    105: "banjo",
    106: "shamisen",
    107: "koto",
    108: "kalimba",
    109: "bagpipe bagpipes dudelsack",
}
_OF_NAME = {name: program for program, names in _PROGRAMS.items() for name in names.split()}

_OF_SOUND = {  # standard sounds of MusicXML, such as "wind.flutes.flute", by how they begin
    **{"keyboard.piano": 0, "keyboard.harpsichord": 6, "keyboard.clavichord": 7, "keyboard.celesta": 8},
    **{"keyboard.organ": 19, "keyboard.organ.reed": 20, "keyboard.accordion": 21, "keyboard.harmonium": 20},
    **{
        "pluck.guitar": 24,
        "pluck.guitar.electric": 27,
        "pluck.lute": 24,
        "pluck.harp": 46,
        "pluck.banjo": 105,
    },
    **{"pluck.bass": 33, "pluck.bass.acoustic": 32, "pluck.bass.fretless": 35, "pluck.mandolin": 25},
    **{"pluck.ukulele": 24, "strings.violin": 40, "strings.viola": 41, "strings.cello": 42},
    **{"strings.contrabass": 43, "strings.group": 48, "voice": 53, "voice.choir": 52, "brass.trumpet": 56},
    **{
        "brass.cornet": 56,
        "brass.trombone": 57,
        "brass.tuba": 58,
        "brass.french-horn": 60,
        "brass.group": 61,
    },
    **{"wind.reed.saxophone": 65, "wind.reed.saxophone.soprano": 64, "wind.reed.saxophone.tenor": 66},
    **{"wind.reed.saxophone.baritone": 67, "wind.reed.oboe": 68, "wind.reed.english-horn": 69},
    **{
        "wind.reed.bassoon": 70,
        "wind.reed.contrabassoon": 70,
        "wind.reed.clarinet": 71,
        "wind.reed.harmonica": 22,
    },
    **{"wind.flutes.flute": 73, "wind.flutes.flute.piccolo": 72, "wind.flutes.piccolo": 72},
    **{
        "wind.flutes.recorder": 74,
        "wind.flutes.panpipes": 75,
        "wind.flutes.whistle": 78,
        "wind.pipes.bagpipes": 109,
    },
    **{"drum.timpani": 47, "pitched-percussion.glockenspiel": 9, "pitched-percussion.vibraphone": 11},
    **{
        "pitched-percussion.marimba": 12,
        "pitched-percussion.xylophone": 13,
        "pitched-percussion.tubular-bells": 14,
    },
}

_FAMILIES = {sound.split(".")[0] for sound in _OF_SOUND}
_LONGEST = 200  # letters of a name; there is no more to learn from it
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|\.|º|°)?|[ivx]+\.?|first|second|third|solo")


def program_of(name: str) -> int | None:
    """Return the General MIDI program of an instrument, 0..127, None if its name does not tell.

    Parameters
    ----------
    name : str
        Such as "Flute", "Violino II" or "Clarinet in Bb 1"; or a sound of MusicXML ("strings.violin").
    """
    words = name[:_LONGEST].partition("(")[0].lower().split()
    if len(words) == 1 and words[0].partition(".")[0] in _FAMILIES and "." in words[0]:
        return _program_of_sound(words[0])
    words = words[: words.index("in")] if "in" in words else words  # "in Bb" says how it is written
    while len(words) > 1 and _NUMBER.fullmatch(words[0]):
        words.pop(0)
    while len(words) > 1 and _NUMBER.fullmatch(words[-1]):
        words.pop()
    plain = "-".join(words).strip(".,:").rstrip("0123456789")
    return _OF_NAME.get(plain, _OF_NAME.get(plain.removesuffix("s")))


def _program_of_sound(sound: str) -> int | None:
    while sound not in _OF_SOUND and "." in sound:
        sound = sound.rpartition(".")[0]
    return _OF_SOUND.get(sound)
