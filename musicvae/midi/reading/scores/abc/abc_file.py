"""The text of an ABC tune -> what it says: the walk over its lines.

Conventions
-----------
The head of a tune ends with its first K: field, or where its music begins if it has none; what stands in it
holds for every voice. Music above K: is none to ABC: it is left out, and told. Later fields hold for the
voice in which they stand. Music before any V: field is for the first voice that the head names. Repeats,
endings, the order of parts (P:), macros and ornaments are not played.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count

from musicvae.errors import SongError
from musicvae.midi.reading.scores.abc.abc_fields import LONGEST_FIELD, parse_tempo
from musicvae.midi.reading.scores.abc.abc_layout import VoiceMeasures, lay_out, to_keys, to_part, to_tempi
from musicvae.midi.reading.scores.abc.abc_lines import MUSIC, AbcLine, is_music, read_lines
from musicvae.midi.reading.scores.abc.abc_music import take_lyrics, take_sign, take_symbols
from musicvae.midi.reading.scores.abc.abc_setting import AbcSetting
from musicvae.midi.reading.scores.abc.abc_sheet import AbcSheet
from musicvae.midi.reading.scores.abc.abc_texts import read_text
from musicvae.midi.reading.scores.abc.abc_tokens import TOKEN
from musicvae.midi.reading.scores.abc.abc_voice import AbcVoice
from musicvae.midi.reading.scores.score_walk import ScoreWalk

_FIRST_VOICE = "1"  # what a voice is called that has no name
_ALL_VOICES = "*"
_MOST_VOICES = 256
_ARTICLE_LAST = re.compile(r"^(.+), ?(The|An?|L[ae]s?|D(?:er|ie|as)|El|Los|Il)$", re.IGNORECASE)
_OTHER_ROLE = re.compile(
    r"(?:words|lyrics|text|setting|arr\w*|translat\w*|copyright|https?)\W", re.IGNORECASE
)
_USER_SIGN = re.compile(r"""([H-Wh-w~])\s*=\s*(![^!]+!|\+[^+]+\+|"[^"]*")""")
_ABOVE_KEY = "lines of music above the first K: were left out (move K: above them)"
_LONGEST_EXAMPLE = 30


def walk_tune(text: str) -> ScoreWalk:
    """Return what the one tune in an ABC text says.

    Raises
    ------
    SongError
        If a note of it is far too long, or there are far too many measures or voices.
    """
    lines = list(read_lines(text))
    has_key = any(line.field == "K" for line in lines)
    tune = _Tune()
    for line in lines:
        if line.field == MUSIC and not has_key:
            tune.end_head()
        if tune.in_head:
            tune.take_head(line)
        else:
            tune.take_body(line)
    return tune.finish()


