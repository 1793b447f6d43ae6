"""Write some parts of a song around the others: an accompaniment to a melody, a bass to a band, inner voices.

The decoder says notes in the order of time, and what is given is given throughout; so new parts have to suit
what has not sounded yet. Many candidates are written side by side (`particles`), each around the notes that
are given, and weighed by how likely it makes these: all of them, to the last measure. Where a part plays
elsewhere in the song, what it plays there may come again, if that makes the whole likelier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from musicvae.compose.bands import Seated, add_instruments, split_names
from musicvae.compose.infill import FOLLOWING, Gap, weigh_fillings
from musicvae.compose.options import InfillOptions
from musicvae.compose.performance.particles import Particles
from musicvae.compose.performance.splice import splice
from musicvae.core.categorical import Draw
from musicvae.errors import SongError
from musicvae.measures.data.config import MusicConfig
from musicvae.measures.data.song_batch import outline_song
from musicvae.measures.network.model import MeasureVAE, require_hearing
from musicvae.measures.writing.continuing import hear_through
from musicvae.measures.writing.side_by_side import Writing, begin_writing
from musicvae.measures.writing.song_writing import pace
from musicvae.midi.arranging.seats import are_seats, is_vacant
from musicvae.midi.songs.instruments import KINDS, instrument_name, label_parts, number_instrument
from musicvae.midi.songs.key import find_key
from musicvae.midi.songs.measure_notes import MeasureNotes, split_measures
from musicvae.midi.songs.song import Meter, Part, Song

MOST_RESTS = 2  # measures in a row without a note of a part that is to play, if any candidate has one
DRAWN_AGAIN = 3  # times, at most, is what leaves a part without a note


def accompany(
    model: MeasureVAE,
    song: Song,
    parts: Sequence[int],
    gap: Gap,
    options: InfillOptions,
    generator: torch.Generator,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> Song:
    """Return the song with some parts of some measures written anew, all else as it was.

    Parameters
    ----------
    model : MeasureVAE
        Whose decoder hears the song.
    song : Song
        In the model's grid and parts.
    parts : sequence of int
        The parts to be written.
    gap : Gap
        In these measures.
    options : InfillOptions
    generator : torch.Generator
    on_progress : callable
        Told the measures heard or written so far, and how many that will be.

    Raises
    ------
    SongError
        If the gap is empty or reaches beyond the song, or nothing of it is given.
    ModelError
        If the decoder does not hear the song.
    """
    gap.check(song)
    require_hearing(model)
    given = gap.empty(song, parts)
    if not len(given.notes):
        raise SongError("nothing is given that new parts could suit: name fewer parts, or generate a piece")
    count, heard = options.candidates if options.weigh else 1, min(song.measures, gap.after + FOLLOWING)
    with torch.inference_mode(), pace(model, count):
        alone = begin_writing(model, [outline_song(song, find_key(given))])
        draw, tell = Draw(options.temperature, generator), lambda measures: on_progress(measures, heard)
        alone = hear_through(alone, [split_measures(given)[: gap.first]], tell)
        for _ in range(DRAWN_AGAIN):
            best = _write(alone, given, parts, gap, draw, count, tell)
            if not _rests(best.by_measure[0][slice(*gap)], parts, gap.after - gap.first):
                break
    return splice(song, best.songs()[0], gap.of(song.measures), parts)


def _write(
    alone: Writing,
    given: Song,
    parts: Sequence[int],
    gap: Gap,
    draw: Draw,
    count: int,
    on_measure: Callable[[int], None],
) -> Writing:
    """Return the candidate that makes what is given likeliest, up to the last measure that was heard.

    The song is given as it was heard up to the gap.
    """
    by_measure = split_measures(given)
    particles = Particles(alone.select([0] * count), draw)
    for measure in by_measure[gap.first : gap.after]:
        particles.resample()
        particles.write_around(measure, parts)
        particles.drop([_rests(own[gap.first :], parts, MOST_RESTS) for own in particles.writing.by_measure])
        on_measure(particles.writing.at)
    following = by_measure[gap.after :][:FOLLOWING]
    if following and count > 1:
        particles.hear(following)
        on_measure(particles.writing.at)
    best = particles.heaviest()
    lent = _lend(by_measure, given.meters, gap, parts) if count > 1 else []
    if lent:
        best = weigh_fillings(alone, [list(best.by_measure[0][slice(*gap)]), *lent], following)
    return best


def _lend(
    given: Sequence[MeasureNotes], meters: Sequence[Meter], gap: Gap, parts: Sequence[int]
) -> list[list[MeasureNotes]]:
    """Return the measures of a gap with what some parts play elsewhere in as many measures."""
    count = gap.after - gap.first
    runs = ([_take(measure, parts) for measure in given[n : n + count]] for n in gap.find_runs(meters))
    playing = (run for run in runs if not _rests(run, parts, count))
    return [[np.concatenate(each) for each in zip(given[slice(*gap)], run, strict=True)] for run in playing]


def _take(measure: MeasureNotes, parts: Sequence[int]) -> MeasureNotes:
    taken: MeasureNotes = measure[np.isin(measure["part"], parts)]
    return taken


def _rests(written: Sequence[MeasureNotes], parts: Sequence[int], last: int) -> bool:
    """Say whether any of some parts has nothing to play in the last so many measures that were written."""
    played = {part for measure in written[-last:] for part in measure["part"].tolist()}
    return not played.issuperset(parts)


def find_parts(known: Sequence[Part], names: str) -> tuple[int, ...]:
    """Return the parts that are named, by name or instrument, separated by commas; in order.

    Raises
    ------
    SongError
        If there is none of a name.
    """
    called = {index: label for index, label in enumerate(label_parts(known)) if not is_vacant(known[index])}
    named = split_names(names)
    found = {name: _find_called(name, known, called) for name in named}
    if unknown := [name for name, parts in found.items() if not parts]:
        raise SongError(f"the song has no part {unknown[0]!r}: it has {', '.join(called.values())}")
    if not named:
        raise SongError(f"no part is named: name some of {', '.join(called.values())}")
    return tuple(sorted({index for parts in found.values() for index in parts}))


def _find_called(name: str, known: Sequence[Part], called: Mapping[int, str]) -> list[int]:
    """Return the parts that are called so: by label, else by name, else by instrument or its family."""
    ways: tuple[Callable[[int], str], ...] = (
        lambda index: called[index],
        lambda index: known[index].name.strip(),
        lambda index: instrument_name(known[index]),
        lambda index: KINDS[number_instrument(known[index])],
    )
    found = ([index for index in called if tell(index).casefold() == name] for tell in ways)
    return next(filter(None, found), [])


def choose_new_parts(song: Song, names: str, config: MusicConfig) -> Seated:
    """Return the parts that are named, or else all that a song lacks, none of which it has.

    Parameters
    ----------
    song : Song
        In a model's parts.
    names : str
        Separated by commas: parts of the model, or instruments where it has seats (`bands.parse_band`).
    config : MusicConfig
        Of the model.

    Raises
    ------
    SongError
        If the song has them, or there is none of a name.
    """
    if are_seats(config.parts):
        return add_instruments(song, names, config)
    there = set(song.notes["part"].tolist())
    lacking = tuple(part for part in range(len(song.parts)) if part not in there)
    wanted = find_parts(song.parts, names) if names else lacking
    if len(song.parts) == 1:
        only = song.parts[0].name
        raise SongError(f"the model has one part, {only}, and nothing to add: take one of several parts")
    if not wanted:
        has = ", ".join(part.name for part in song.parts)
        raise SongError(
            f"the song has all parts of the model ({has}): have some written anew by infill --parts,"
            " or take a model of more parts"
        )
    if old := [song.parts[part].name for part in wanted if part in there]:
        raise SongError(f"the song has {old[0]} already: have it written anew by infill --parts {old[0]}")
    return Seated(song, wanted, tuple(range(len(song.parts))))
