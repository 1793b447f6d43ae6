"""The tables of the documents, a function each, from the figures that the scripts left beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1]
CORPORA = ("folk", "chorales")
_SPINES, _EVENTS = ("verovio", "music21"), ("mido", "symusic")
WRITTEN = "temperature 0.9"  # how `generate` writes


@cache
def measured(name: str) -> Any:
    """Return what a script found, given the name of its file."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def tell_short() -> str:
    """Return the table of the README."""
    return _table(
        ("unseen songs", "`folk`: fiddle and folk tunes", "`chorales`: Bach, four voices"),
        _of_both("said back from their codes: note F1", _note_f1),
        _of_both(
            "written pieces beside the unseen songs: overlapping area (songs learned from)",
            lambda corpus: f"{_overlap(corpus, WRITTEN)} ({_overlap(corpus, 'train')})",
        ),
        _of_both(
            "`compress --lossless`: bits a note, notes alone (`xz -9` of the table that it packs best)",
            lambda corpus: f"{_lossless(corpus)} ({_best_xz(corpus)})",
        ),
    )


def tell_models() -> str:
    """Return how well the released models say songs back."""
    return _table(
        ("", "`folk`: fiddle and folk tunes", "`chorales`: Bach, four voices"),
        _of_both("pieces: trained on / choosing the best / **unseen**", _songs),
        _of_both("training", _minutes),
        _of_both("numbers in a code", lambda corpus: str(measured(corpus)["plan"]["network"]["latent"])),
        _of_both("steps right", _steps_right),
        _of_both("onset F1 / note F1", lambda corpus: f"{_onset_f1(corpus)} / {_note_f1(corpus)}"),
        _of_both("rate, nats a measure", lambda corpus: f"{_test(corpus)['rate_nats']:.1f}"),
        _of_both("without codes, nats a measure", _without_code),
        _of_both(
            "the true next 4 measures are likelier after their own 8 than after another song's",
            lambda corpus: f"{100 * _pieces(corpus, 'likelihood')['same_meter']['likelier_after_own']:.1f} %",
        ),
    )


def tell_card(corpus: str) -> str:
    """Return the figures of a model card."""
    test = _test(corpus)
    return _table(
        (f"{test['songs']} unseen songs, {test['measures']:,} measures", ""),
        ("steps right", _steps_right(corpus)),
        ("onset F1, note F1", f"{_onset_f1(corpus)}, {_note_f1(corpus)}"),
        ("rate", f"{test['rate_nats']:.1f} nats a measure"),
        ("without codes", f"{_without_code(corpus)} nats a measure"),
        (
            "sets of 256 new pieces: overlapping area with the unseen songs (songs it learned from)",
            f"{_overlap(corpus, WRITTEN)} ({_overlap(corpus, 'train')})",
        ),
    )


def tell_written() -> str:
    """Return what written pieces are like, beside songs."""
    header = ["", *(f"{corpus}: written | songs" for corpus in CORPORA)]
    area = "overlapping area with the unseen songs (mgeval, mean of 6 features); songs: those learned from"
    rows = [
        (area, *(f"{_overlap(corpus, WRITTEN)} | {_overlap(corpus, 'train')}" for corpus in CORPORA)),
        ("the same `--from-prior`", *(f"{_overlap(corpus, 'from the prior')} |" for corpus in CORPORA)),
        ("scale consistency", *_beside_songs("scale_consistency", "{:.3f}")),
        ("mean interval, semitones", *_beside_songs("mean_interval", "{:.2f}")),
        ("groove similarity of neighbouring measures", *_beside_songs("groove_similarity", "{:.3f}")),
        ("measures that repeat an earlier one", *_beside_songs("repeated_measures", "{:.1%}")),
        ("windows of 8 measures found in the songs learned from", *map(_copied, CORPORA)),
    ]
    return _table(" | ".join(header).split(" | "), *(" | ".join(row).split(" | ") for row in rows))


