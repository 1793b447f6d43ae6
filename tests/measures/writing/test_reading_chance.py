"""Tests of musicvae.measures.writing.reading_chance."""

from __future__ import annotations

import pytest
import torch

from musicvae.measures.writing import reading_chance
from musicvae.measures.writing.reading_chance import ReadingChance

EVEN = torch.zeros(1, 50)


def pick(chance: ReadingChance, *rows: int) -> list[int]:
    """What rows choose of fifty symbols that are alike."""
    return chance.of(torch.tensor(rows)).pick(EVEN.expand(len(rows), -1)).tolist()


def test_a_reading_of_any_song_goes_through_the_same_chance_at_its_own_pace() -> None:
    chance, alone = (ReadingChance(2, songs, 50, seed=1) for songs in (2, 1))
    of_first = [pick(chance, 0, 1), pick(chance, 0, 1), pick(chance, 0, 1)]
    assert [pick(chance, 2, 3), pick(chance, 2, 3), pick(chance, 2, 3)] == of_first
    assert [pick(alone, 0, 1), pick(alone, 0, 1), pick(alone, 0, 1)] == of_first


def test_readings_choices_and_seeds_are_of_other_chance() -> None:
    chosen = [pick(ReadingChance(40, 1, 50, seed), *range(40)) for seed in (0, 1)]
    assert chosen[0] != chosen[1]
    assert len(set(chosen[0])) > 20
    chance = ReadingChance(1, 1, 50, seed=0)
    assert len({tuple(pick(chance, 0)) for _ in range(40)}) > 20


def test_some_of_some_rows_are_those_rows() -> None:
    chance, same = (ReadingChance(3, 1, 50, seed=0) for _ in range(2))
    rows = chance.of(torch.tensor([0, 2])).of(torch.tensor([1]))
    assert rows.pick(EVEN).tolist() == pick(same, 2)


def test_what_cannot_be_is_not_chosen_and_what_is_likely_often() -> None:
    logits = torch.tensor([[0.3, 0.7, 0.0]]).log().expand(2000, -1)
    chosen = ReadingChance(2000, 1, 3, seed=0).of(torch.arange(2000)).pick(logits)
    assert torch.bincount(chosen, minlength=3).tolist() == pytest.approx([600, 1400, 0], abs=80)


def test_after_very_many_choices_chance_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_chance, "CHOICES", 3)
    chance = ReadingChance(1, 1, 50, seed=0)
    chosen = [pick(chance, 0) for _ in range(6)]
    assert chosen[:3] == chosen[3:]
