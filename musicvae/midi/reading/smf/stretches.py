"""Stretches of channel events: find them in the bytes of a track, count their notes, sum their time.

Conventions
-----------
A channel event with two data bytes is a *pair*, one with a single data byte a *single*. A stretch
holds events of one kind, each with its delta, and a status byte or none (running status). So every
event of a stretch of pairs has exactly three bytes below 128 (the last of its delta, data 1,
data 2), every single two, and numpy can tell all bytes apart without a loop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

_MOST_EVENTS = 60_000  # in one stretch, so that the arrays stay small
_BATCH_BYTES = 1_000_000
_LANES = 16 * 128  # channels x pitches

_EVENT = rb"[\x80-\xff]{0,3}+[\x00-\x7f]%b[\x00-\x7f]"  # delta, status, data
PAIRS = re.compile(rb"(?:" + _EVENT % rb"[\x80-\xbf\xe0-\xef]?+" + rb"[\x00-\x7f]){1,%d}+" % _MOST_EVENTS)
SINGLES = re.compile(rb"(?:" + _EVENT % rb"[\xc0-\xdf]?+" + rb"){1,%d}+" % _MOST_EVENTS)


class Counts(NamedTuple):
    """What stretches hold."""

    ticks: int  # sum of the deltas
    note_ons: int  # with a velocity above 0
    unended: tuple[int, ...]  # 128 x channel + pitch of each note-on that lacks a note-off
    channels: frozenset[int]  # on which notes begin
    programs: dict[int, int]  # the first that is set on each channel


def count_pairs(stretches: Iterable[bytes]) -> Counts:
    """Return what a track's stretches of pairs hold, which are given in their order."""
    ticks = status = 0
    offs_and_ons = np.zeros(2 * _LANES, np.int64)
    for batch in _batches(stretches):
        codes = np.frombuffer(batch, np.uint8)
        delta, first, second = np.flatnonzero(codes < 128).reshape(-1, 3).T
        ticks += _sum_deltas(codes, delta, second)
        running = _running_statuses(codes, delta, first, status)
        status = int(running[-1])
        is_note = np.flatnonzero(running < 0xA0)
        is_on = (running[is_note] >= 0x90) & (codes[second[is_note]] > 0)
        lane = (running[is_note] & 15) * 128 + codes[first[is_note]]
        offs_and_ons += np.bincount(lane + _LANES * is_on, minlength=2 * _LANES)
    offs, ons = offs_and_ons.reshape(2, _LANES)
    unended = np.repeat(np.arange(_LANES), np.maximum(ons - offs, 0))
    channels = np.flatnonzero(ons.reshape(16, 128).any(1))
    return Counts(ticks, int(ons.sum()), tuple(unended.tolist()), frozenset(channels.tolist()), {})


def count_singles(stretches: Iterable[bytes]) -> Counts:
    """Return what a track's stretches of singles hold, which are given in their order: no notes."""
    ticks = status = 0
    programs: dict[int, int] = {}
    for batch in _batches(stretches):
        codes = np.frombuffer(batch, np.uint8)
        delta, data = np.flatnonzero(codes < 128).reshape(-1, 2).T
        ticks += _sum_deltas(codes, delta, data)
        running = _running_statuses(codes, delta, data, status)
        status = int(running[-1])
        channel, first = np.unique(running[running < 0xD0] & 15, return_index=True)
        program = codes[data[running < 0xD0]][first]
        programs = dict(zip(channel.tolist(), program.tolist(), strict=True)) | programs
    return Counts(ticks, 0, (), frozenset(), programs)


def _running_statuses(codes: np.ndarray, delta: np.ndarray, first: np.ndarray, status: int) -> np.ndarray:
    """Return the status of each event, given the last byte of its delta and its first data byte.

    `status` is the one in force before them.
    """
    spoken = np.flatnonzero(first - delta == 2)  # events with a status byte of their own
    statuses = np.append(status, codes[delta[spoken] + 1])
    running: np.ndarray = statuses[np.searchsorted(spoken, np.arange(len(delta)), side="right")]
    return running


def _sum_deltas(codes: np.ndarray, last: np.ndarray, ends: np.ndarray) -> int:
    """Sum all deltas, given where the last byte of each delta and the last byte of each event stand."""
    total = int(codes[last].sum(dtype=np.int64))
    size = last - np.append(-1, ends[:-1])
    for digit in range(1, 4):
        last, size = last[size > digit], size[size > digit]
        total += int((codes[last - digit] & 127).sum(dtype=np.int64)) << 7 * digit
    return total


def _batches(stretches: Iterable[bytes]) -> Iterator[bytes]:
    """Join stretches into a few of a megabyte or so."""
    batch: list[bytes] = []
    size = 0
    for stretch in stretches:
        batch.append(stretch)
        size += len(stretch)
        if size > _BATCH_BYTES:
            yield b"".join(batch)
            batch, size = [], 0
    if batch:
        yield b"".join(batch)
