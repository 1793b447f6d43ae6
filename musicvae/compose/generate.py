"""New pieces: nothing given, or a code for each measure drawn from the prior."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from musicvae.compose.bands import parse_band
from musicvae.compose.options import MEASURES, PieceOptions
from musicvae.compose.performance.script import Script, perform
from musicvae.errors import ModelError, SongError
from musicvae.measures.data.config import MeasureVAEConfig, SongKind
from musicvae.measures.data.song_batch import SongOutline
from musicvae.measures.network.model import MeasureVAE, device_of
from musicvae.midi.arranging.seats import list_programs
from musicvae.midi.form.form_text import parse_form, parse_meters
from musicvae.midi.form.plan_model import PlanModel
from musicvae.midi.form.plans import Plan
from musicvae.midi.songs.key import parse_key
from musicvae.midi.songs.song import Meter, Song, Tempo

PHRASE = 4  # measures
DRAWN_AGAIN = 4  # times, at most, is a piece that has no notes


def generate(
    model: MeasureVAE,
    options: PieceOptions,
    generator: torch.Generator,
    plans: PlanModel | None = None,
    on_progress: Callable[[int, int], None] = lambda measures, of: None,
) -> list[Song]:
    """Return new pieces, each hanging together since the decoder hears what it has written.

    One that comes out without a single note is drawn again a few times, when all others are drawn.

    Parameters
    ----------
    model : MeasureVAE
    options : PieceOptions
    generator : torch.Generator
    plans : PlanModel, optional
        How the training songs repeat themselves; without it pieces repeat what the decoder repeats.
    on_progress : callable
        As in `perform`; it begins anew with pieces that are drawn again.

    Raises
    ------
    SongError
        If the model does not know the meter or the style, or the key or form cannot be read or followed.
    ModelError
        If there is a form, and the decoder does not hear the song; or codes are to be drawn from the prior,
        and the model, an AE or DAE, has none.
    """
    outlines = choose_outlines(model.config, options, generator)
    from_prior = options.from_prior or not model.decoder.hears_song
    if from_prior and model.config.autoencoder != "vae":
        raise ModelError(_no_prior(model))
    rng = np.random.default_rng(int(torch.randint(1 << 31, (1,), generator=generator)))

    def draw(outlines: Sequence[SongOutline]) -> list[Song]:
        scripts = []
        for outline in outlines:
            plan = _plan(outline, options, None if from_prior else plans, rng)
            codes = _draw_codes(model, len(outline.meters), generator) if from_prior else None
            freedom = np.full(len(outline.meters), 1.0 if codes is None else 0.0)
            scripts.append(Script(outline, freedom, codes, plan=plan))
        return perform(model, scripts, options.temperature, generator, on_progress)

    songs = _redraw_silent(draw(outlines), outlines, draw)
    return [replace(song, tempi=(Tempo(0, options.bpm or model.config.bpm),)) for song in songs]


def _draw_codes(model: MeasureVAE, measures: int, generator: torch.Generator) -> Tensor:
    """Return codes from the prior, shape (N, Z)."""
    return torch.randn((measures, model.config.code_size), generator=generator).to(device_of(model))


def _redraw_silent(
    songs: Sequence[Song],
    outlines: Sequence[SongOutline],
    draw: Callable[[Sequence[SongOutline]], list[Song]],
) -> list[Song]:
    """Return the songs, those without notes drawn again from their outlines until they have some."""
    drawn = dict(enumerate(songs))
    for _ in range(DRAWN_AGAIN):
        silent = [number for number, song in drawn.items() if not len(song.notes)]
        if not silent:
            break
        drawn.update(zip(silent, draw([outlines[number] for number in silent]), strict=True))
    return list(drawn.values())


def _no_prior(model: MeasureVAE) -> str:
    """Say what to do with a model whose codes cannot be drawn."""
    name = model.config.autoencoder.upper()
    if model.decoder.hears_song:
        return f"the model is an {name}, whose codes have no prior to be drawn from: leave out --from-prior"
    return (
        f"the model is an {name} that says each measure by itself, and has no prior to draw new ones from: "
        "take a VAE, or one with a recurrent decoder"
    )


def _plan(
    outline: SongOutline, options: PieceOptions, plans: PlanModel | None, rng: np.random.Generator
) -> Plan | None:
    """Return what a piece repeats: as the form says, else as training songs do if that is known."""
    if options.form is None:
        return None if plans is None else plans.draw(outline.meters, rng)
    plan, meters = parse_form(options.form, len(outline.meters)), outline.meters
    for measure, source in enumerate(plan.source.tolist()):
        if source >= 0 and meters[source] != meters[measure]:
            raise SongError(
                f"by the form {options.form} measure {measure + 1}, in {meters[measure]}, takes up measure "
                f"{source + 1}, in {meters[source]}: give sections of one letter the same meters"
            )
    return plan


def choose_outlines(
    config: MeasureVAEConfig, options: PieceOptions, generator: torch.Generator
) -> list[SongOutline]:
    """Return meters, key, style and band of each piece: those asked for, the others as they came together.

    Raises
    ------
    SongError
        If the model does not know the meter, the style or an instrument, or the key cannot be read.
    """
    meters = None
    if options.meter is not None:
        meters = parse_known_meters(config, options.meter, options.measures, count_measures(options))
    key = None if options.key is None else parse_key(options.key)
    style = None if options.style is None else _style(config, options.style)
    band = None if options.band is None else parse_band(options.band, config)
    meter = None if meters is None else config.meters.index(str(meters[0]))
    # A model that has not counted the kinds of its songs knows meters alone.
    known = config.kinds or [SongKind(0, index, 0, share) for index, share in enumerate(config.meter_shares)]
    kinds = _suiting(known, style, meter, key)
    if band is not None:
        kinds = _nearest_bands(kinds, list_programs(band), config)
    shares = torch.tensor([kind.share for kind in kinds])
    drawn = torch.multinomial(shares, options.count, replacement=True, generator=generator)
    outlines = []
    for kind in (kinds[index] for index in drawn.tolist()):
        own = meters or (Meter.parse(config.meters[kind.meter]),) * count_measures(options)
        told = (kind.key if key is None else key, kind.style if style is None else style)
        outlines.append(SongOutline(own, *told, band or config.parts_of(kind)))
    return outlines


def _nearest_bands(
    kinds: Sequence[SongKind], programs: Sequence[int], config: MeasureVAEConfig
) -> list[SongKind]:
    """Return the kinds of songs whose instruments are most like some: their meters and keys suit these."""
    asked = Counter(config.number_bands(np.array([programs]))[0].tolist())
    bands = config.number_bands(np.array([kind.programs for kind in kinds])).tolist()
    apart = [(asked - Counter(band)).total() + (Counter(band) - asked).total() for band in bands]
    return [kind for kind, far in zip(kinds, apart, strict=True) if far == min(apart)]


def count_measures(options: PieceOptions) -> int:
    """Return how many measures pieces have whose meters do not say it.

    Raises
    ------
    SongError
        If the form cannot be read.
    """
    if options.measures is not None or options.form is None:
        return options.measures or MEASURES
    if any(character.isdigit() for character in options.form):
        return parse_form(options.form, None).measures
    # Without lengths sections are of 4 measures, or of 8 and so on where they are few.
    phrases = PHRASE * max(1, sum(character.isalpha() for character in options.form))
    return phrases * math.ceil(MEASURES / phrases)


def parse_known_meters(
    config: MeasureVAEConfig, text: str, measures: int | None, usual: int
) -> tuple[Meter, ...]:
    """Return the meter of each measure, as `form.parse_meters` does.

    Parameters
    ----------
    config : MeasureVAEConfig
    text : str
    measures : int, optional
        How many were asked for.
    usual : int
        How many there are of a single meter if nothing was asked for.

    Raises
    ------
    SongError
        If that cannot be read, or the model does not know one of them.
    """
    is_list = any(sign in text.lower() for sign in "x×,")
    meters = parse_meters(text, measures if is_list else measures or usual)
    for meter in dict.fromkeys(meters):
        if str(meter) not in config.meters:
            raise SongError(f"the model never heard {meter}: ask for one of {', '.join(config.meters)}")
    return meters


def _style(config: MeasureVAEConfig, name: str) -> int:
    if name not in config.styles:
        if not config.styles:
            raise SongError("the model knows no styles: its songs all came from one folder")
        raise SongError(f"the model knows no style {name!r}: ask for one of {', '.join(config.styles)}")
    return config.styles.index(name) + 1


def _suiting(
    kinds: Sequence[SongKind], style: int | None, meter: int | None, key: int | None
) -> list[SongKind]:
    """Return the kinds of songs with the style, meter and key asked for, or with as many of them as can be.

    What there is no song of is asked for all the same: a key in a style that has none in that key.
    """
    suiting = list(kinds)
    for name, value in (("style", style), ("meter", meter), ("key", key)):
        narrower = [kind for kind in suiting if value is None or getattr(kind, name) == value]
        suiting = narrower or suiting
    return suiting
