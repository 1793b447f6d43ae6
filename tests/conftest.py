"""What every test may ask for."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import mido
import numpy as np
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from musicvae.measures.data.config import MeasureVAEConfig

# The same examples on every run, and no verdict on how fast the machine is.
settings.register_profile("musicvae", derandomize=True, deadline=None)
settings.load_profile("musicvae")

# typer looks at these once, when it is imported.
for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS"):
    os.environ.pop(name, None)

# Tests run side by side, a process for each core: threads of torch would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

CHECKOUT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest tests first, so that no process is left waiting for them."""
    items.sort(key=lambda item: item.path.name != "test_readme.py")


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """Return the folder of corpora beside the checkout, or skip the test."""
    folder = CHECKOUT.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip(f"no corpora at {folder}")
    return folder


SUITE_TICKS = 480
SUITE_MEASURE = 2 * SUITE_TICKS
Timed = tuple[int, mido.Message]


def _stroke(tick: int, length: int, channel: int, pitch: int, velocity: int) -> list[Timed]:
    on = mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)
    return [(tick, on), (tick + length, on.copy(velocity=0))]


def _suite_flute() -> list[Timed]:
    """Return a line of eighths as somebody plays it, with bends, vibrato and words."""
    events: list[Timed] = [(0, mido.Message("program_change", channel=0, program=73))]
    for eighth in range(32):
        tick = max(0, 240 * eighth + (-9, 7, -4, 11)[eighth % 4])
        events += _stroke(tick, 200 + eighth, 0, 72 + eighth % 5, 90 + eighth % 3)
        events.append((tick + 60, mido.Message("pitchwheel", channel=0, pitch=300 * (eighth % 3 - 1))))
        events.append((tick + 80, mido.Message("control_change", channel=0, control=1, value=eighth)))
        events.append((tick, mido.MetaMessage("lyrics", text=f"la{eighth} ")))
    return events


def _suite_hand(pitches: tuple[int, ...], velocity: int, pedal: bool) -> list[Timed]:
    events: list[Timed] = [(0, mido.Message("program_change", channel=1, program=0))]
    for beat in range(16):
        for place, pitch in enumerate(pitches):
            events += _stroke(480 * beat + 5 * place, 440, 1, pitch + beat % 2, velocity)
        if pedal:
            on = mido.Message("control_change", channel=1, control=64, value=127)
            events += [(480 * beat + 20, on), (480 * beat + 470, on.copy(value=0))]
    return events


def _suite_tracks() -> dict[str, list[Timed]]:
    slower = [
        (7 * SUITE_MEASURE + 240 * n, mido.MetaMessage("set_tempo", tempo=500_000 + 40_000 * n))
        for n in range(4)
    ]
    strings = [
        event
        for n in range(4)
        for event in _stroke(2 * n * SUITE_MEASURE + 480, SUITE_MEASURE, 3, 58 + n, 70)
    ]
    drums = [
        event
        for n in range(32)
        for event in _stroke(240 * n, 30, 9, (36, 42, 38, 42)[n % 4], 60 + 9 * (n % 4))
    ]
    return {
        "Suite": [
            (0, mido.MetaMessage("text", text="for seven players")),
            (0, mido.MetaMessage("key_signature", key="Eb")),
            (0, mido.MetaMessage("time_signature", numerator=2, denominator=4)),
            (0, mido.MetaMessage("set_tempo", tempo=500_000)),
            (0, mido.Message("sysex", data=(0x7E, 0x7F, 9, 1))),
            (0, mido.MetaMessage("marker", text="A")),
            *slower,
        ],
        "Melody": _suite_flute(),
        "Piano right": _suite_hand((63, 67, 70), 80, pedal=True),
        "Piano left": _suite_hand((39, 46), 55, pedal=False),
        "Bass": [
            (0, mido.Message("program_change", channel=2, program=33)),
            *(event for beat in range(16) for event in _stroke(480 * beat, 300, 2, 34 + beat % 7, 100)),
        ],
        "Strings": [(0, mido.Message("program_change", channel=3, program=48)), *strings],
        "Drums": drums,
        "Sampler": [(960 * n, mido.MetaMessage("cue_marker", text=f"cue {n}")) for n in range(8)],
    }


@pytest.fixture(scope="session")
def suite() -> bytes:
    """Return a MIDI file of eight measures of 2/4 for seven players, as a sequencer might write it.

    It has live timing, bends, pedals, controllers, words, a key, a slowing tempo, SysEx, and notes held over
    barlines; two tracks share a channel, and one has no notes.
    """
    midi = mido.MidiFile(type=1, ticks_per_beat=SUITE_TICKS)
    for name, events in _suite_tracks().items():
        track, now = mido.MidiTrack([mido.MetaMessage("track_name", name=name)]), 0
        for tick, message in sorted(events, key=lambda event: event[0]):
            track.append(message.copy(time=tick - now))
            now = tick
        midi.tracks.append(track)
    file = io.BytesIO()
    midi.save(file=file)
    return file.getvalue()


@pytest.fixture(scope="session")
def events_of() -> Callable[[bytes], list[list[Timed]]]:
    """Return what says of each track of a MIDI file its events but the last, with their ticks."""

    def events_of(data: bytes) -> list[list[Timed]]:
        tracks = mido.MidiFile(file=io.BytesIO(data)).tracks
        ticks = [np.cumsum([message.time for message in track]).tolist() for track in tracks]
        return [
            [(tick, message.copy(time=0)) for tick, message in zip(when, track, strict=True)][:-1]
            for when, track in zip(ticks, tracks, strict=True)
        ]

    return events_of


@pytest.fixture(autouse=True)
def forget_accelerators() -> None:
    """Let each test have an accelerator of its own: the first of a process decides for all after it."""
    if state := sys.modules.get("accelerate.state"):
        state.AcceleratorState._reset_state(reset_partial_state=True)


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a terminal 100 columns wide and without colours, whoever runs it."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture
def small_trainings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have music learned by small networks that say few notes at first: trainings of tests end there.

    One that has learned nothing finds "no more" no likelier than any note, and goes on for a hundred.
    """
    from musicvae.measures import training  # heavy
    from musicvae.measures.network.model import MeasureVAE
    from musicvae.measures.network.note_decoder import NoteDecoder
    from musicvae.measures.network.readouts import SeatReadout

    def make_quiet(config: MeasureVAEConfig) -> MeasureVAE:
        model = MeasureVAE(config)
        if isinstance(model.decoder, NoteDecoder):
            say = model.decoder.say_symbol
            no_more = say.end if isinstance(say, SeatReadout) else say.layers[-1]
            no_more.get_parameter("bias").data[-1] += 6  # the last symbol
        return model

    small = replace(training.TrainingSetup().network, hidden=16, layers=2)
    monkeypatch.setattr(training, "TrainingSetup", partial(training.TrainingSetup, network=small))
    monkeypatch.setattr(training, "MeasureVAE", make_quiet)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what makes libraries seem not to be installed."""

    def hide(*libraries: str) -> None:
        for library in libraries:
            monkeypatch.setitem(sys.modules, library, None)

    return hide


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Return what puts a module with some contents in the place of a library."""

    def put(library: str, **contents: object) -> ModuleType:
        module = ModuleType(library)
        module.__spec__ = ModuleSpec(library, None)
        vars(module).update(contents)
        monkeypatch.setitem(sys.modules, library, module)
        return module

    return put