def tell_work() -> str:
    """Return what the commands that work with a song reach."""
    amounts = ("0.1", "0.3", "0.5", "0.8", "1.0")

    def kept(corpus: str) -> str:
        shares = [_pieces(corpus, "vary")["kept"][amount]["mean"] for amount in amounts]
        return " / ".join(f"{100 * share:.0f}" for share in shares) + " %"

    def shared(corpus: str) -> str:
        return f"{100 * _pieces(corpus, 'vary')['between_random_songs']['mean']:.1f} %"

    def walk(corpus: str) -> str:
        walks = _pieces(corpus, "interpolate")
        middle = [walks["middle"][natural]["mean"] for natural in ("natural 0.3", "natural 0.0")]
        return " / ".join(f"{nats:.1f}" for nats in (*middle, walks["ends"]["mean"]))

    def filled(corpus: str) -> str:
        gaps = _pieces(corpus, "infill")[0]
        return " / ".join(_with_error(gaps[way]) for way in ("weighed", "not_weighed", "copied"))

    def accompanied(corpus: str) -> str:
        parts = measured(f"pieces-{corpus}")["figures"].get("accompany")
        if parts is None:
            return ""
        return " / ".join(_with_error(parts[way]) for way in ("weighed", "not_weighed", "of_likest"))

    return _table(
        ("working with a song", *CORPORA),
        _of_both(f"`vary`: notes kept at {' / '.join(amounts)}", kept),
        _of_both("two different songs in one meter and key share", shared),
        _of_both(
            "`interpolate`, half way, nats a measure without codes: `--natural 0.3` / 0 / the ends", walk
        ),
        _of_both(
            "`infill`, 4 measures in 16, note F1: weighed / one draw / the 4 measures before copied", filled
        ),
        _of_both(
            "`accompany`, three voices to 16 measures of a soprano, onset F1:"
            " weighed / one draw / those of the likest song learned from",
            accompanied,
        ),
    )


def tell_repair() -> str:
    """Return what `denoise` reaches."""
    folk, chorales, mix = (measured(f"denoise-{name}") for name in (*CORPORA, "folk-mix"))
    spoiled = f"{folk['songs']} tunes and {chorales['songs']} chorales, a tenth of the notes spoiled"
    right = f"{folk['unspoiled']['songs']} tunes, {chorales['unspoiled']['songs']} chorales"
    mixed = f"notes are also stretched and added, and errors go further than expected ({mix['songs']} tunes)"

    def f1(corpus: str) -> str:
        before_and_after = measured(f"denoise-{corpus}")["note_f1"]
        return f"{before_and_after['before']:.3f} / {before_and_after['after']:.3f}"

    def kept(corpus: str) -> str:
        return f"{measured(f'denoise-{corpus}')['unspoiled']['note_f1']:.4f}"

    return _table(
        ("unseen songs", *CORPORA),
        _of_both(f"`denoise` of {spoiled}: note F1 before / after", f1),
        _of_both("the share of the way back to the clean notes: notes / onsets", _way_back),
        (f"the same where {mixed}", _way_back("folk-mix"), ""),
        _of_both(f"`denoise` of songs that are right: note F1 with them ({right})", kept),
    )


def tell_compression() -> str:
    """Return what `compress --lossless` reaches."""

    def whole(corpus: str) -> str:
        return f"{measured(f'squeeze-{corpus}')['lossless']['file_bits_a_note']:.1f}"

    def xz(corpus: str) -> str:
        return f"{measured(f'squeeze-{corpus}')['xz_bits_a_note_all_test_songs']['text, starts']:.1f}"

    return _table(
        ("unseen songs, bits a note", *CORPORA),
        _of_both("`compress --lossless`, notes alone", _lossless),
        _of_both("the whole file, with title, meters and tempi", whole),
        _of_both("`xz -9` of the same notes as a table of starts, lengths, pitches", xz),
        _of_both("`xz -9` of the table that it packs best", _best_xz),
    )


def tell_whole_files() -> str:
    """Return what `compress --lossless` makes of whole files."""
    whole = measured("lossless")
    corpora = {
        "groove": "Groove, drums as played",
        "freedoom": "Freedoom, bands",
        "simutrans": "Simutrans, bands",
        "mutopia": "Mutopia, piano",
        "quartets": "string quartets",
    }

    def by(model: str, corpus: str) -> str:
        bits = whole[corpus][model]
        return f"{bits['whole']:.1f} ({bits['heard']:.1f} + {bits['rest']:.1f} + {bits['touch']:.1f})"

    rows = (
        (
            label,
            f"{whole[name]['notes']:,}",
            by("folk", name),
            by("chorales", name),
            f"{whole[name]['xz_bits_a_note']:.1f}",
        )
        for name, label in corpora.items()
    )
    header = (
        "`python benchmarks/lossless.py`, bits a note",
        "notes",
        "`folk`",
        "`chorales`",
        "`xz -9` of the notes",
    )
    return _table(header, *rows)