@dataclass
class _Tune:
    """A tune as it is being walked: its head, its voices, and where the walk is."""

    in_head: bool = True
    _sheet: AbcSheet = field(default_factory=AbcSheet)
    _head: AbcSetting = field(default_factory=AbcSetting)
    _declared: dict[str, list[AbcLine]] = field(default_factory=dict)  # what the head says of each voice
    _voices: dict[str, AbcVoice] = field(default_factory=dict)
    _voice: AbcVoice | None = None
    _declaring: list[AbcLine] | None = None
    _title: str = ""
    _composers: list[str] = field(default_factory=list)
    _tempo: str = ""  # of the beginning
    _goes_on: bool = False  # whether the line of music before goes on in this one
    _is_sung: bool = False  # whether the line of music before has its first verse

    def take_head(self, line: AbcLine) -> None:
        """Take over a line of the head."""
        if line.field == MUSIC:
            if is_music(line.text):  # else it is words, such as the second line of a history
                self._sheet.notice(_ABOVE_KEY, line.text[:_LONGEST_EXAMPLE])
            return
        match line.field:
            case "T":
                self._title = self._title or _order_title(read_text(line.text))
            case "C":
                composer = read_text(line.text).removeprefix("Music:")
                self._composers += [] if _OTHER_ROLE.match(line.text) else [composer]
            case "V":
                self._declare(line.text)
            case "I" if self._declaring is not None:
                self._declaring.append(line)
            case _:
                self._take_for_all(line)
        if line.field == "K":
            self.end_head()

    def end_head(self) -> None:
        """Let the voices begin that the head names."""
        self.in_head = False
        for name in self._declared:
            if name != _ALL_VOICES:
                self._find_voice(name)

    def take_body(self, line: AbcLine) -> None:
        """Take over a line of the body."""
        if line.field == MUSIC:
            self._take_music(line)
        elif line.field == "w":
            if self._voice and not self._is_sung:
                take_lyrics(line.text, self._voice)
            self._is_sung = True
        elif line.field == "s":
            if self._voice:
                take_symbols(line.text, self._voice)
        else:
            self._take_field(line)

    def finish(self) -> ScoreWalk:
        """Return what the tune says."""
        for voice in self._voices.values():
            voice.finish()
        voices = list(self._voices.values())
        layout = lay_out(
            [VoiceMeasures(voice.clock.lengths, voice.meters) for voice in voices], self._head.meter
        )
        programs, usual = self._head.channel_programs, self._head.program or 0
        parts = [
            to_part(voice, name, programs.get(voice.setting.channel or channel, usual), laid)
            for channel, (name, voice), laid in zip(
                count(1), self._voices.items(), layout.voices, strict=False
            )
            if voice.notes or voice.chords
        ]
        return ScoreWalk(
            parts=parts,
            measures=layout.measures() if self._sheet.has_bars else layout.cut_measures(),
            tempi=to_tempi(
                [voice.tempi for voice in voices], layout, self._read_tempo(self._tempo, self._head)
            ),
            keys=to_keys([voice.keys for voice in voices], layout, self._head.key.name(self._head.shift)),
            title=self._title,
            composer="; ".join(filter(None, (" ".join(said.split()) for said in self._composers))),
            notices=self._sheet.notices,
        )

    def _declare(self, text: str) -> None:
        """Note what the head says of a voice, whose unit, meter and key are not known yet."""
        name, words = _split_name(text)
        self._declaring = self._declared.setdefault(name, [])
        self._declaring.append(AbcLine("V", words))

    def _find_voice(self, name: str) -> AbcVoice:
        if name not in self._voices:
            if len(self._voices) == _MOST_VOICES:
                raise SongError(f"it has more than {_MOST_VOICES} voices: leave some out")
            self._voices[name] = AbcVoice(self._head.for_voice(), self._sheet)
            for line in (*self._declared.get(_ALL_VOICES, ()), *self._declared.get(name, ())):
                self._take_for_voice(self._voices[name], line)
        return self._voices[name]

    def _take_field(self, line: AbcLine) -> None:
        """Take over a field of the body, be it a line or within one."""
        if line.field == "V":
            self._switch_voice(*_split_name(line.text))
        elif self._voice is None:
            self._take_for_all(line)
        elif line.field == "Q":
            if bpm := self._read_tempo(line.text, self._voice.setting):
                self._voice.tempi[self._voice.clock.place] = bpm
        else:
            self._take_for_voice(self._voice, line)

    def _switch_voice(self, name: str, words: str) -> None:
        if name == _ALL_VOICES:
            self._take_for_all(AbcLine("V", words))
            return
        self._voice = self._find_voice(name)
        self._take_for_voice(self._voice, AbcLine("V", words))
        if not self._goes_on:
            self._voice.heads = []

    def _take_for_all(self, line: AbcLine) -> None:
        if line.field == "Q":
            self._tempo = line.text
        elif not self._take_for_tune(line):
            made_sense = self._head.take(line.field, line.text)
            self._complain(line, made_sense)
            for voice in self._voices.values():
                voice.take_field(line.field, line.text)

    def _take_for_voice(self, voice: AbcVoice, line: AbcLine) -> None:
        if not self._take_for_tune(line):
            self._complain(line, voice.take_field(line.field, line.text))

    def _take_for_tune(self, line: AbcLine) -> bool:
        """Take over a field that holds for the tune, wherever it stands; say whether it does."""
        if line.field == "U":
            defined = _USER_SIGN.match(line.text)
            if defined:
                self._sheet.user_signs[defined[1]] = defined[2]
            self._complain(line, defined is not None)
        elif line.field == "m":
            self._sheet.notice("macros are not played")
        return line.field in ("U", "m")

    def _complain(self, line: AbcLine, made_sense: bool) -> None:
        if not made_sense:
            self._sheet.notice("fields that say nothing known were skipped", f"{line.field}:{line.text}")

    def _read_tempo(self, text: str, setting: AbcSetting) -> float | None:
        bpm = parse_tempo(text[:LONGEST_FIELD], setting.settled_unit)
        if bpm is None and re.search(r"\d", text):
            self._complain(AbcLine("Q", text), made_sense=False)
        return bpm

    def _take_music(self, line: AbcLine) -> None:
        if self._voice is None:
            self._voice = next(iter(self._voices.values()), None) or self._find_voice(_FIRST_VOICE)
        if not self._goes_on:
            self._voice.heads = []
        self._is_sung = False
        for sign in TOKEN.finditer(line.text):
            if sign.lastgroup == "field":
                letter, _, text = sign["field"].partition(":")
                self._take_field(AbcLine(letter, text.strip()))
            elif sign.lastgroup:
                take_sign(sign, self._voice)
        self._goes_on = line.goes_on


def _split_name(text: str) -> tuple[str, str]:
    """Return the name of a voice, and what is said of it."""
    name, *words = text.split(maxsplit=1) or [_FIRST_VOICE]
    return name, words[0] if words else ""


def _order_title(text: str) -> str:
    """Return a title such as "Foo, The" as "The Foo", its blanks single."""
    return _ARTICLE_LAST.sub(r"\2 \1", " ".join(text.split()))