def tell_reading(kind: str, whose: str, names: dict[str, str], others: Sequence[str]) -> str:
    """Return how corpora of a kind are read beside other readers.

    Parameters
    ----------
    kind : str
    whose : str
        What one of its pieces is called.
    names : dict of str to str
        What each corpus is called.
    others : sequence of str
        The readers whose seconds are told.
    """
    read = measured(f"reading-{kind}")["corpora"]
    rows = [(name, read[corpus]["figures"]) for corpus, name in names.items()]
    return _table(
        (f"`python benchmarks/reading.py {kind}`", whose, "read", "notes", "the same by another reader")
        + (f"seconds: {' / '.join(others)} / musicvae",),
        *((name, *_heard_alike(figures), _seconds(figures, others)) for name, figures in rows),
    )


def tell_ten_minutes() -> str:
    """Return what `train` makes of folders in ten minutes."""
    names = {
        "starter": "`midi_data/`: tunes and chorales",
        "piano": "Mutopia's piano pieces",
        "lieder": "OpenScore Lieder, voice and piano as one part",
        "bands": "Freedoom, bands",
        "leads": "OpenEWLD, melodies of lead sheets",
    }

    def row(folder: str) -> tuple[str, ...]:
        found = measured(f"ten-minutes-{folder}")
        unseen, files = found["unseen"], found["files"]
        return (
            names[folder],
            f"{files['learned']} / {files['kept']}",
            f"{unseen['onset_f1']:.3f} / {unseen['note_f1']:.3f}",
            f"{unseen['rate_nats']:.0f}",
            f"{unseen['worth_nats']:.1f}",
        )

    return _table(
        ("`python benchmarks/ten_minutes.py`", "files learned from / kept", "onset F1 / note F1")
        + ("rate, nats a measure", "the codes' worth, nats a measure"),
        *(row(folder) for folder in names if (FOLDER / f"ten-minutes-{folder}.json").exists()),
    )


def tell_bands() -> str:
    """Return how well bands come back that a model never saw, and what is written for them."""
    found = measured("bands")
    test, drums, nats = found["test"], found["drums"], found["nats_a_note"]
    songs = found["songs"]
    return _table(
        ("`python benchmarks/bands.py`", "songs as they are, up to 7 instruments and drums"),
        ("songs: trained on / choosing the best / **unseen**", " / ".join(map(str, songs.values()))),
        ("training", f"{found['minutes']} min, {found['device']}"),
        ("onset F1 / note F1, all parts together", f"{test['onset_f1']:.3f} / {test['note_f1']:.3f}"),
        ("onset F1 / note F1, drums", f"{drums['onset_f1']:.3f} / {drums['note_f1']:.3f}"),
        ("rate, nats a measure", f"{test['rate_nats']:.0f}"),
        (
            "nats a note, given codes / without codes",
            f"{nats['given_codes']:.2f} / {nats['without_codes']:.2f}",
        ),
    )


def tell_band_parts() -> str:
    """Return how near parts written anew in bands come to the true ones, beside plain ways."""
    found = measured("accompany")

    def row(part: str) -> tuple[str, ...]:
        f1, stretches = found[part]["onset_f1"], found[part]["stretches"]
        ways = (f1["written"], f1["repeated"], f1["most_similar"])
        return f"{part}, {stretches} stretches of eight measures", *(f"{way:.2f}" for way in ways)

    return _table(
        ("`python benchmarks/accompany.py`: onset F1", "`infill --parts`", "its own eight measures before")
        + ("that of the likest measures learned from",),
        row("bass"),
        row("drums"),
    )


def tell_seating() -> str:
    """Return what sounds of songs in seats, and did before."""
    found = measured("seating")
    return _table(
        ("`python benchmarks/seating.py`", "songs", "notes", "that share parts", "sounding cells lost"),
        *(
            (
                name,
                *(
                    f"{own[key]:,}"
                    for key in ("songs", "notes", "songs_that_share_parts", "sounding_cells_lost")
                ),
            )
            for name, own in found.items()
        ),
    )


TABLES: dict[str, Callable[[], str]] = {
    "short": tell_short,
    "models": tell_models,
    "folk": lambda: tell_card("folk"),
    "chorales": lambda: tell_card("chorales"),
    "written": tell_written,
    "work": tell_work,
    "repair": tell_repair,
    "compression": tell_compression,
    "whole-files": tell_whole_files,
    "ten-minutes": tell_ten_minutes,
    "bands": tell_bands,
    "band-parts": tell_band_parts,
    "seating": tell_seating,
    "reading-humdrum": lambda: tell_reading(
        "humdrum", "scores", {"polish": "Polish Music Heritage", "chopin": "Chopin, first editions"}, _SPINES
    ),
    "reading-midi": lambda: tell_reading(
        "midi",
        "files",
        {"mutopia": "Mutopia", "groove": "Groove, drums", "freedoom": "Freedoom", "simutrans": "Simutrans"},
        _EVENTS,
    ),
}


def _table(header: Sequence[str], *rows: Sequence[str]) -> str:
    first, *others = ("| " + " | ".join(line) + " |\n" for line in (header, *rows))
    return "".join((first, "|---" * len(header) + "|\n", *others)).replace("|  |", "| |")


def _of_both(label: str, tell: Callable[[str], str]) -> tuple[str, ...]:
    return (label, *(tell(corpus) for corpus in CORPORA))


def _heard_alike(figures: Any) -> tuple[str, ...]:
    counts = (f"{figures[count]:,}" for count in ("pieces", "read", "notes"))
    return (*counts, f"{figures['confirmed']:,} of {figures['compared']:,}")


def _seconds(figures: Any, others: Sequence[str]) -> str:
    """Return the seconds that others took, and musicvae for what the first of them read."""
    readers = [figures["readers"][name] for name in others]
    seconds = (*(reader["seconds"] for reader in readers), readers[0]["seconds_of_musicvae"])
    return " / ".join(f"{each:.1f}" for each in seconds)


def _test(corpus: str) -> Any:
    return measured(corpus)["test"]


def _pieces(corpus: str, figure: str) -> Any:
    return measured(f"pieces-{corpus}")["figures"][figure]


def _songs(corpus: str) -> str:
    songs = measured(corpus)["songs"]
    return f"{songs['train']:,} / {songs['validation']} / **{songs['test']}**"


def _minutes(corpus: str) -> str:
    trained = measured(corpus)
    device = trained.get("device", "cpu")
    machine = "one thread of a CPU" if device == "cpu" else device.removeprefix("NVIDIA ")
    return f"{trained['minutes']:.0f} minutes of {machine}"


def _steps_right(corpus: str) -> str:
    return f"{100 * _test(corpus)['step_accuracy']:.2f} %"


def _onset_f1(corpus: str) -> str:
    return f"{_test(corpus)['onset_f1']:.4f}"


def _note_f1(corpus: str) -> str:
    return f"{_test(corpus)['note_f1']:.4f}"


def _without_code(corpus: str) -> str:
    return f"{_test(corpus)['without_code_nats']:.2f}"


def _overlap(corpus: str, pieces: str) -> str:
    areas = _pieces(corpus, "overlap")[0]
    return f"{(areas['train'] if pieces == 'train' else areas['pieces'][pieces])['mean']:.3f}"


def _beside_songs(statistic: str, form: str) -> list[str]:
    every = [_pieces(corpus, "structure")[0] for corpus in CORPORA]
    pairs = [(each["pieces"][WRITTEN][statistic], each["test"][statistic]) for each in every]
    return [" | ".join(form.format(value).replace("%", " %") for value in pair) for pair in pairs]


def _copied(corpus: str) -> str:
    copies = _pieces(corpus, "memorisation")[0]
    both = (copies["pieces"][WRITTEN], copies["test"])
    return " | ".join(f"{each['known']} of {each['windows']:,}" for each in both)


def _with_error(mean: Any) -> str:
    return f"{mean['mean']:.2f} ± {mean['standard_error']:.2f}"


def _way_back(noise: str) -> str:
    """Return the shares of the way from spoiled songs to the clean ones: of notes, and of onsets."""
    every = (measured(f"denoise-{noise}")[f1] for f1 in ("note_f1", "onset_f1"))
    return " / ".join(f"{(f1['after'] - f1['before']) / (1 - f1['before']):.2f}" for f1 in every)


def _lossless(corpus: str) -> str:
    return f"{measured(f'squeeze-{corpus}')['lossless']['notes_bits_a_note']:.2f}"


def _best_xz(corpus: str) -> str:
    return f"{min(measured(f'squeeze-{corpus}')['xz_bits_a_note_all_test_songs'].values()):.1f}"
